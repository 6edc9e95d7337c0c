-- grain: one calendar year or study period that begins in 2024 or later and skill without an entry in the skill dictionary that
-- gen-AI posts of Data Science & Analytics carry.
with

genai_posts as (
    select * from {{ ref('int_genai_posts') }}
    where category_id = 'data_science_analytics' and accepted = 1
),

periods as (
    select * from {{ ref('int_periods') }}
    where period_kind != 'month' and period_start >= date '2024-01-01'
),

tags as (
    select
        posted_month,
        post_id,
        unnest(unmapped_skills) as skill,
    from genai_posts
),

totals as (
    select
        periods.period_id,
        count(*) as genai_post_count,
    from genai_posts
    inner join periods on genai_posts.posted_month between periods.period_start and periods.period_end
    group by periods.period_id
),

final as (
    select
        periods.period_id,
        periods.period_kind,
        periods.period_label,
        periods.period_start,
        periods.period_end,
        periods.is_complete_period,
        tags.skill,
        count(*) as post_count,
        totals.genai_post_count,
        cast(rank() over (partition by periods.period_id order by count(*) desc) as integer) as skill_rank,
    from tags
    inner join periods on tags.posted_month between periods.period_start and periods.period_end
    inner join totals on periods.period_id = totals.period_id
    group by
        periods.period_id,
        periods.period_kind,
        periods.period_label,
        periods.period_start,
        periods.period_end,
        periods.is_complete_period,
        tags.skill,
        totals.genai_post_count
)

select * from final
