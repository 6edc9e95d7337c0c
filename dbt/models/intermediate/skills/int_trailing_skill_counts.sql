-- grain: one period of three months, population (us, all) and skill that at least one AI post of the period carries.
-- Only AI posts and those that an audit moves are read: counting all posts three times over takes minutes and adds a lift alone.
{{ config(materialized='table') }}

with

trailing_periods as (
    select * from {{ ref('int_trailing_periods') }}
),

classified_posts as (
    select * from {{ ref('int_classified_posts') }}
    where technology = 'ai' and len(skills) > 0
),

audited_posts as (
    select * from {{ ref('int_audited_posts') }}
    where technology = 'ai' and len(skills) > 0
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

job_posts as (
    select
        posted_month,
        post_id,
        client_key,
        is_us_client,
        skills,
    from classified_posts
    union
    select
        posted_month,
        post_id,
        client_key,
        is_us_client,
        skills,
    from audited_posts
    where correction_weight != 0
),

domain_posts as (
    select
        trailing_periods.period_id,
        job_posts.post_id,
        job_posts.client_key,
        job_posts.is_us_client,
        job_posts.skills,
        cast(classified_posts.post_id is not null as integer) as accepted,
        coalesce(audited_posts.correction_weight, 0) as error_weight,
    from trailing_periods
    inner join job_posts on trailing_periods.posted_month = job_posts.posted_month
    left join classified_posts on job_posts.post_id = classified_posts.post_id
    left join audited_posts on job_posts.post_id = audited_posts.post_id and audited_posts.correction_weight != 0
),

{{ skill_count_ctes(['period_id']) }}

period_audits as (
    select
        trailing_periods.period_id,
        populations.population,
        audited_posts.post_id,
        audited_posts.outcome,
        audited_posts.weight,
        audited_posts.correction_weight,
    from trailing_periods
    inner join audited_posts on trailing_periods.posted_month = audited_posts.posted_month
    inner join (values ('all'), ('us')) as populations (population)
        on populations.population = 'all' or audited_posts.is_us_client
),

audited_counts as (
    select
        period_id,
        population,
        count(*) as audited_count,
    from period_audits
    where {{ is_audited_as_technology() }}
    group by period_id, population
),

total_errors as (
    select
        period_id,
        population,
        {{ audit_error_sums('total_') }}
    from period_audits
    where correction_weight != 0
    group by period_id, population
),

skill_errors as (
    select
        period_audits.period_id,
        period_audits.population,
        post_skills.skill,
        {{ audit_error_sums() }}
    from period_audits
    inner join post_skills on period_audits.period_id = post_skills.period_id and period_audits.post_id = post_skills.post_id
    where period_audits.correction_weight != 0
    group by period_audits.period_id, period_audits.population, post_skills.skill
),

-- the samples of three months correct together where each of them could alone
period_samples as (
    select
        trailing_periods.period_id,
        max(audit_samples.largest_candidate_weight) as largest_candidate_weight,
        max(audit_samples.largest_other_weight) as largest_other_weight,
        min_by(
            strftime(trailing_periods.posted_month, '%Y-%m') || ' is not covered: ' || audit_samples.not_corrected_reason,
            trailing_periods.posted_month
        ) filter (where audit_samples.not_corrected_reason is not null) as not_corrected_reason,
        bool_and(audit_samples.audited_count = 0) as has_no_sample,
    from trailing_periods
    inner join audit_samples on strftime(trailing_periods.posted_month, '%Y-%m') = audit_samples.period_id
    group by trailing_periods.period_id
),

samples as (
    select
        period_id,
        largest_candidate_weight,
        largest_other_weight,
        case when has_no_sample then 'no audit sample' else not_corrected_reason end as not_corrected_reason,
    from period_samples
),

final as (
    select
        skill_counts.period_id,
        skill_counts.population,
        skill_counts.skill,
        cast(skill_counts.ai_count as bigint) as ai_post_count,
        cast(skill_counts.ai_total_count as bigint) as ai_total_count,
        {{ skill_count_columns(['ai']) }}
        {{ audit_error_columns('skill_errors') }}
        {{ audit_error_columns('total_errors', 'total_') }}
        {{ audit_coverage_columns('samples', 'audited_counts.audited_count') }}
        skill_counts.corrected_count,
        skill_counts.corrected_total_count,
        skill_counts.corrected_cluster_count as ai_corrected_cluster_count,
        skill_counts.corrected_sum_yy as ai_corrected_sum_yy,
        skill_counts.corrected_sum_yn as ai_corrected_sum_yn,
        skill_counts.corrected_sum_nn as ai_corrected_sum_nn,
    from skill_counts
    left join samples on skill_counts.period_id = samples.period_id
    left join audited_counts
        on skill_counts.period_id = audited_counts.period_id and skill_counts.population = audited_counts.population
    left join total_errors
        on skill_counts.period_id = total_errors.period_id and skill_counts.population = total_errors.population
    left join skill_errors
        on
            skill_counts.period_id = skill_errors.period_id
            and skill_counts.population = skill_errors.population
            and skill_counts.skill = skill_errors.skill
)

select * from final
