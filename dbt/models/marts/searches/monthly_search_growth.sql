-- grain: one month of the search log and series of terms (`all_searches` = every term), against the month six before.
with

search_counts as (
    select * from {{ ref('int_monthly_search_counts') }}
),

estimates as (
    select * from {{ estimate_rows(source('estimates', 'monthly_search_growth')) }}
),

series as (
    select distinct
        series_id,
        series,
    from {{ ref('search_terms') }}
),

final as (
    select
        search_counts.search_month,
        search_counts.series_id,
        coalesce(series.series, 'All searches') as series,
        search_counts.search_count,
        search_counts.status,
        cast(estimates.base_month as date) as base_month,
        cast(estimates.base_search_count as bigint) as base_search_count,
        cast(estimates.growth_pct as decimal(14, 4)) as growth_pct,
        cast(estimates.growth_pct_low as decimal(14, 4)) as growth_pct_low,
        cast(estimates.growth_pct_high as decimal(14, 4)) as growth_pct_high,
        cast(estimates.dispersion as decimal(14, 4)) as dispersion,
        estimates.is_withheld,
        estimates.withheld_reason,
        estimates.method,
    from search_counts
    inner join estimates using (search_month, series_id)
    left join series using (series_id)
)

select * from final
