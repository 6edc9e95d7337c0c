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
        job_posts.client_key,
        job_posts.is_us_client,
        job_posts.skills,
        cast(classified_posts.post_id is not null as integer) as accepted,
        coalesce(audited_posts.correction_weight, 0) as error_weight,
    from job_posts
    left join classified_posts on job_posts.post_id = classified_posts.post_id
    left join audited_posts on job_posts.post_id = audited_posts.post_id and audited_posts.correction_weight != 0
),

{{ skill_count_ctes(['posted_month']) }}

errors as (
    select
        audited_posts.posted_month,
        populations.population,
        audited_posts.post_id,
        audited_posts.outcome,
        audited_posts.weight,
    from audited_posts
    inner join (values ('all'), ('us')) as populations (population)
        on populations.population = 'all' or audited_posts.is_us_client
    where audited_posts.correction_weight != 0
),

audited_counts as (
    select
        audited_posts.posted_month,
        populations.population,
        count(*) as audited_count,
    from audited_posts
    inner join (values ('all'), ('us')) as populations (population)
        on populations.population = 'all' or audited_posts.is_us_client
    where {{ is_audited_as_technology() }}
    group by audited_posts.posted_month, populations.population
),

total_errors as (
    select
        posted_month,
        population,
        {{ audit_error_sums('total_') }}
    from errors
    group by posted_month, population
),

skill_errors as (
    select
        errors.posted_month,
        errors.population,
        post_skills.skill,
        {{ audit_error_sums() }}
    from errors
    inner join post_skills on errors.post_id = post_skills.post_id
    group by errors.posted_month, errors.population, post_skills.skill
),

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
        {{ audit_error_columns('skill_errors') }}
        {{ audit_error_columns('total_errors', 'total_') }}
        {{ audit_coverage_columns('audit_samples', 'audited_counts.audited_count') }}
        skill_counts.corrected_count,
        skill_counts.corrected_total_count,
        skill_counts.corrected_cluster_count as ai_corrected_cluster_count,
        skill_counts.corrected_sum_yy as ai_corrected_sum_yy,
        skill_counts.corrected_sum_yn as ai_corrected_sum_yn,
        skill_counts.corrected_sum_nn as ai_corrected_sum_nn,
    from skill_counts
    left join audit_samples on strftime(skill_counts.posted_month, '%Y-%m') = audit_samples.period_id
    left join audited_counts
        on skill_counts.posted_month = audited_counts.posted_month and skill_counts.population = audited_counts.population
    left join total_errors
        on skill_counts.posted_month = total_errors.posted_month and skill_counts.population = total_errors.population
    left join skill_errors
        on
            skill_counts.posted_month = skill_errors.posted_month
            and skill_counts.population = skill_errors.population
            and skill_counts.skill = skill_errors.skill
)

select * from final
