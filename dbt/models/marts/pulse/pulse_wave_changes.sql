-- grain: one wave of the pulse survey, question, wording and answer, beside the wave before it.
with

estimates as (
    select * from {{ estimate_rows(source('estimates', 'pulse_changes')) }}
),

pulse_questions as (
    select * from {{ ref('pulse_questions') }}
),

final as (
    select
        cast(estimates.wave_month as date) as wave_month,
        estimates.question_id,
        pulse_questions.question,
        estimates.wording_version,
        estimates.answer,
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
    inner join pulse_questions using (question_id, wording_version, answer)
)

select * from final
