-- grain: one month and skill that AI posts ever named; a month in which none did has a row of zeros, because shares over several months need
-- the posts of all of them.
with

skills as (
    select
        posted_month as month,
        skill,
        population,
        ai_post_count as posts_with_skill,
        ai_total_count as ai_posts,
        cast(corrected_ai_share * ai_total_count as decimal(18, 6)) as corrected_posts_with_skill,
    from monthly_ai_skills
),

totals as (
    select
        month,
        max(ai_posts) filter (where population = 'all') as ai_posts,
        max(ai_posts) filter (where population = 'us') as us_ai_posts,
        bool_or(corrected_posts_with_skill is not null) filter (where population = 'all') as is_corrected,
        bool_or(corrected_posts_with_skill is not null) filter (where population = 'us') as us_is_corrected,
    from skills
    group by month
),

names as (
    select
        skill,
        max_by(skill_kind, posted_month) as skill_kind,
    from monthly_ai_skills
    group by skill
),

counted as (
    select
        month,
        skill,
        bool_or(posts_with_skill is null) filter (where population = 'all') as is_hidden,
        max(posts_with_skill) filter (where population = 'all') as posts_with_skill,
        max(corrected_posts_with_skill) filter (where population = 'all') as corrected_posts_with_skill,
        bool_or(posts_with_skill is null) filter (where population = 'us') as us_is_hidden,
        max(posts_with_skill) filter (where population = 'us') as us_posts_with_skill,
        max(corrected_posts_with_skill) filter (where population = 'us') as us_corrected_posts_with_skill,
    from skills
    group by month, skill
),

final as (
    select
        totals.month,
        names.skill,
        names.skill_kind,
        case when not coalesce(counted.is_hidden, false) then coalesce(counted.posts_with_skill, 0) end as posts_with_skill,
        case
            when totals.is_corrected and not coalesce(counted.is_hidden, false)
                then coalesce(counted.corrected_posts_with_skill, case when counted.posts_with_skill is null then 0 end)
        end as corrected_posts_with_skill,
        totals.ai_posts,
        case
            when not coalesce(counted.us_is_hidden, false) then coalesce(counted.us_posts_with_skill, 0)
        end as us_posts_with_skill,
        case
            when totals.us_is_corrected and not coalesce(counted.us_is_hidden, false)
                then coalesce(counted.us_corrected_posts_with_skill, case when counted.us_posts_with_skill is null then 0 end)
        end as us_corrected_posts_with_skill,
        totals.us_ai_posts,
    from totals
    cross join names
    left join counted on totals.month = counted.month and names.skill = counted.skill
)

select
    *,
    month = max(month) over () as is_latest_month,
from final
