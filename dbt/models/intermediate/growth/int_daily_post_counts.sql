-- grain: one calendar day, US or other client, category and sub-category.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook=delete_planned_months('posted_month')) }}

with

job_posts as (
    select * from {{ ref('stg_marketplace__job_posts') }}
    where {{ is_planned_month('posted_month') }}
),

final as (
    select
        posted_month,
        posted_date,
        is_us_client,
        category_id,
        sub_category_id,
        count(*) as post_count,
    from job_posts
    group by posted_month, posted_date, is_us_client, category_id, sub_category_id
)

select * from final
