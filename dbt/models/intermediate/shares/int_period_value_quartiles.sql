-- grain: one planned period, technology (`any` = all posts) and category (`all` = every post) with a known projected value.
{{ config(materialized='table') }}

with

posts as (
    select * from {{ ref('int_technology_posts') }}
    where projected_value_usd is not null
),

period_months as (
    select * from {{ ref('int_planned_period_months') }}
),

quartiles as (
    select
        period_months.period_id,
        posts.technology,
        case when grouping(posts.category_id) = 1 then 'all' else posts.category_id end as category_id,
        quantile_disc(posts.projected_value_usd, [0.25, 0.5, 0.75]) as quartiles_usd,
    from posts
    inner join period_months using (posted_month)
    group by grouping sets ( -- noqa: PRS, RF02
        (period_months.period_id, posts.technology),
        (period_months.period_id, posts.technology, posts.category_id)
    )
),

final as (
    select
        period_id,
        technology,
        category_id,
        quartiles_usd[1] as lower_quartile_usd,
        quartiles_usd[2] as median_value_usd,
        quartiles_usd[3] as upper_quartile_usd,
    from quartiles
    where category_id is not null
)

select * from final
