-- grain: one input beside the posts (contracts, talent_searches) and month from its first to its last; says whether the month
-- is complete. A month of searches is partial when its counts were last observed before it had ended, one of contracts when
-- no contract was observed in its last three days or later.
{{ config(materialized='table') }}

with

contracts as (
    select
        'contracts' as table_name,
        started_month as input_month,
        count(*) as row_count,
        max(max(observed_at)) over () as last_observed_at,
        last_day(started_month) - 2 as observed_from,
    from {{ ref('stg_marketplace__contracts') }}
    group by started_month
),

talent_searches as (
    select
        'talent_searches' as table_name,
        search_month as input_month,
        sum(search_count) as row_count,
        max(observed_at) as last_observed_at,
        last_day(search_month) + 1 as observed_from,
    from {{ ref('stg_marketplace__talent_searches') }}
    group by search_month
),

inputs as (
    select * from contracts
    union all
    select * from talent_searches
),

spine as (
    select
        table_name,
        cast(unnest(generate_series(min(input_month), max(input_month), interval 1 month)) as date) as input_month,
    from inputs
    group by table_name
),

monthly as (
    select
        spine.table_name,
        spine.input_month,
        coalesce(inputs.row_count, 0) as row_count,
        inputs.last_observed_at,
        coalesce(cast(inputs.last_observed_at as date) < inputs.observed_from, false) as is_partial,
    from spine
    left join inputs using (table_name, input_month)
),

referenced as (
    select
        *,
        median(nullif(row_count, 0)) over (
            partition by table_name
            order by input_month
            rows between 6 preceding and 6 following
            exclude current row
        ) as reference_count,
    from monthly
),

final as (
    select
        table_name,
        input_month,
        cast(row_count as bigint) as row_count,
        case
            when row_count = 0 then 'empty'
            when is_partial then 'partial'
            when {{ is_unusual_volume('row_count', 'reference_count') }} then 'unusual_volume'
            else 'complete'
        end as status,
        case
            when row_count = 0 then 'none were collected'
            when is_partial then 'last observed on ' || strftime(last_observed_at, '%Y-%m-%d')
            when {{ is_unusual_volume('row_count', 'reference_count') }}
                then round(row_count / reference_count, 2) || ' times the median of the neighbouring months'
        end as status_reason,
    from referenced
)

select * from final
