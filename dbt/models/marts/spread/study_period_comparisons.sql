-- grain: one technology, pair of study periods and series: a category, a group or pair of categories, a measure of
-- concentration, or the stability of the whole composition.
with

estimates as (
    select * from {{ estimate_rows(source('estimates', 'study_period_comparisons')) }}
),

category_ranks as (
    select * from {{ ref('period_category_ranks') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

categories as (
    select * from {{ ref('categories') }}
    where valid_to is null
),

technologies as (
    select * from {{ ref('technologies') }}
),

final as (
    select
        estimates.technology,
        technologies.label as technology_label,
        estimates.base_period_id,
        base_periods.period_label as base_period_label,
        base_periods.is_complete_period as is_complete_base_period,
        estimates.current_period_id,
        current_periods.period_label as current_period_label,
        current_periods.period_start as current_period_start,
        current_periods.is_complete_period as is_complete_current_period,
        estimates.series_kind,
        estimates.series_id,
        coalesce(categories.category, cast(estimates.series as varchar)) as series,
        cast(estimates.base_post_count as bigint) as base_post_count,
        cast(estimates.current_post_count as bigint) as current_post_count,
        cast(estimates.base_corrected_post_count as bigint) as base_corrected_post_count,
        cast(estimates.current_corrected_post_count as bigint) as current_corrected_post_count,
        {#- The share of one category is the one of period_category_ranks, with its interval. #}
        {%- for prefix in ['', 'corrected_'] %}
        {%- for side in ['base', 'current'] %}{% for suffix in ['', '_low', '_high'] %}
        case
            when estimates.{{ prefix ~ 'base_share' }} is not null
                then
                    coalesce(
                        {{ side }}_ranks.{{ prefix ~ 'composition_share' ~ suffix }},
                        cast(estimates.{{ prefix ~ side ~ '_share' ~ suffix }} as decimal(9, 6))
                    )
        end as {{ prefix }}{{ side }}_share{{ suffix }},
        {%- endfor %}{% endfor %}
        {%- for metric in ['difference_points', 'ratio'] %}{% for suffix in ['', '_low', '_high'] %}
        cast(estimates.{{ prefix ~ metric ~ suffix }} as decimal(14, 4)) as {{ prefix }}{{ metric }}{{ suffix }},
        {%- endfor %}{% endfor %}
        cast(estimates.{{ prefix ~ 'rise_p_value' }} as decimal(9, 6)) as {{ prefix }}rise_p_value,
        cast(estimates.{{ prefix ~ 'plain_distance_points' }} as decimal(14, 4)) as {{ prefix }}plain_distance_points,
        cast(estimates.{{ prefix ~ 'chance_distance_points' }} as decimal(14, 4)) as {{ prefix }}chance_distance_points,
        cast(estimates.{{ prefix ~ 'verdict' }} as varchar) as {{ prefix }}verdict,
        {%- endfor %}
        cast(estimates.withheld_reason as varchar) as withheld_reason,
        estimates.method,
        estimates.correction,
    from estimates
    inner join periods as base_periods on estimates.base_period_id = base_periods.period_id
    inner join periods as current_periods on estimates.current_period_id = current_periods.period_id
    inner join technologies using (technology)
    left join categories on estimates.series_id = categories.category_id
    left join category_ranks as base_ranks
        on
            estimates.base_period_id = base_ranks.period_id
            and estimates.technology = base_ranks.technology
            and estimates.series_id = base_ranks.category_id
    left join category_ranks as current_ranks
        on
            estimates.current_period_id = current_ranks.period_id
            and estimates.technology = current_ranks.technology
            and estimates.series_id = current_ranks.category_id
)

select * from final
