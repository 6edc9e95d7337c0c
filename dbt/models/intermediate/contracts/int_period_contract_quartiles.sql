-- grain: one period of the contracts' start, technology, category (`all` = every contract) and value kind (closed,
-- closed_and_open) with a known value.
{{ config(materialized='table') }}

with

contracts as (
    select * from {{ ref('int_contracts') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

technology_contracts as (
    {{ technology_contracts('contracts') }}
),

known_values as (
    select
        'closed_and_open' as value_kind,
        *,
    from technology_contracts
    where contract_value_usd is not null
    union all
    select
        'closed',
        *,
    from technology_contracts
    where contract_value_usd is not null and state = 'closed'
),

period_months as (
    {{ months_of_contracts('contracts', 'periods') }}
),

quartiles as (
    select
        period_months.period_id,
        known_values.technology,
        case when grouping(known_values.category_id) = 1 then 'all' else known_values.category_id end as category_id,
        known_values.value_kind,
        quantile_disc(known_values.contract_value_usd, [0.25, 0.5, 0.75]) as quartiles_usd,
    from known_values
    inner join period_months using (started_month)
    group by grouping sets ( -- noqa: PRS, RF02
        (period_months.period_id, known_values.technology, known_values.value_kind),
        (period_months.period_id, known_values.technology, known_values.value_kind, known_values.category_id)
    )
),

final as (
    select
        period_id,
        technology,
        category_id,
        value_kind,
        quartiles_usd[1] as lower_quartile_usd,
        quartiles_usd[2] as median_value_usd,
        quartiles_usd[3] as upper_quartile_usd,
    from quartiles
    where category_id is not null
)

select * from final
