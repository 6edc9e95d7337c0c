-- grain: one eligible respondent of a wave of the worker study, with what decides the populations and the weights.
{{ config(materialized='table') }}

with

respondents as (
    select * from {{ ref('stg_survey__study_respondents') }}
),

answers as (
    select * from {{ ref('stg_survey__study_answers') }}
),

margins as (
    select * from {{ ref('stg_survey__study_margins') }}
),

deciding as (
    select
        wave_month,
        respondent_id,
        max(answer = 'Yes') filter (where question_id = 'ai_use_past_year') as uses_ai,
        max(answer_value) filter (where question_id = 'ai_productivity_gain') as gain_pct,
    from answers
    where issue is null
    group by wave_month, respondent_id
),

final as (
    select
        respondents.wave_month,
        respondents.respondent_id,
        respondents.respondent_group,
        respondents.country_code,
        respondents.generation,
        respondents.gender,
        cast(respondents.weight as double) as weight,
        by_country.population_share as country_population_share,
        by_generation.population_share as generation_population_share,
        by_gender.population_share as gender_population_share,
        coalesce(deciding.uses_ai, false) as uses_ai,
        deciding.gain_pct,
    from respondents
    left join deciding using (wave_month, respondent_id)
    left join margins as by_country
        on
            respondents.wave_month = by_country.wave_month
            and respondents.respondent_group = by_country.respondent_group
            and respondents.country_code = by_country.level
            and by_country.variable = 'country'
    left join margins as by_generation
        on
            respondents.wave_month = by_generation.wave_month
            and respondents.respondent_group = by_generation.respondent_group
            and respondents.generation = by_generation.level
            and by_generation.variable = 'generation'
    left join margins as by_gender
        on
            respondents.wave_month = by_gender.wave_month
            and respondents.respondent_group = by_gender.respondent_group
            and respondents.gender = by_gender.level
            and by_gender.variable = 'gender'
    where respondents.is_eligible
)

select * from final
