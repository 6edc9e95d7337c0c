-- grain: one audited post that is known and the technology, with what the classifier and the reader said of it.
-- Labels of two guides measure two things and are two samples of one month: those of the guide used last count.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook=delete_planned_months('posted_month')) }}

with

audit_labels as (
    select * from {{ ref('stg_marketplace__audit_labels') }}
    where is_known_post and is_latest_guide and {{ is_planned_month('posted_month') }}
),

predictions as (
    select
        post_id,
        technology,
        is_positive as is_accepted,
    from {{ prediction_rows(source('predictions', 'post_technologies')) }}
),

job_posts as (
    select * from {{ ref('stg_marketplace__job_posts') }}
    where {{ is_planned_month('posted_month') }}
),

final as (
    select
        audit_labels.posted_month,
        audit_labels.technology,
        audit_labels.post_id,
        job_posts.category_id,
        job_posts.client_number,
        job_posts.is_us_client,
        job_posts.projected_value_usd,
        job_posts.skills,
        job_posts.is_ai_candidate or job_posts.is_cloud_candidate or job_posts.is_rpa_candidate as is_any_candidate,
        case
            when predictions.is_accepted is null then 'other'
            when predictions.is_accepted then 'accepted'
            else 'refused'
        end || case when audit_labels.is_positive then '_true' else '_false' end as outcome,
        1 / audit_labels.inclusion_probability as weight,
        (cast(audit_labels.is_positive as integer) - cast(coalesce(predictions.is_accepted, false) as integer))
        / audit_labels.inclusion_probability as correction_weight,
    from audit_labels
    inner join job_posts on audit_labels.post_id = job_posts.post_id
    left join predictions
        on audit_labels.post_id = predictions.post_id and audit_labels.technology = predictions.technology
)

select * from final
