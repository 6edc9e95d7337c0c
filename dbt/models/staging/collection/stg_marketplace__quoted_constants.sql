-- grain: one quoted constant and as-of date; the row read last counts.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook=delete_planned_months('as_of_month')) }}

with

quoted_constants as (
    select * from {{ lake_rows(source('raw', 'quoted_constants')) }}
    where {{ is_planned_month("cast(date_trunc('month', as_of_date) as date)") }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by constant_id, as_of_date
            order by source_file desc, source_row desc, load_id desc
        ) as value_rank,
    from quoted_constants
),

final as (
    select
        cast(date_trunc('month', as_of_date) as date) as as_of_month,
        constant_id,
        as_of_date,
        value,
        unit,
        source,
    from ranked
    where value_rank = 1
)

select * from final
