-- grain: one calendar year or study period, category (design, admin, engineering, writing, translation) and skill that at least
-- one AI post of the category carries. Tags that name the technology are left out, for a post is an AI post by what they say.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook=delete_planned_periods()) }}

with

periods as (
    select * from {{ ref('int_periods') }}
    where period_kind != 'month'
),

period_months as (
    select * from {{ ref('int_planned_period_months') }}
),

category_posts as not materialized (
    select * from {{ ref('stg_marketplace__job_posts') }}
    where
        category_id in ('design_creative', 'admin_support', 'engineering_architecture', 'writing', 'translation')
        and len(skills) > 0
),

classified_posts as (
    select * from {{ ref('int_classified_posts') }}
    where technology = 'ai'
),

skills as (
    select
        lower(alias) as alias,
        skill,
        genai_group,
    from {{ ref('skills') }}
),

written_tags as (
    select distinct unnest(skills) as tag
    from category_posts
),

-- what the keyword step reads as AI, in the tag or in its skill's name, and every skill of a gen-AI group
technology_tags as (
    select written_tags.tag
    from written_tags
    left join skills on lower(trim(written_tags.tag)) = skills.alias
    where
        skills.genai_group is not null
        or {{ candidate_rule('ai', "concat_ws(' | ', written_tags.tag, skills.skill)") }}
),

technology as (
    select coalesce(list(tag), []) as tags
    from technology_tags
),

-- post by post: lists put together again over all posts would not fit the memory of a large feed
other_tags as not materialized (
    select
        category_posts.posted_month,
        category_posts.category_id,
        category_posts.post_id,
        category_posts.client_number,
        category_posts.is_us_client,
        list_filter(
            category_posts.skills, lambda tag: trim(tag) != '' and not list_contains(technology.tags, tag)  -- noqa: RF02
        ) as skills,
    from category_posts
    cross join technology
),

job_posts as not materialized (
    select * from other_tags
    where len(skills) > 0
),

domain_posts as not materialized (
    select
        periods.period_id,
        job_posts.category_id,
        job_posts.post_id,
        job_posts.client_number,
        job_posts.is_us_client,
        job_posts.skills,
        cast(classified_posts.post_id is not null as integer) as accepted,
        0 as error_weight,
    from job_posts
    inner join period_months using (posted_month)
    inner join periods using (period_id)
    left join classified_posts on job_posts.post_id = classified_posts.post_id
),

{{ skill_count_ctes(['period_id', 'category_id'], populations=['all']) }}

final as (
    select
        skill_counts.period_id,
        skill_counts.category_id,
        skill_counts.skill,
        skill_counts.ai_count as ai_post_count,
        skill_counts.ai_total_count,
        skill_counts.other_count as other_post_count,
        skill_counts.other_total_count,
        {{ skill_count_columns() }}
    from skill_counts
)

select * from final
