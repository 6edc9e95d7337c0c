-- grain: one calendar year or study period, category (design, admin, engineering, writing, translation) and skill that at least
-- one AI post of the category carries.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook=delete_planned_periods()) }}

with

periods as (
    select * from {{ ref('int_periods') }}
    where period_kind != 'month'
),

period_months as (
    select * from {{ ref('int_planned_period_months') }}
),

job_posts as not materialized (
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
    from {{ ref('skills') }}
),

domain_posts as not materialized (
    select
        periods.period_id,
        job_posts.category_id,
        job_posts.post_id,
        job_posts.client_key,
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
