-- grain: one month, population (us, all) and skill carried by at least one AI post.
with

skill_counts as (
    select * from {{ ref('int_monthly_skill_counts') }}
),

estimates as (
    select * from {{ estimate_rows(source('estimates', 'skill_shares')) }}
),

lifts as (
    select * from {{ estimate_rows(source('estimates', 'skill_lifts')) }}
),

ranks as (
    select * from {{ estimate_rows(source('estimates', 'skill_ranks')) }}
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
        skill_counts.posted_month,
        skill_counts.population,
        skill_counts.skill,
        coalesce(skills.skill_kind, 'unmapped') as skill_kind,
        skills.genai_group,
        skill_counts.ai_post_count,
        skill_counts.ai_total_count,
        cast(estimates.ai_share as decimal(9, 6)) as ai_share,
        cast(estimates.ai_share_low as decimal(9, 6)) as ai_share_low,
        cast(estimates.ai_share_high as decimal(9, 6)) as ai_share_high,
        skill_counts.all_post_count,
        skill_counts.all_total_count,
        cast(lifts.lift as decimal(12, 4)) as lift,
        cast(lifts.lift_low as decimal(12, 4)) as lift_low,
        cast(lifts.lift_high as decimal(12, 4)) as lift_high,
        cast(
            rank() over (
                partition by skill_counts.posted_month, skill_counts.population
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
    inner join estimates using (posted_month, population, skill)
    inner join lifts using (posted_month, population, skill)
    left join ranks using (posted_month, population, skill)
    left join skills using (skill)
)

select * from final
