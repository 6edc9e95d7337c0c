-- grain: one month, level, series, population and comparison (month before, same month of the year before).
with

estimates as (
    select * from {{ estimate_rows(source('estimates', 'monthly_growth')) }}
),

series as (
    select * from {{ ref('int_series') }}
),

final as (
    select
        cast(estimates.posted_month as date) as posted_month,
        estimates.level,
        estimates.series_id,
        coalesce(series.series, 'All posts') as series,
        series.category_id,
        estimates.population,
        estimates.comparison,
        cast(estimates.base_month as date) as base_month,
        cast(estimates.post_count as bigint) as post_count,
        cast(estimates.base_post_count as bigint) as base_post_count,
        cast(estimates.growth_pct as decimal(14, 4)) as growth_pct,
        cast(estimates.growth_pct_low as decimal(14, 4)) as growth_pct_low,
        cast(estimates.growth_pct_high as decimal(14, 4)) as growth_pct_high,
        estimates.is_withheld,
        estimates.withheld_reason,
        estimates.method,
    from estimates
    left join series on estimates.level = series.level and estimates.series_id = series.series_id
)

select * from final
