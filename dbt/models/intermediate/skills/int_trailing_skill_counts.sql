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
        client_number,
        is_us_client,
        skills,
    from classified_posts
    union
    select
        posted_month,
        post_id,
        client_number,
        is_us_client,
        skills,
    from audited_posts
    where correction_weight != 0
),

domain_posts as (
    select
        trailing_periods.period_id,
        job_posts.post_id,
        job_posts.client_number,
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
        audited_posts.*,
    from trailing_periods
    inner join audited_posts using (posted_month)
),

{{ skill_audit_ctes('period_id', 'period_audits') }}

-- the samples of three months correct together where each of them could alone
period_samples as (
    select
        trailing_periods.period_id,
        max(audit_samples.unfound_candidate_weight) as unfound_candidate_weight,
        max(audit_samples.unfound_other_weight) as unfound_other_weight,
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
        unfound_candidate_weight,
        unfound_other_weight,
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
        {{ skill_audit_columns('samples') }}
    from skill_counts
    left join samples using (period_id)
    left join audited_counts using (period_id, population)
    left join total_errors using (period_id, population)
    left join skill_errors using (period_id, population, skill)
)

select * from final
