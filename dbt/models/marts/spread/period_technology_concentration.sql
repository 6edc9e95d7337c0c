-- grain: one study period or calendar year and technology.
with

estimates as (
    select * from {{ estimate_rows(source('estimates', 'technology_concentration')) }}
),

category_ranks as (
    select * from {{ ref('period_category_ranks') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

technologies as (
    select * from {{ ref('technologies') }}
),

above_one_percent as (
    select
        period_id,
        technology,
        count(*) filter (where is_above_one_percent) as categories_above_one_percent,
        -- null, and not 0, where no share of the period is corrected
        cast(sum(cast(corrected_is_above_one_percent as integer)) as bigint) as corrected_categories_above_one_percent,
    from category_ranks
    group by period_id, technology
),

final as (
    select
        estimates.period_id,
        periods.period_kind,
        periods.period_label,
        periods.period_start,
        periods.period_end,
        periods.is_complete_period,
        estimates.technology,
        technologies.label as technology_label,
        cast(estimates.technology_post_count as bigint) as technology_post_count,
        cast(estimates.client_group_count as integer) as client_group_count,
        {%- for metric in ['herfindahl', 'effective_categories', 'top_share', 'top_two_share'] %}
        cast(estimates.{{ metric }} as decimal(9, 6)) as {{ metric }},
        cast(estimates.{{ metric }}_low as decimal(9, 6)) as {{ metric }}_low,
        cast(estimates.{{ metric }}_high as decimal(9, 6)) as {{ metric }}_high,
        {%- endfor %}
        above_one_percent.categories_above_one_percent,
        cast(estimates.withheld_reason as varchar) as withheld_reason,
        estimates.method,
        cast(estimates.corrected_post_count as bigint) as corrected_post_count,
        {%- for metric in ['herfindahl', 'effective_categories', 'top_share', 'top_two_share'] %}
        {%- for end in ['', '_low', '_high'] %}
        cast(estimates.corrected_{{ metric }}{{ end }} as decimal(9, 6)) as corrected_{{ metric }}{{ end }},
        {%- endfor %}{% endfor %}
        case
            when estimates.corrected_herfindahl is not null then above_one_percent.corrected_categories_above_one_percent
        end as corrected_categories_above_one_percent,
        estimates.correction,
    from estimates
    inner join above_one_percent using (period_id, technology)
    inner join periods using (period_id)
    inner join technologies using (technology)
)

select * from final
