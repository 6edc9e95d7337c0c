-- grain: one month of the contracts' start, level, series, population, measure (hires, spend) and comparison (month before, same
-- month of the year before).
with

estimates as (
    select * from {{ estimate_rows(source('estimates', 'monthly_contract_activity')) }}
),

categories as (
    select * from {{ ref('categories') }}
    where valid_to is null
),

sub_categories as (
    select * from {{ ref('sub_categories') }}
),

technologies as (
    select * from {{ ref('technologies') }}
),

final as (
    select
        cast(estimates.started_month as date) as started_month,
        estimates.level,
        estimates.series_id,
        coalesce(
            categories.category, sub_categories.sub_category, technologies.label, 'All contracts'
        ) as series,
        coalesce(categories.category_id, sub_categories.category_id) as category_id,
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
    left join categories on estimates.level = 'category' and estimates.series_id = categories.category_id
    left join sub_categories
        on estimates.level = 'sub_category' and estimates.series_id = sub_categories.sub_category_id
    left join technologies on estimates.level = 'technology' and estimates.series_id = technologies.technology
)

select * from final
