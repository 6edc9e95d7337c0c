-- grain: one month; the hashes of everything that its numbers were made from. A month whose hashes differ from the
-- present ones is stale and will be built again.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook=delete_planned_months('posted_month')) }}

with

plan as (
    select * from {{ run_plan() }}
),

-- reading the last counts makes this model the last of its step: a month that it names was counted to the end
counted as (
    select count(*) as row_count from {{ ref('int_period_share_counts') }}
    union all
    select count(*) from {{ ref('int_period_value_counts') }}
    union all
    select count(*) from {{ ref('int_monthly_skill_counts') }}
    union all
    select count(*) from {{ ref('int_trailing_skill_counts') }}
    union all
    select count(*) from {{ ref('int_monthly_technology_counts') }}
    union all
    select count(*) from {{ ref('int_monthly_drift_counts') }}
    union all
    select count(*) from {{ ref('int_monthly_growth_counts') }}
    union all
    select count(*) from {{ ref('int_monthly_adjusted_growth_counts') }}
    union all
    select count(*) from {{ ref('int_pulse_answer_counts') }}
    union all
    select count(*) from {{ ref('int_pulse_responses') }}
    union all
    select count(*) from {{ ref('int_study_answers') }}
    union all
    select count(*) from {{ ref('int_period_contract_counts') }}
    union all
    select count(*) from {{ ref('int_monthly_contract_counts') }}
    union all
    select count(*) from {{ ref('int_monthly_search_counts') }}
),

final as (
    select
        cast(plan.month || '-01' as date) as posted_month,
        plan.input_hash,
        plan.mapping_hash,
        plan.rules_hash,
        plan.ai_model_version,
        plan.cloud_model_version,
        plan.rpa_model_version,
    from plan
    where (select sum(counted.row_count) from counted) >= 0
)

select * from final
