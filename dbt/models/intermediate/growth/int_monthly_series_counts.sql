-- grain: one month, level (total, category, sub_category, composite, technology), series and population (us, all).
{{ config(materialized='incremental', incremental_strategy='append', pre_hook=delete_planned_months('posted_month')) }}

with

job_posts as (
    select * from {{ ref('stg_marketplace__job_posts') }}
    where {{ is_planned_month('posted_month') }}
),

classified_posts as (
    select * from {{ ref('int_classified_posts') }}
    where {{ is_planned_month('posted_month') }}
),

composites as (
    select * from {{ ref('composites') }}
),

post_series as (
    select
        posted_month,
        is_us_client,
        client_number,
        'total' as level,
        'all_posts' as series_id,
    from job_posts
    union all
    select
        posted_month,
        is_us_client,
        client_number,
        'category',
        category_id,
    from job_posts
    union all
    select
        posted_month,
        is_us_client,
        client_number,
        'sub_category',
        sub_category_id,
    from job_posts
    union all
    select
        job_posts.posted_month,
        job_posts.is_us_client,
        job_posts.client_number,
        'composite',
        composites.composite_id,
    from job_posts
    inner join composites on {{ is_member('job_posts') }}
    union all
    select
        posted_month,
        is_us_client,
        client_number,
        'technology',
        technology,
    from classified_posts
),

client_counts as (
    select
        posted_month,
        level,
        series_id,
        client_number,
        count(*) as all_count,
        count(*) filter (where is_us_client) as us_count,
    from post_series
    where series_id is not null
    group by posted_month, level, series_id, client_number
),

final as (
    select
        posted_month,
        level,
        series_id,
        'all' as population,
        cast(sum(all_count) as bigint) as post_count,
        count(*) as client_count,
        cast(sum(all_count * all_count) as bigint) as sum_client_squares,
    from client_counts
    group by posted_month, level, series_id
    union all
    select
        posted_month,
        level,
        series_id,
        'us',
        cast(sum(us_count) as bigint),
        count(*) filter (where us_count > 0),
        cast(sum(us_count * us_count) as bigint),
    from client_counts
    group by posted_month, level, series_id
    having sum(us_count) > 0
)

select * from final
