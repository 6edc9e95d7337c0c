-- grain: one answer of a respondent to a question in a wave; of a single-choice question the answer read last wins.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook=delete_planned_months('wave_month')) }}

with

pulse_answers as (
    select * from {{ lake_rows(source('raw', 'pulse_answers')) }}
),

pulse_questions as (
    select distinct
        question_id,
        wording_version,
        response_kind,
    from {{ ref('pulse_questions') }}
),

ranked as (
    select
        cast(pulse_answers.wave_month as date) as wave_month,
        pulse_answers.respondent_id,
        pulse_answers.question_id,
        pulse_answers.wording_version,
        pulse_answers.answer,
        pulse_answers.weight,
        row_number() over (
            partition by
                pulse_answers.wave_month,
                pulse_answers.respondent_id,
                pulse_answers.question_id,
                case when pulse_questions.response_kind = 'multiple' then pulse_answers.answer end
            order by pulse_answers.source_file desc, pulse_answers.source_row desc, pulse_answers.load_id desc
        ) as answer_rank,
    from pulse_answers
    left join pulse_questions
        on
            pulse_answers.question_id = pulse_questions.question_id
            and pulse_answers.wording_version = pulse_questions.wording_version
    where {{ is_planned_month('cast(pulse_answers.wave_month as date)') }}
),

final as (
    select
        wave_month,
        respondent_id,
        question_id,
        wording_version,
        answer,
        weight,
    from ranked
    where answer_rank = 1
)

select * from final
