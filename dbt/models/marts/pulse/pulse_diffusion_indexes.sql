-- grain: one wave of the pulse survey and question whose options have a direction, by wording.
with

estimates as (
    select * from {{ estimate_rows(source('estimates', 'pulse_diffusion')) }}
),

questions as (
    select distinct
        question_id,
        wording_version,
        question,
    from {{ ref('pulse_questions') }}
),

final as (
    select
        cast(estimates.wave_month as date) as wave_month,
        estimates.question_id,
        questions.question,
        estimates.wording_version,
        cast(estimates.respondent_count as bigint) as respondent_count,
        cast(estimates.effective_respondent_count as decimal(12, 1)) as effective_respondent_count,
        cast(estimates.diffusion_index as decimal(9, 4)) as diffusion_index,
        cast(estimates.diffusion_index_low as decimal(9, 4)) as diffusion_index_low,
        cast(estimates.diffusion_index_high as decimal(9, 4)) as diffusion_index_high,
        estimates.weighting,
        estimates.method,
    from estimates
    inner join questions using (question_id, wording_version)
)

select * from final
