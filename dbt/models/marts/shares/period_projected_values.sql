-- grain: one period, technology (`any` = all posts) and category (`all` = all categories).
with

value_counts as (
    select * from {{ ref('int_period_value_counts') }}
),

estimates as (
    select * from {{ estimate_rows(source('estimates', 'period_projected_values')) }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

categories as (
    select * from {{ ref('categories') }}
    where valid_to is null
),

final as (
    select
        value_counts.period_id,
        periods.period_kind,
        periods.period_label,
        periods.period_start,
        periods.period_end,
        periods.is_complete_period,
        value_counts.technology,
        value_counts.category_id,
        coalesce(categories.category, 'All categories') as category,
        'projected' as value_kind,
        value_counts.post_count,
        value_counts.known_value_count,
        cast(estimates.known_value_share as decimal(9, 6)) as known_value_share,
        cast(estimates.known_value_share_low as decimal(9, 6)) as known_value_share_low,
        cast(estimates.known_value_share_high as decimal(9, 6)) as known_value_share_high,
        cast(value_counts.median_value_usd as decimal(18, 2)) as median_value_usd,
        cast(value_counts.lower_quartile_usd as decimal(18, 2)) as lower_quartile_usd,
        cast(value_counts.upper_quartile_usd as decimal(18, 2)) as upper_quartile_usd,
        value_counts.high_value_count,
        cast(estimates.high_value_share as decimal(9, 6)) as high_value_share,
        cast(estimates.high_value_share_low as decimal(9, 6)) as high_value_share_low,
        cast(estimates.high_value_share_high as decimal(9, 6)) as high_value_share_high,
        estimates.method,
        cast(estimates.corrected_high_value_share as decimal(9, 6)) as corrected_high_value_share,
        cast(estimates.corrected_high_value_share_low as decimal(9, 6)) as corrected_high_value_share_low,
        cast(estimates.corrected_high_value_share_high as decimal(9, 6)) as corrected_high_value_share_high,
        estimates.correction,
    from value_counts
    inner join estimates using (period_id, technology, category_id)
    inner join periods using (period_id)
    left join categories using (category_id)
)

select * from final
