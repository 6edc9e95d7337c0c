-- grain: one contract in its latest known state, in the month of its start.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook=delete_planned_months('started_month')) }}

with

contracts as (
    select * from {{ lake_rows(source('raw', 'contracts')) }}
),

categories as (
    select distinct
        category_id,
        category,
    from {{ ref('categories') }}
),

occupations as (
    select * from {{ ref('occupations') }}
),

countries as (
    select
        lower(country_alias) as country_alias,
        country_code,
    from {{ ref('countries') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by contract_id
            order by observed_at desc, source_file desc, source_row desc, load_id desc
        ) as state_rank,
    from contracts
),

final as (
    select
        cast(date_trunc('month', ranked.started_on) as date) as started_month,
        ranked.contract_id,
        ranked.post_id,
        ranked.started_on,
        ranked.observed_at,
        ranked.state,
        ranked.total_paid_usd,
        ranked.projected_value_usd,
        ranked.client_id,
        countries.country_code,
        categories.category_id,
        occupations.sub_category_id,
    from ranked
    left join categories on ranked.category = categories.category
    left join occupations
        on ranked.occupation = occupations.occupation and categories.category_id = occupations.category_id
    left join countries on lower(trim(ranked.client_country)) = countries.country_alias
    where ranked.state_rank = 1 and {{ is_planned_month("cast(date_trunc('month', ranked.started_on) as date)") }}
)

select * from final
