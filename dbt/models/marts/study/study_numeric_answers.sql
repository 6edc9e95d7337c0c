-- grain: one wave of the worker study, numeric question, wording, population and statistic.
with

estimates as (
    select * from {{ estimate_rows(source('estimates', 'study_numeric_answers')) }}
),

measures as (
    select * from {{ ref('int_study_measures') }}
),

final as (
    select
        cast(estimates.wave_month as date) as wave_month,
        estimates.question_id,
        measures.question,
        estimates.wording_version,
        estimates.population_id,
        estimates.statistic,
        estimates.population,
        estimates.countries,
        cast(estimates.respondent_count as bigint) as respondent_count,
        cast(estimates.effective_respondent_count as decimal(12, 1)) as effective_respondent_count,
        cast(estimates.estimate as decimal(18, 6)) as estimate,
        cast(estimates.estimate_low as decimal(18, 6)) as estimate_low,
        cast(estimates.estimate_high as decimal(18, 6)) as estimate_high,
        estimates.weighting,
        estimates.method,
    from estimates
    inner join measures using (question_id, wording_version)
)

select * from final
