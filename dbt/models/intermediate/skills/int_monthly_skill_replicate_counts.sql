-- grain: one month, population (us, all), skill and client group with at least one AI post that carries the skill.
{{ config(materialized='table') }}

with

classified_posts as (
    select * from {{ ref('int_classified_posts') }}
    where technology = 'ai' and len(skills) > 0
),

skills as (
    select
        lower(alias) as alias,
        skill,
    from {{ ref('skills') }}
),

post_tags as (
    select distinct
        posted_month,
        post_id,
        is_us_client,
        {{ client_group('client_number') }} as client_group,
        lower(trim(unnest(skills))) as tag,
    from classified_posts
),

post_skills as (
    select distinct
        post_tags.posted_month,
        post_tags.post_id,
        post_tags.is_us_client,
        post_tags.client_group,
        coalesce(skills.skill, post_tags.tag) as skill,
    from post_tags
    left join skills on post_tags.tag = skills.alias
    where post_tags.tag != ''
),

final as (
    select
        post_skills.posted_month,
        populations.population,
        post_skills.skill,
        post_skills.client_group,
        count(*) as ai_post_count,
    from post_skills
    inner join (values ('all'), ('us')) as populations (population)
        on populations.population = 'all' or post_skills.is_us_client
    group by post_skills.posted_month, populations.population, post_skills.skill, post_skills.client_group
)

select * from final
