-- grain: one answer of a respondent to a question of a wave of the worker study; of a question with one answer the
-- answer read last wins. An answer that cannot be counted stays, with its issue.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook=delete_planned_months('wave_month')) }}

with

study_answers as (
    select * from {{ lake_rows(source('raw', 'study_answers')) }}
),

study_questions as (
    select * from {{ ref('study_questions') }}
),

respondents as (
    select * from {{ ref('stg_survey__study_respondents') }}
),

wordings as (
    select
        question_id,
        wording_version,
        any_value(response_kind) as response_kind,
    from study_questions
    group by question_id, wording_version
),

ranked as (
    select
        study_answers.*,
        wordings.response_kind,
        row_number() over (
            partition by
                study_answers.wave_month,
                study_answers.respondent_id,
                study_answers.question_id,
                case when wordings.response_kind = 'multiple' then study_answers.answer end
            order by study_answers.source_file desc, study_answers.source_row desc, study_answers.load_id desc
        ) as row_rank,
    from study_answers
    left join wordings using (question_id, wording_version)
    where {{ is_planned_month('study_answers.wave_month') }}
),

final as (
    select
        ranked.wave_month,
        ranked.respondent_id,
        ranked.question_id,
        ranked.wording_version,
        ranked.answer,
        case when ranked.response_kind = 'numeric' then try_cast(ranked.answer as double) end as answer_value,
        case
            when respondents.respondent_id is null then 'respondent is not in the wave'
            when ranked.response_kind is null then 'wording is not in the questionnaire'
            when ranked.response_kind = 'numeric' and try_cast(ranked.answer as double) is null then 'not a number'
            when ranked.response_kind <> 'numeric' and study_questions.answer is null then 'answer is not offered'
        end as issue,
    from ranked
    left join respondents
        on ranked.wave_month = respondents.wave_month and ranked.respondent_id = respondents.respondent_id
    left join study_questions
        on
            ranked.question_id = study_questions.question_id
            and ranked.wording_version = study_questions.wording_version
            and ranked.answer = study_questions.answer
    where ranked.row_rank = 1
)

select * from final
