-- grain: one wave of the worker study, respondent group, variable and level with its share of the population.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook=delete_planned_months('wave_month')) }}

with

study_margins as (
    select * from {{ lake_rows(source('raw', 'study_margins')) }}
),

final as (
    select
        wave_month,
        respondent_group,
        variable,
        level,
        population_share,
    from study_margins
    where {{ is_planned_month('wave_month') }}
    qualify
        row_number() over (
            partition by wave_month, respondent_group, variable, level
            order by source_file desc, source_row desc, load_id desc
        ) = 1
)

select * from final
