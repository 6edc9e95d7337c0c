-- grain: one period, technology, category and value filter.
with

share_counts as (
    select * from {{ ref('int_period_share_counts') }}
),

estimates as (
    select * from {{ estimate_rows(source('estimates', 'period_shares')) }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

categories as (
    select * from {{ ref('categories') }}
    where valid_to is null
),

technologies as (
    select * from {{ ref('technologies') }}
),

final as (
    select
        share_counts.period_id,
        periods.period_kind,
        periods.period_label,
        periods.period_start,
        periods.period_end,
        periods.is_complete_period,
        share_counts.technology,
        technologies.label as technology_label,
        share_counts.category_id,
        categories.category,
        categories.is_technical,
        share_counts.value_filter,
        share_counts.classified_count,
        share_counts.technology_post_count,
        share_counts.category_post_count,
        cast(estimates.composition_share as decimal(9, 6)) as composition_share,
        cast(estimates.composition_share_low as decimal(9, 6)) as composition_share_low,
        cast(estimates.composition_share_high as decimal(9, 6)) as composition_share_high,
        cast(estimates.penetration_share as decimal(9, 6)) as penetration_share,
        cast(estimates.penetration_share_low as decimal(9, 6)) as penetration_share_low,
        cast(estimates.penetration_share_high as decimal(9, 6)) as penetration_share_high,
        estimates.method,
        cast(estimates.corrected_composition_share as decimal(9, 6)) as corrected_composition_share,
        cast(estimates.corrected_composition_share_low as decimal(9, 6)) as corrected_composition_share_low,
        cast(estimates.corrected_composition_share_high as decimal(9, 6)) as corrected_composition_share_high,
        cast(estimates.corrected_penetration_share as decimal(9, 6)) as corrected_penetration_share,
        cast(estimates.corrected_penetration_share_low as decimal(9, 6)) as corrected_penetration_share_low,
        cast(estimates.corrected_penetration_share_high as decimal(9, 6)) as corrected_penetration_share_high,
        estimates.correction,
        estimates.penetration_share_correction,
    from share_counts
    inner join estimates using (period_id, technology, category_id, value_filter)
    inner join periods using (period_id)
    inner join categories using (category_id)
    inner join technologies using (technology)
)

select * from final
