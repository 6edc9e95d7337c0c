-- grain: one period of the contracts' start and technology (`non_ai` = known post that is not AI); how many of the contracts have
-- an audited post, and why these cannot correct. The posts of a period's contracts may be of earlier months.
{{ config(materialized='table') }}

with

contracts as (
    select * from {{ ref('int_contracts') }}
    where has_known_post
),

periods as (
    select * from {{ ref('int_periods') }}
),

audited_posts as (
    select * from {{ ref('int_audited_posts') }}
),

monthly_coverage as (
    select * from {{ ref('int_monthly_audit_coverage') }}
),

technologies as (
    select technology from {{ ref('technologies') }}
),

period_contracts as (
    select
        periods.period_id,
        contracts.post_id,
        contracts.posted_month,
    from periods
    inner join contracts on contracts.started_month between periods.period_start and periods.period_end
),

months as (
    select
        period_contracts.period_id,
        count(distinct period_contracts.posted_month)
        filter (where monthly_coverage.not_corrected_reason is not null) as uncovered_count,
        min(period_contracts.posted_month)
        filter (where monthly_coverage.not_corrected_reason is not null) as uncovered_month,
        min_by(monthly_coverage.not_corrected_reason, period_contracts.posted_month)
        filter (where monthly_coverage.not_corrected_reason is not null) as uncovered_reason,
    from period_contracts
    left join monthly_coverage using (posted_month)
    group by period_contracts.period_id
),

samples as (
    select
        period_contracts.period_id,
        audited_posts.technology,
        count(*) as audited_count,
        max(audited_posts.weight) as largest_weight,
        sqrt(avg(audited_posts.weight * audited_posts.weight)) as unfound_weight,
        sqrt(avg(audited_posts.weight * audited_posts.weight) filter (where audited_posts.outcome not like 'other%'))
            as unfound_candidate_weight,
        sqrt(avg(audited_posts.weight * audited_posts.weight) filter (where audited_posts.outcome like 'other%'))
            as unfound_other_weight,
    from period_contracts
    inner join audited_posts using (post_id)
    group by period_contracts.period_id, audited_posts.technology
),

by_technology as (
    select
        months.period_id,
        technologies.technology,
        coalesce(samples.audited_count, 0) as audited_count,
        coalesce(samples.unfound_candidate_weight, samples.largest_weight, 0) as unfound_candidate_weight,
        coalesce(samples.unfound_other_weight, samples.largest_weight, 0) as unfound_other_weight,
    from months
    cross join technologies
    left join samples on months.period_id = samples.period_id and technologies.technology = samples.technology
    union all
    -- what is wrongly not AI may have been no candidate; what is wrongly AI always was one
    select
        period_id,
        'non_ai',
        audited_count,
        unfound_weight,
        0,
    from samples
    where technology = 'ai'
),

final as (
    select
        by_technology.*,
        case
            when by_technology.audited_count = 0 then 'no audit sample'
            when months.uncovered_count > 0
                then
                    'posts of ' || months.uncovered_count || ' months are not covered, the first is '
                    || strftime(months.uncovered_month, '%Y-%m') || ': ' || months.uncovered_reason
            when by_technology.audited_count < {{ smallest_contract_audit() }}
                then 'fewer than {{ smallest_contract_audit() }} contracts with an audited post'
        end as not_corrected_reason,
    from by_technology
    inner join months using (period_id)
)

select * from final
