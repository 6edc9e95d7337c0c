-- grain: one eligible respondent of a wave and question asked in it; `counted` lists the measures that the answer counts
-- in, empty where the respondent left the question out.
{{ config(materialized='table') }}

with

respondents as (
    select * from {{ ref('int_study_respondents') }}
),

answers as (
    select * from {{ ref('stg_survey__study_answers') }}
),

study_questions as (
    select * from {{ ref('study_questions') }}
),

measures as (
    select * from {{ ref('int_study_measures') }}
),

usable as (
    select answers.*
    from answers
    inner join respondents using (wave_month, respondent_id)
    where answers.issue is null
),

asked_wordings as (
    select distinct
        wave_month,
        question_id,
        wording_version,
    from usable
),

asked as (
    select
        asked_wordings.wave_month,
        measures.question_id,
        measures.wording_version,
        measures.response_kind,
        coalesce(measures.populations, '') as populations,
        coalesce(measures.comparison, '') as comparison,
        string_agg(distinct measures.measure, '|' order by measures.measure) as measures,
        coalesce(
            string_agg(distinct measures.measure, '|' order by measures.measure)
            filter (where measures.finding is not null),
            ''
        ) as findings,
    from asked_wordings
    inner join measures using (question_id, wording_version)
    group by all
),

counted as (
    select
        usable.wave_month,
        usable.respondent_id,
        usable.question_id,
        usable.wording_version,
        max(usable.answer_value) as answer_value,
        string_agg(distinct measures.measure, '|' order by measures.measure) as counted,
    from usable
    left join study_questions
        on
            usable.question_id = study_questions.question_id
            and usable.wording_version = study_questions.wording_version
            and usable.answer = study_questions.answer
    inner join measures
        on
            usable.question_id = measures.question_id
            and usable.wording_version = measures.wording_version
            and case
                when measures.response_kind = 'numeric' then true
                when measures.is_cut then study_questions.answer_order <= measures.measure_order
                else usable.answer = measures.measure
            end
    group by usable.wave_month, usable.respondent_id, usable.question_id, usable.wording_version
),

final as (
    select
        respondents.*,
        asked.question_id,
        asked.wording_version,
        asked.response_kind,
        asked.populations,
        asked.comparison,
        asked.measures,
        asked.findings,
        coalesce(counted.counted, '') as counted,
        counted.answer_value,
    from respondents
    inner join asked using (wave_month)
    left join counted using (wave_month, respondent_id, question_id, wording_version)
)

select * from final
