-- grain: one period and technology.
with

coverage as (
    select * from {{ ref('int_period_audit_coverage') }}
),

estimates as (
    select * from {{ estimate_rows(source('estimates', 'classifier_audit')) }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

technologies as (
    select * from {{ ref('technologies') }}
),

final as (
    select
        coverage.period_id,
        periods.period_kind,
        periods.period_label,
        periods.period_start,
        periods.period_end,
        coverage.technology,
        technologies.label as technology_label,
        coverage.post_count,
        coverage.candidate_count,
        coverage.classified_count,
        coverage.audited_count,
        coverage.unsure_label_count,
        coverage.unknown_label_count,
        coverage.accepted_true_count + coverage.refused_true_count + coverage.other_true_count as audited_true_count,
        coverage.refused_true_count + coverage.other_true_count as audited_missed_count,
        coverage.accepted_false_count as audited_false_accept_count,
        coverage.other_true_count as audited_missed_by_keywords_count,
        cast(estimates.sensitivity as decimal(9, 6)) as sensitivity,
        cast(estimates.sensitivity_low as decimal(9, 6)) as sensitivity_low,
        cast(estimates.sensitivity_high as decimal(9, 6)) as sensitivity_high,
        cast(estimates.specificity as decimal(9, 6)) as specificity,
        cast(estimates.specificity_low as decimal(9, 6)) as specificity_low,
        cast(estimates.specificity_high as decimal(9, 6)) as specificity_high,
        cast(estimates.precision as decimal(9, 6)) as precision,
        cast(estimates.precision_low as decimal(9, 6)) as precision_low,
        cast(estimates.precision_high as decimal(9, 6)) as precision_high,
        cast(estimates.keyword_recall as decimal(9, 6)) as keyword_recall,
        cast(estimates.keyword_recall_low as decimal(9, 6)) as keyword_recall_low,
        cast(estimates.keyword_recall_high as decimal(9, 6)) as keyword_recall_high,
        cast(estimates.missed_other_posts as decimal(18, 2)) as missed_by_keywords_posts,
        cast(estimates.missed_other_posts_high as decimal(18, 2)) as missed_by_keywords_posts_high,
        cast(estimates.missed_other_share_high as decimal(9, 6)) as missed_by_keywords_share_high,
        cast(
            coverage.classified_count / nullif(coverage.post_count, 0) as decimal(9, 6)
        ) as penetration_share,
        cast(estimates.rogan_gladen_share as decimal(9, 6)) as rogan_gladen_share,
        estimates.method,
        coverage.not_corrected_reason is null as is_covered,
        coverage.not_corrected_reason,
    from coverage
    inner join estimates using (period_id, technology)
    inner join periods using (period_id)
    inner join technologies using (technology)
)

select * from final
