-- grain: one calendar year or study period, category (design, admin, engineering, writing, translation) and skill that enough AI
-- posts of the category carry.
with

counts as (
    select * from {{ ref('int_period_theme_counts') }}
),

estimates as (
    select * from {{ estimate_rows(source('estimates', 'category_themes')) }}
    where withheld_reason is null
),

periods as (
    select * from {{ ref('int_periods') }}
),

categories as (
    select * from {{ ref('categories') }}
    where valid_to is null
),

skills as (
    select
        skill,
        min(skill_kind) as skill_kind,
        min(genai_group) as genai_group,
    from {{ ref('skills') }}
    group by skill
),

final as (
    select
        counts.period_id,
        periods.period_kind,
        periods.period_label,
        periods.period_start,
        periods.period_end,
        periods.is_complete_period,
        counts.category_id,
        categories.category,
        counts.skill,
        coalesce(skills.skill_kind, 'unmapped') as skill_kind,
        skills.genai_group,
        {%- for side in ['ai', 'other'] %}
        cast(counts.{{ side }}_post_count as bigint) as {{ side }}_post_count,
        cast(counts.{{ side }}_total_count as bigint) as {{ side }}_total_count,
        cast(estimates.{{ side }}_share as decimal(9, 6)) as {{ side }}_share,
        cast(estimates.{{ side }}_share_low as decimal(9, 6)) as {{ side }}_share_low,
        cast(estimates.{{ side }}_share_high as decimal(9, 6)) as {{ side }}_share_high,
        {%- endfor %}
        cast(estimates.lift as decimal(14, 4)) as lift,
        cast(estimates.lift_low as decimal(14, 4)) as lift_low,
        cast(estimates.lift_high as decimal(14, 4)) as lift_high,
        cast(estimates.p_value as decimal(9, 6)) as p_value,
        cast(estimates.q_value as decimal(9, 6)) as q_value,
        cast(estimates.verdict as varchar) as verdict,
        estimates.method,
        'not corrected: a lift over other posts' as correction,
    from estimates
    inner join counts using (period_id, category_id, skill)
    inner join periods using (period_id)
    inner join categories using (category_id)
    left join skills using (skill)
)

select * from final
