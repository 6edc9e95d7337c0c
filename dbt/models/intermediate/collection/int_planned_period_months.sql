-- grain: one month of a period that has to be counted again because the plan touches one of its months.
{{ config(materialized='view') }}

with

periods as (
    select * from {{ ref('int_periods') }}
),

collection as (
    select * from {{ ref('int_monthly_collection') }}
),

final as (
    select
        periods.period_id,
        collection.posted_month,
    from periods
    inner join collection on collection.posted_month between periods.period_start and periods.period_end
    where exists (
        select 1 from {{ run_plan() }} as plan
        where cast(plan.month || '-01' as date) between periods.period_start and periods.period_end
    )
)

select * from final
