-- grain: one respondent of a pulse wave, question, wording and answer given.
{{ config(materialized='table') }}

with

pulse_answers as (
    select * from {{ ref('stg_survey__pulse_answers') }}
),

pulse_questions as (
    select * from {{ ref('pulse_questions') }}
),

final as (
    select
        pulse_answers.wave_month,
        pulse_answers.respondent_id,
        pulse_answers.question_id,
        pulse_answers.wording_version,
        pulse_answers.answer,
        coalesce(pulse_questions.direction, '') as direction,
        cast(pulse_answers.weight as double) as weight,
    from pulse_answers
    inner join pulse_questions using (question_id, wording_version, answer)
)

select * from final
