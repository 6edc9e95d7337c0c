-- grain: one month, level (total, category, sub_category, composite), series and population.
with

estimates as (
    select * from {{ estimate_rows(source('estimates', 'monthly_adjusted_growth')) }}
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
        cast(estimates.base_month as date) as base_month,
        cast(estimates.post_count as bigint) as post_count,
        cast(estimates.base_post_count as bigint) as base_post_count,
        cast(estimates.maturity_days as integer) as maturity_days,
        cast(estimates.standard_days as decimal(9, 4)) as standard_days,
        cast(estimates.base_standard_days as decimal(9, 4)) as base_standard_days,
        cast(estimates.expected_season_pct as decimal(14, 4)) as expected_season_pct,
        cast(estimates.raw_growth_pct as decimal(14, 4)) as raw_growth_pct,
        cast(estimates.raw_growth_pct_low as decimal(14, 4)) as raw_growth_pct_low,
        cast(estimates.raw_growth_pct_high as decimal(14, 4)) as raw_growth_pct_high,
        cast(estimates.calendar_growth_pct as decimal(14, 4)) as calendar_growth_pct,
        cast(estimates.calendar_growth_pct_low as decimal(14, 4)) as calendar_growth_pct_low,
        cast(estimates.calendar_growth_pct_high as decimal(14, 4)) as calendar_growth_pct_high,
        cast(estimates.seasonal_growth_pct as decimal(14, 4)) as seasonal_growth_pct,
        cast(estimates.seasonal_growth_pct_low as decimal(14, 4)) as seasonal_growth_pct_low,
        cast(estimates.seasonal_growth_pct_high as decimal(14, 4)) as seasonal_growth_pct_high,
        estimates.adjustment,
        cast(estimates.history_months as integer) as history_months,
        cast(estimates.error_count as integer) as error_count,
        cast(estimates.adjusted_growth_pct as decimal(14, 4)) as adjusted_growth_pct,
        cast(estimates.adjusted_growth_pct_low as decimal(14, 4)) as adjusted_growth_pct_low,
        cast(estimates.adjusted_growth_pct_high as decimal(14, 4)) as adjusted_growth_pct_high,
        cast(estimates.two_month_growth_pct as decimal(14, 4)) as two_month_growth_pct,
        cast(estimates.two_month_growth_pct_low as decimal(14, 4)) as two_month_growth_pct_low,
        cast(estimates.two_month_growth_pct_high as decimal(14, 4)) as two_month_growth_pct_high,
        cast(estimates.three_month_growth_pct as decimal(14, 4)) as three_month_growth_pct,
        cast(estimates.three_month_growth_pct_low as decimal(14, 4)) as three_month_growth_pct_low,
        cast(estimates.three_month_growth_pct_high as decimal(14, 4)) as three_month_growth_pct_high,
        cast(estimates.p_value as decimal(9, 6)) as p_value,
        cast(estimates.q_value as decimal(9, 6)) as q_value,
        estimates.is_in_family,
        cast(estimates.family_count as integer) as family_count,
        cast(estimates.family_unmoved_count as integer) as family_unmoved_count,
        estimates.verdict,
        estimates.trend,
        estimates.no_verdict_reason,
        estimates.is_withheld,
        estimates.withheld_reason,
        estimates.method,
    from estimates
    left join series on estimates.level = series.level and estimates.series_id = series.series_id
)

select * from final
