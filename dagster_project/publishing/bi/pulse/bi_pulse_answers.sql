-- grain: one wave of the pulse survey, question, wording and answer option.
with

final as (
    select
        wave_month as month,
        question_id,
        question,
        wording_version,
        answer,
        answer_order,
        cast(answer_share * respondent_count as decimal(18, 6)) as weighted_answers,
        case when answer_share is not null then respondent_count end as respondents,
    from pulse_answer_shares
)

select
    *,
    month = max(month) over () as is_latest_month,
from final
