-- grain: one post that carries a gen-AI skill or term and that the ai classifier accepted, or whose audit changes a count.
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        pre_hook=delete_planned_months('posted_month'),
        on_schema_change='append_new_columns'
    )
}}

with

classified_posts as (
    select * from {{ ref('int_classified_posts') }}
    where {{ is_planned_month('posted_month') }} and technology = 'ai'
),

audited_posts as (
    select * from {{ ref('int_audited_posts') }}
    where {{ is_planned_month('posted_month') }} and technology = 'ai' and correction_weight != 0
),

candidates as (
    select * from {{ ref('stg_marketplace__candidates') }}
    where {{ is_planned_month('posted_month') }} and technology = 'ai'
),

skills as (
    select
        lower(alias) as alias,
        genai_group,
    from {{ ref('skills') }}
),

posts as (
    select
        posted_month,
        post_id,
        coalesce(classified_posts.category_id, audited_posts.category_id) as category_id,
        coalesce(classified_posts.client_number, audited_posts.client_number) as client_number,
        coalesce(classified_posts.skills, audited_posts.skills) as skills,
        cast(classified_posts.client_number is not null as integer) as accepted,
        coalesce(audited_posts.correction_weight, 0) as error_weight,
        audited_posts.outcome,
        audited_posts.weight,
    from classified_posts
    full join audited_posts using (posted_month, post_id)
),

post_tags as (
    select distinct
        post_id,
        lower(trim(unnest(skills))) as tag,
    from posts
),

post_skills as (
    select
        post_tags.post_id,
        list_sort(list(distinct skills.genai_group) filter (where skills.genai_group is not null)) as genai_groups,
        list_sort(list(post_tags.tag) filter (where skills.alias is null)) as unmapped_skills,
    from post_tags
    left join skills on post_tags.tag = skills.alias
    where post_tags.tag != ''
    group by post_tags.post_id
),

-- a post that is no candidate hits no term
genai_terms as (
    select candidates.post_id
    from candidates
    where {{ candidate_rule('genai', post_text('candidates')) }}
),

final as (
    select
        posts.posted_month,
        posts.post_id,
        posts.category_id,
        posts.client_number,
        posts.accepted,
        posts.error_weight,
        posts.outcome,
        posts.weight,
        coalesce(post_skills.genai_groups, []) as genai_groups,
        coalesce(post_skills.unmapped_skills, []) as unmapped_skills,
    from posts
    left join post_skills on posts.post_id = post_skills.post_id
    left join genai_terms on posts.post_id = genai_terms.post_id
    where genai_terms.post_id is not null or len(post_skills.genai_groups) > 0
)

select * from final
