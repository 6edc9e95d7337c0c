-- grain: one period of three months, population (us, all), skill and client group with at least one AI post that names it.
{{ config(materialized='table') }}

with

trailing_periods as (
    select * from {{ ref('int_trailing_periods') }}
),

monthly_counts as (
    select * from {{ ref('int_monthly_skill_replicate_counts') }}
),

final as (
    select
        trailing_periods.period_id,
        monthly_counts.population,
        monthly_counts.skill,
        monthly_counts.client_group,
        cast(sum(monthly_counts.ai_post_count) as bigint) as ai_post_count,
    from trailing_periods
    inner join monthly_counts on trailing_periods.posted_month = monthly_counts.posted_month
    group by
        trailing_periods.period_id, monthly_counts.population, monthly_counts.skill, monthly_counts.client_group
)

select * from final
