-- grain: one month of the contracts' start, level, series, population, measure (hires, spend) and comparison (month before, same
-- month of the year before).
with

estimates as (
    select * from {{ estimate_rows(source('estimates', 'monthly_contract_activity')) }}
),

series as (
    select * from {{ ref('int_series') }}
),

final as (
    select
        cast(estimates.started_month as date) as started_month,
        estimates.level,
        estimates.series_id,
        coalesce(series.series, 'All contracts') as series,
        series.category_id,
        estimates.population,
        estimates.measure,
        estimates.comparison,
        cast(estimates.base_month as date) as base_month,
        cast(estimates.amount as decimal(18, 2)) as amount,
        cast(estimates.base_amount as decimal(18, 2)) as base_amount,
        cast(estimates.contract_count as bigint) as contract_count,
        cast(estimates.base_contract_count as bigint) as base_contract_count,
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
