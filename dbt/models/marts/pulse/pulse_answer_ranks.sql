-- grain: one wave of the pulse survey, question, wording and answer that somebody gave; weighted where weights are given.
with

estimates as (
    select * from {{ estimate_rows(source('estimates', 'pulse_ranks')) }}
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
        pulse_questions.answer_order,
        cast(estimates.respondent_count as bigint) as respondent_count,
        cast(estimates.effective_respondent_count as decimal(12, 1)) as effective_respondent_count,
        cast(estimates.answer_share as decimal(9, 6)) as answer_share,
        cast(estimates.answer_share_low as decimal(9, 6)) as answer_share_low,
        cast(estimates.answer_share_high as decimal(9, 6)) as answer_share_high,
        cast(estimates.answer_rank as bigint) as answer_rank,
        cast(estimates.answer_rank_low as bigint) as answer_rank_low,
        cast(estimates.answer_rank_high as bigint) as answer_rank_high,
        estimates.weighting,
        estimates.method,
    from estimates
    inner join pulse_questions using (question_id, wording_version, answer)
)

select * from final
