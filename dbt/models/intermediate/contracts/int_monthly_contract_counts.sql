-- grain: one month of the contracts' start, level (total, category, sub_category, technology), series and population, also
-- where the series has none. Spend is the sum of the known contract values.
{{ config(materialized='table') }}

with

contracts as (
    select * from {{ ref('int_contracts') }}
),

collection as (
    select * from {{ ref('int_monthly_input_collection') }}
    where table_name = 'contracts'
),

contract_series as (
    select
        'total' as level,
        'all_contracts' as series_id,
        *,
    from contracts
    union all
    select
        'category',
        category_id,
        *,
    from contracts
    union all
    select
        'sub_category',
        sub_category_id,
        *,
    from contracts
    union all
    select
        'technology',
        unnest(technologies),
        *,
    from contracts
),

population_contracts as (
    select
        unnest(case when is_us_client then ['all', 'us'] else ['all'] end) as population,
        *,
    from contract_series
    where series_id is not null
),

client_counts as (
    select
        started_month,
        level,
        series_id,
        population,
        client_number,
        count(*) as hire_count,
        count(contract_value_usd) as valued_count,
        cast(coalesce(sum(contract_value_usd), 0) as decimal(18, 2)) as spend_usd,
    from population_contracts
    group by started_month, level, series_id, population, client_number
),

counted as (
    select
        started_month,
        level,
        series_id,
        population,
        sum(hire_count) as hire_count,
        sum(valued_count) as valued_count,
        count(*) as hire_client_count,
        count(*) filter (where valued_count > 0) as valued_client_count,
        sum(spend_usd) as spend_usd,
        sum(hire_count * hire_count) as hire_sum_client_squares,
        sum(spend_usd * spend_usd) as spend_sum_client_squares,
    from client_counts
    group by started_month, level, series_id, population
),

series as (
    select distinct
        level,
        series_id,
        population,
    from counted
),

final as (
    select
        collection.input_month as started_month,
        series.level,
        series.series_id,
        series.population,
        cast(coalesce(counted.hire_count, 0) as bigint) as hire_count,
        cast(coalesce(counted.valued_count, 0) as bigint) as valued_count,
        cast(coalesce(counted.spend_usd, 0) as decimal(18, 2)) as spend_usd,
        coalesce(counted.hire_client_count, 0) as hire_client_count,
        coalesce(counted.valued_client_count, 0) as valued_client_count,
        cast(coalesce(counted.hire_sum_client_squares, 0) as bigint) as hire_sum_client_squares,
        cast(coalesce(counted.spend_sum_client_squares, 0) as decimal(38, 4)) as spend_sum_client_squares,
        collection.status,
        collection.status_reason,
    from collection
    cross join series
    left join counted
        on
            collection.input_month = counted.started_month
            and series.level = counted.level
            and series.series_id = counted.series_id
            and series.population = counted.population
)

select * from final
