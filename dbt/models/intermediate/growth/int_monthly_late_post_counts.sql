-- grain: one month, US or other client, category, sub-category and number of days after month end when the posts were seen first.
-- Only posts that were seen after the end of their month; without `observed_at` in the feed there are none.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook=delete_planned_months('posted_month')) }}

with

job_posts as (
    select
        posted_month,
        is_us_client,
        category_id,
        sub_category_id,
        date_diff('day', last_day(posted_month), cast(first_observed_at as date)) as days_after_month_end,
    from {{ ref('stg_marketplace__job_posts') }}
    where {{ is_planned_month('posted_month') }}
),

final as (
    select
        posted_month,
        is_us_client,
        category_id,
        sub_category_id,
        days_after_month_end,
        count(*) as post_count,
    from job_posts
    where days_after_month_end > 0
    group by posted_month, is_us_client, category_id, sub_category_id, days_after_month_end
)

select * from final
