-- grain: one period and technology; the audit sample beside the posts, candidates and accepted posts that it stands for.
{{ config(materialized='table') }}

with

audit_samples as (
    select * from {{ ref('int_period_audit_samples') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

technology_counts as (
    select * from {{ ref('int_monthly_technology_counts') }}
    where population = 'all'
),

counts as (
    select
        periods.period_id,
        technology_counts.technology,
        cast(sum(technology_counts.post_count) as bigint) as post_count,
        cast(sum(technology_counts.candidate_count) as bigint) as candidate_count,
        cast(sum(technology_counts.classified_count) as bigint) as classified_count,
    from periods
    inner join technology_counts on technology_counts.posted_month between periods.period_start and periods.period_end
    group by periods.period_id, technology_counts.technology
),

final as (
    select
        audit_samples.*,
        counts.post_count,
        counts.candidate_count,
        counts.classified_count,
    from audit_samples
    inner join counts using (period_id, technology)
)

select * from final
