-- grain: one month, population (us, all) and skill that at least one AI post carries.
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        pre_hook=delete_planned_months('posted_month'),
        on_schema_change='append_new_columns'
    )
}}

with

job_posts as not materialized (
    select * from {{ ref('stg_marketplace__job_posts') }}
    where {{ is_planned_month('posted_month') }} and len(skills) > 0
),

classified_posts as (
    select * from {{ ref('int_classified_posts') }}
    where {{ is_planned_month('posted_month') }} and technology = 'ai'
),

audited_posts as (
    select * from {{ ref('int_audited_posts') }}
    where {{ is_planned_month('posted_month') }} and technology = 'ai' and len(skills) > 0
),

audit_samples as (
    select * from {{ ref('int_period_audit_samples') }}
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
        job_posts.posted_month,
        job_posts.post_id,
        job_posts.client_number,
        job_posts.is_us_client,
        job_posts.skills,
        cast(classified_posts.post_id is not null as integer) as accepted,
        coalesce(audited_posts.correction_weight, 0) as error_weight,
    from job_posts
    left join classified_posts on job_posts.post_id = classified_posts.post_id
    left join audited_posts on job_posts.post_id = audited_posts.post_id and audited_posts.correction_weight != 0
),

{{ skill_count_ctes(['posted_month']) }}

{{ skill_audit_ctes('posted_month', 'audited_posts') }}

final as (
    select
        skill_counts.posted_month,
        skill_counts.population,
        skill_counts.skill,
        cast(skill_counts.ai_count as bigint) as ai_post_count,
        cast(skill_counts.ai_total_count as bigint) as ai_total_count,
        cast(skill_counts.ai_count + skill_counts.other_count as bigint) as all_post_count,
        cast(skill_counts.ai_total_count + skill_counts.other_total_count as bigint) as all_total_count,
        {{ skill_count_columns() }}
        {{ skill_audit_columns('audit_samples') }}
    from skill_counts
    left join audit_samples on strftime(skill_counts.posted_month, '%Y-%m') = audit_samples.period_id
    left join audited_counts using (posted_month, population)
    left join total_errors using (posted_month, population)
    left join skill_errors using (posted_month, population, skill)
)

select * from final
