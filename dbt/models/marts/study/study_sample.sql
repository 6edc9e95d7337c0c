-- grain: one wave of the worker study, dimension, level, second dimension and second level of its eligible respondents.
with

estimates as (
    select * from {{ estimate_rows(source('estimates', 'study_sample')) }}
),

quotas as (
    select * from {{ ref('study_quotas') }}
),

final as (
    select
        cast(estimates.wave_month as date) as wave_month,
        estimates.dimension,
        estimates.level,
        estimates.second_dimension,
        estimates.second_level,
        cast(estimates.respondent_count as bigint) as respondent_count,
        cast(estimates.effective_respondent_count as decimal(12, 1)) as effective_respondent_count,
        cast(estimates.design_effect as decimal(12, 4)) as design_effect,
        cast(estimates.sample_share as decimal(9, 6)) as sample_share,
        cast(estimates.weighted_share as decimal(9, 6)) as weighted_share,
        quotas.quota,
        estimates.respondent_count >= quotas.quota as is_quota_met,
        estimates.weighting,
        estimates.method,
    from estimates
    left join quotas
        on
            estimates.dimension = 'group'
            and estimates.second_dimension = 'all'
            and estimates.level = quotas.respondent_group
)

select * from final
