-- grain: one wave of the worker study, question, wording, measure (an option or a cut of a scale) and population.
with

estimates as (
    select * from {{ estimate_rows(source('estimates', 'study_answer_shares')) }}
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
        measures.response_kind,
        estimates.measure,
        measures.measure_order,
        measures.is_cut,
        measures.finding,
        estimates.population_id,
        estimates.population,
        estimates.countries,
        cast(estimates.answer_count as bigint) as answer_count,
        cast(estimates.respondent_count as bigint) as respondent_count,
        cast(estimates.effective_respondent_count as decimal(12, 1)) as effective_respondent_count,
        cast(estimates.answer_share as decimal(9, 6)) as answer_share,
        cast(estimates.answer_share_low as decimal(9, 6)) as answer_share_low,
        cast(estimates.answer_share_high as decimal(9, 6)) as answer_share_high,
        estimates.weighting,
        estimates.method,
    from estimates
    inner join measures using (question_id, wording_version, measure)
)

select * from final
