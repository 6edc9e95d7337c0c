-- grain: one wave, question, wording version and answer option; weighted where weights are given, counts as counted.
with

answer_counts as (
    select * from {{ ref('int_pulse_answer_counts') }}
),

estimates as (
    select * from {{ estimate_rows(source('estimates', 'pulse_shares')) }}
),

pulse_questions as (
    select * from {{ ref('pulse_questions') }}
),

final as (
    select
        answer_counts.wave_month,
        answer_counts.question_id,
        pulse_questions.question,
        answer_counts.wording_version,
        answer_counts.answer,
        pulse_questions.answer_order,
        answer_counts.answer_count,
        answer_counts.respondent_count,
        cast(estimates.effective_respondent_count as decimal(12, 1)) as effective_respondent_count,
        cast(estimates.answer_share as decimal(9, 6)) as answer_share,
        cast(estimates.answer_share_low as decimal(9, 6)) as answer_share_low,
        cast(estimates.answer_share_high as decimal(9, 6)) as answer_share_high,
        estimates.weighting,
        estimates.method,
    from answer_counts
    inner join estimates using (wave_month, question_id, wording_version, answer)
    inner join pulse_questions using (question_id, wording_version, answer)
)

select * from final
