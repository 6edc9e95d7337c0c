-- grain: one reporting period (month, calendar year, study period) that holds at least one month with posts.
{{ config(materialized='table') }}

with

collection as (
    select * from {{ ref('int_monthly_collection') }}
    where post_count > 0
),

study_periods as (
    select * from {{ ref('study_periods') }}
),

periods as (
    select
        strftime(posted_month, '%Y-%m') as period_id,
        'month' as period_kind,
        strftime(posted_month, '%B %Y') as period_label,
        posted_month as period_start,
        last_day(posted_month) as period_end,
    from collection
    union
    select
        strftime(posted_month, '%Y'),
        'year',
        strftime(posted_month, '%Y'),
        cast(date_trunc('year', posted_month) as date),
        cast(date_trunc('year', posted_month) + interval 1 year - interval 1 day as date),
    from collection
    union all
    select
        period_id,
        'study',
        label,
        period_start,
        period_end,
    from study_periods
),

complete_months as (
    select
        periods.period_id,
        count(*) filter (where collection.status = 'complete') as complete_month_count,
    from periods
    inner join collection on collection.posted_month between periods.period_start and periods.period_end
    group by periods.period_id
),

final as (
    select
        periods.period_id,
        periods.period_kind,
        periods.period_label,
        periods.period_start,
        periods.period_end,
        complete_months.complete_month_count
        = date_diff('month', periods.period_start, periods.period_end) + 1 as is_complete_period,
    from periods
    inner join complete_months using (period_id)
)

select * from final
