-- grain: one wave, question, wording and answer option; the options are those of the questionnaire, chosen or not.
{{ config(materialized='table') }}

with

pulse_answers as (
    select * from {{ ref('stg_survey__pulse_answers') }}
),

pulse_questions as (
    select * from {{ ref('pulse_questions') }}
),

respondents as (
    select
        wave_month,
        question_id,
        wording_version,
        count(distinct respondent_id) as respondent_count,
    from pulse_answers
    group by wave_month, question_id, wording_version
),

answers as (
    select
        wave_month,
        question_id,
        wording_version,
        answer,
        count(distinct respondent_id) as answer_count,
    from pulse_answers
    group by wave_month, question_id, wording_version, answer
),

final as (
    select
        respondents.wave_month,
        respondents.question_id,
        respondents.wording_version,
        pulse_questions.answer,
        coalesce(answers.answer_count, 0) as answer_count,
        respondents.respondent_count,
    from respondents
    inner join pulse_questions
        on
            respondents.question_id = pulse_questions.question_id
            and respondents.wording_version = pulse_questions.wording_version
    left join answers
        on
            respondents.wave_month = answers.wave_month
            and respondents.question_id = answers.question_id
            and respondents.wording_version = answers.wording_version
            and pulse_questions.answer = answers.answer
)

select * from final
