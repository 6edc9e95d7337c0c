-- grain: one question, wording and measure of the worker study's questionnaire: an option, or a cut of an ordered scale.
{{ config(materialized='table') }}

with

study_questions as (
    select * from {{ ref('study_questions') }}
),

options as (
    select
        *,
        coalesce(answer, 'value') as measure,
        false as is_cut,
        case when cut_label is null then finding end as measure_finding,
    from study_questions
),

-- the options of a scale run from most to least: a cut counts its option and those before it
cuts as (
    select
        *,
        cut_label as measure,
        true as is_cut,
        finding as measure_finding,
    from study_questions
    where cut_label is not null
),

measures as (
    select * from options
    union all
    select * from cuts
),

final as (
    select
        question_id,
        wording_version,
        measure,
        question,
        response_kind,
        answer_order as measure_order,
        is_cut,
        measure_finding as finding,
        populations,
        comparison,
    from measures
)

select * from final
