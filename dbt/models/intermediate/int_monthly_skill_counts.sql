-- grain: one month, population (us, all) and skill that at least one AI post carries.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook=delete_planned_months('posted_month')) }}

with

job_posts as (
    select * from {{ ref('stg_marketplace__job_posts') }}
    where {{ is_planned_month('posted_month') }} and len(skills) > 0
),

classified_posts as (
    select * from {{ ref('int_classified_posts') }}
    where {{ is_planned_month('posted_month') }} and technology = 'ai'
),

skills as (
    select
        lower(alias) as alias,
        skill,
    from {{ ref('skills') }}
),

tagged as (
    select distinct
        posted_month,
        post_id,
        is_us_client,
        lower(trim(unnest(skills))) as tag,
    from job_posts
),

post_skills as (
    select distinct
        tagged.posted_month,
        tagged.post_id,
        tagged.is_us_client,
        coalesce(skills.skill, tagged.tag) as skill,
        classified_posts.post_id is not null as is_ai,
    from tagged
    left join skills on tagged.tag = skills.alias
    left join classified_posts on tagged.post_id = classified_posts.post_id
    where tagged.tag != ''
),

populations as (
    select unnest(['all', 'us']) as population
),

totals as (
    select
        job_posts.posted_month,
        populations.population,
        count(*) as all_total_count,
        count(classified_posts.post_id) as ai_total_count,
    from job_posts
    inner join populations on populations.population = 'all' or job_posts.is_us_client
    left join classified_posts on job_posts.post_id = classified_posts.post_id
    group by job_posts.posted_month, populations.population
),

by_skill as (
    select
        post_skills.posted_month,
        populations.population,
        post_skills.skill,
        count(*) as all_post_count,
        count(*) filter (where post_skills.is_ai) as ai_post_count,
    from post_skills
    inner join populations on populations.population = 'all' or post_skills.is_us_client
    group by post_skills.posted_month, populations.population, post_skills.skill
    having count(*) filter (where post_skills.is_ai) > 0
),

final as (
    select
        by_skill.posted_month,
        by_skill.population,
        by_skill.skill,
        by_skill.ai_post_count,
        totals.ai_total_count,
        by_skill.all_post_count,
        totals.all_total_count,
    from by_skill
    inner join totals using (posted_month, population)
)

select * from final
