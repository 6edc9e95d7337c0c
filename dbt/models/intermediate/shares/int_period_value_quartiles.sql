-- grain: one planned period, technology (`any` = all posts) and category (`all` = every post) with a known projected value.
-- By how often each value occurs: posts by the million have values by the hundred, and a list of all of them is memory that
-- DuckDB neither counts nor spills.
{{ config(materialized='table') }}

with

posts as (
    select * from {{ ref('int_technology_posts') }}
    where projected_value_usd is not null
),

period_months as (
    select * from {{ ref('int_planned_period_months') }}
),

monthly_values as (
    select
        posted_month,
        technology,
        category_id,
        projected_value_usd as value_usd,
        count(*) as row_count,
    from posts
    group by
        posted_month,
        technology,
        category_id,
        projected_value_usd
),

period_values as (
    select
        period_months.period_id,
        monthly_values.technology,
        case when grouping(monthly_values.category_id) = 1 then 'all' else monthly_values.category_id end as category_id,
        monthly_values.value_usd,
        sum(monthly_values.row_count) as row_count,
    from monthly_values
    inner join period_months using (posted_month)
    group by grouping sets ( -- noqa: PRS, RF02
        (period_months.period_id, monthly_values.technology, monthly_values.value_usd),
        (period_months.period_id, monthly_values.technology, monthly_values.value_usd, monthly_values.category_id)
    )
),

frequencies as (
    select * from period_values
    where category_id is not null
),

ranked as (
    select
        *,
        sum(row_count) over (
            partition by period_id, technology, category_id
            order by value_usd
            rows between unbounded preceding and current row
        ) as rows_up_to,
        sum(row_count) over (partition by period_id, technology, category_id) as all_rows,
    from frequencies
),

final as (
    select
        period_id,
        technology,
        category_id,
        min(value_usd) filter (where 4 * rows_up_to >= all_rows) as lower_quartile_usd,
        min(value_usd) filter (where 2 * rows_up_to >= all_rows) as median_value_usd,
        min(value_usd) filter (where 4 * rows_up_to >= 3 * all_rows) as upper_quartile_usd,
    from ranked
    group by
        period_id,
        technology,
        category_id
)

select * from final
