-- grain: one post that a classifier accepted, and the technology.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook=delete_planned_months('posted_month')) }}

with

predictions as (
    select * from {{ prediction_rows(source('predictions', 'post_technologies')) }}
    where is_positive
),

job_posts as (
    select * from {{ ref('stg_marketplace__job_posts') }}
    where {{ is_planned_month('posted_month') }}
),

final as (
    select
        job_posts.posted_month,
        predictions.technology,
        job_posts.post_id,
        job_posts.category_id,
        job_posts.sub_category_id,
        job_posts.client_number,
        job_posts.is_us_client,
        job_posts.projected_value_usd,
        job_posts.skills,
        predictions.model_version,
    from predictions
    inner join job_posts using (post_id)
)

select * from final
