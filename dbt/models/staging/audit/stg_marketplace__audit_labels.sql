-- grain: one audited post and technology; the label given last counts. A label whose post is not known in its month stays,
-- marked, and takes no part in any number.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook=delete_planned_months('posted_month')) }}

with

audit_labels as (
    select * from {{ lake_rows(source('raw', 'audit_labels')) }}
),

job_posts as (
    select
        posted_month,
        post_id,
    from {{ ref('stg_marketplace__job_posts') }}
    where {{ is_planned_month('posted_month') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by post_id, technology
            order by labelled_on desc nulls last, source_file desc, source_row desc, load_id desc
        ) as label_rank,
        last_value(coalesce(guide_version, '')) over (
            partition by posted_month
            order by coalesce(labelled_on, date '1970-01-01'), coalesce(guide_version, '')
            rows between unbounded preceding and unbounded following
        ) as latest_guide_version,
    from audit_labels
),

final as (
    select
        ranked.posted_month,
        ranked.technology,
        ranked.post_id,
        ranked.is_positive,
        coalesce(ranked.is_unsure, false) as is_unsure,
        ranked.inclusion_probability,
        ranked.stratum,
        ranked.guide_version,
        ranked.labelled_on,
        ranked.labeller,
        job_posts.post_id is not null as is_known_post,
        coalesce(ranked.guide_version, '') = ranked.latest_guide_version as is_latest_guide,
    from ranked
    left join job_posts on ranked.post_id = job_posts.post_id and ranked.posted_month = job_posts.posted_month
    where ranked.label_rank = 1 and {{ is_planned_month('ranked.posted_month') }}
)

select * from final
