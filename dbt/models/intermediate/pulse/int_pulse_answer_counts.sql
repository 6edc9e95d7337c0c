-- grain: one wave, question, wording and answer option; the options are those of the questionnaire, chosen or not.
{{ config(materialized='table') }}

with

pulse_responses as (
    select
        *,
        -- sums of decimals are exact in any order, so that the share of all is 1 and not almost 1
        coalesce(cast(weight as decimal(12, 6)), 1) as used_weight,
    from {{ ref('int_pulse_responses') }}
),

pulse_questions as (
    select * from {{ ref('pulse_questions') }}
),

asked as (
    select distinct
        wave_month,
        question_id,
        wording_version,
        respondent_id,
        weight,
        used_weight,
    from pulse_responses
),

respondents as (
    select
        wave_month,
        question_id,
        wording_version,
        count(distinct respondent_id) as respondent_count,
        count(distinct respondent_id) filter (where weight is not null) as weighted_respondent_count,
        sum(used_weight) as respondent_weight,
        sum(used_weight * used_weight) as respondent_weight_squares,
    from asked
    group by wave_month, question_id, wording_version
),

answers as (
    select
        wave_month,
        question_id,
        wording_version,
        answer,
        count(distinct respondent_id) as answer_count,
        sum(used_weight) as answer_weight,
    from pulse_responses
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
        respondents.weighted_respondent_count,
        cast(coalesce(answers.answer_weight, 0) as double) as answer_weight,
        cast(respondents.respondent_weight as double) as respondent_weight,
        cast(respondents.respondent_weight_squares as double) as respondent_weight_squares,
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
