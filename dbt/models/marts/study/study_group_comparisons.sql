-- grain: one wave of the worker study, population, reference population, question, wording and measure.
with

estimates as (
    select * from {{ estimate_rows(source('estimates', 'study_group_comparisons')) }}
),

measures as (
    select * from {{ ref('int_study_measures') }}
),

final as (
    select
        cast(estimates.wave_month as date) as wave_month,
        estimates.population_id,
        estimates.reference_population_id,
        estimates.question_id,
        measures.question,
        estimates.wording_version,
        estimates.measure,
        measures.finding,
        estimates.population,
        estimates.reference_population,
        estimates.countries,
        cast(estimates.respondent_count as bigint) as respondent_count,
        cast(estimates.effective_respondent_count as decimal(12, 1)) as effective_respondent_count,
        cast(estimates.answer_share as decimal(9, 6)) as answer_share,
        cast(estimates.reference_respondent_count as bigint) as reference_respondent_count,
        cast(estimates.effective_reference_respondent_count as decimal(12, 1))
            as effective_reference_respondent_count,
        cast(estimates.reference_share as decimal(9, 6)) as reference_share,
        cast(estimates.difference_points as decimal(9, 4)) as difference_points,
        cast(estimates.difference_points_low as decimal(9, 4)) as difference_points_low,
        cast(estimates.difference_points_high as decimal(9, 4)) as difference_points_high,
        cast(estimates.risk_ratio as decimal(12, 4)) as risk_ratio,
        cast(estimates.risk_ratio_low as decimal(12, 4)) as risk_ratio_low,
        cast(estimates.risk_ratio_high as decimal(12, 4)) as risk_ratio_high,
        cast(estimates.p_value as double) as p_value,
        cast(estimates.adjusted_p_value as decimal(9, 6)) as adjusted_p_value,
        estimates.verdict,
        estimates.weighting,
        estimates.method,
    from estimates
    inner join measures using (question_id, wording_version, measure)
)

select * from final
