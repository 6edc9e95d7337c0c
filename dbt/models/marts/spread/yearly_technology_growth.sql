-- grain: one calendar year with the year before it, technology and series: all, technical or non-technical categories.
with

estimates as (
    select * from {{ estimate_rows(source('estimates', 'yearly_growth')) }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

technologies as (
    select * from {{ ref('technologies') }}
),

judged as (
    select
        estimates.*,
        periods.period_label,
        base_periods.period_label as base_period_label,
        technologies.label as technology_label,
        case
            when not periods.is_complete_period then periods.period_label || ' is not complete'
            when not base_periods.is_complete_period then base_periods.period_label || ' is not complete'
            else cast(estimates.withheld_reason as varchar)
        end as reason,
    from estimates
    inner join periods on estimates.period_id = periods.period_id
    inner join periods as base_periods on estimates.base_period_id = base_periods.period_id
    inner join technologies on estimates.technology = technologies.technology
),

final as (
    select
        period_id,
        period_label,
        technology,
        technology_label,
        series_id,
        cast(series as varchar) as series,
        base_period_id,
        base_period_label,
        cast(post_count as bigint) as post_count,
        cast(base_post_count as bigint) as base_post_count,
        case when reason is null then cast(growth_pct as decimal(14, 4)) end as growth_pct,
        case when reason is null then cast(growth_pct_low as decimal(14, 4)) end as growth_pct_low,
        case when reason is null then cast(growth_pct_high as decimal(14, 4)) end as growth_pct_high,
        cast(corrected_post_count as bigint) as corrected_post_count,
        cast(corrected_base_post_count as bigint) as corrected_base_post_count,
        case when reason is null then cast(corrected_growth_pct as decimal(14, 4)) end as corrected_growth_pct,
        case when reason is null then cast(corrected_growth_pct_low as decimal(14, 4)) end as corrected_growth_pct_low,
        case when reason is null then cast(corrected_growth_pct_high as decimal(14, 4)) end as corrected_growth_pct_high,
        reason is not null as is_withheld,
        reason as withheld_reason,
        method,
        case when reason is null then correction else 'not corrected: ' || reason end as correction,
    from judged
)

select * from final
