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

monthly_values as (
    select
        started_month,
        technology,
        category_id,
        value_kind,
        contract_value_usd as value_usd,
        count(*) as row_count,
    from known_values
    group by
        started_month,
        technology,
        category_id,
        value_kind,
        contract_value_usd
),

period_values as (
    select
        period_months.period_id,
        monthly_values.technology,
        case when grouping(monthly_values.category_id) = 1 then 'all' else monthly_values.category_id end as category_id,
        monthly_values.value_kind,
        monthly_values.value_usd,
        sum(monthly_values.row_count) as row_count,
    from monthly_values
    inner join period_months using (started_month)
    group by grouping sets ( -- noqa: PRS, RF02
        (period_months.period_id, monthly_values.technology, monthly_values.value_kind, monthly_values.value_usd),
        (
            period_months.period_id,
            monthly_values.technology,
            monthly_values.value_kind,
            monthly_values.value_usd,
            monthly_values.category_id
        )
    )
),

frequencies as (
    select * from period_values
    where category_id is not null
),

{{ quartile_ctes(['period_id', 'technology', 'category_id', 'value_kind']) }}

select * from final
