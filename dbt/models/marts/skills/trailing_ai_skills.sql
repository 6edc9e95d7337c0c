-- grain: one period of three months, population (us, all) and skill carried by at least one AI post.
with

skill_counts as (
    select * from {{ ref('int_trailing_skill_counts') }}
),

periods as (
    select distinct
        period_id,
        period_label,
        period_start,
        period_end,
    from {{ ref('int_trailing_periods') }}
),

estimates as (
    select * from {{ estimate_rows(source('estimates', 'trailing_skill_shares')) }}
),

ranks as (
    select * from {{ estimate_rows(source('estimates', 'trailing_skill_ranks')) }}
),

skills as (
    select
        skill,
        min(skill_kind) as skill_kind,
    from {{ ref('skills') }}
    group by skill
),

final as (
    select
        skill_counts.period_id,
        periods.period_label,
        periods.period_start,
        periods.period_end,
        skill_counts.population,
        skill_counts.skill,
        coalesce(skills.skill_kind, 'unmapped') as skill_kind,
        skill_counts.ai_post_count,
        skill_counts.ai_total_count,
        cast(estimates.ai_share as decimal(9, 6)) as ai_share,
        cast(estimates.ai_share_low as decimal(9, 6)) as ai_share_low,
        cast(estimates.ai_share_high as decimal(9, 6)) as ai_share_high,
        cast(
            rank() over (
                partition by skill_counts.period_id, skill_counts.population
                order by skill_counts.ai_post_count desc
            ) as integer
        ) as skill_rank,
        cast(ranks.skill_rank_low as integer) as skill_rank_low,
        cast(ranks.skill_rank_high as integer) as skill_rank_high,
        estimates.method,
        cast(estimates.corrected_ai_share as decimal(9, 6)) as corrected_ai_share,
        cast(estimates.corrected_ai_share_low as decimal(9, 6)) as corrected_ai_share_low,
        cast(estimates.corrected_ai_share_high as decimal(9, 6)) as corrected_ai_share_high,
        estimates.correction,
    from skill_counts
    inner join periods using (period_id)
    inner join estimates using (period_id, population, skill)
    left join ranks using (period_id, population, skill)
    left join skills using (skill)
)

select * from final
