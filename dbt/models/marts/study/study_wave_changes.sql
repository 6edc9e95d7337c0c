-- grain: one wave of the worker study, question, wording, finding and population, beside the wave before that asked it.
with

estimates as (
    select * from {{ estimate_rows(source('estimates', 'study_changes')) }}
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
        estimates.measure,
        measures.finding,
        estimates.population_id,
        estimates.population,
        cast(estimates.base_wave_month as date) as base_wave_month,
        estimates.base_wording_version,
        cast(estimates.respondent_count as bigint) as respondent_count,
        cast(estimates.base_respondent_count as bigint) as base_respondent_count,
        cast(estimates.answer_share as decimal(9, 6)) as answer_share,
        cast(estimates.base_share as decimal(9, 6)) as base_share,
        cast(estimates.change_points as decimal(9, 4)) as change_points,
        cast(estimates.change_points_low as decimal(9, 4)) as change_points_low,
        cast(estimates.change_points_high as decimal(9, 4)) as change_points_high,
        estimates.status,
        estimates.method,
    from estimates
    inner join measures using (question_id, wording_version, measure)
)

select * from final
