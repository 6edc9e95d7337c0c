-- grain: one period of the contracts' start, technology (`any`, `non_ai`, ...), category (`all` = every contract) and value kind.
with

contract_counts as (
    select * from {{ ref('int_period_contract_counts') }}
),

estimates as (
    select * from {{ estimate_rows(source('estimates', 'period_contract_values')) }}
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
        contract_counts.period_id,
        periods.period_kind,
        periods.period_label,
        periods.period_start,
        periods.period_end,
        periods.is_complete_period,
        contract_counts.technology,
        contract_counts.category_id,
        coalesce(categories.category, 'All categories') as category,
        contract_counts.value_kind,
        contract_counts.contract_count,
        contract_counts.known_value_count,
        cast(estimates.known_value_share as decimal(9, 6)) as known_value_share,
        cast(estimates.known_value_share_low as decimal(9, 6)) as known_value_share_low,
        cast(estimates.known_value_share_high as decimal(9, 6)) as known_value_share_high,
        contract_counts.valued_count,
        contract_counts.high_value_count,
        cast(estimates.high_value_share as decimal(9, 6)) as high_value_share,
        cast(estimates.high_value_share_low as decimal(9, 6)) as high_value_share_low,
        cast(estimates.high_value_share_high as decimal(9, 6)) as high_value_share_high,
        cast(contract_counts.lower_quartile_usd as decimal(18, 2)) as lower_quartile_usd,
        cast(contract_counts.median_value_usd as decimal(18, 2)) as median_value_usd,
        cast(contract_counts.upper_quartile_usd as decimal(18, 2)) as upper_quartile_usd,
        estimates.method,
        cast(estimates.corrected_high_value_share as decimal(9, 6)) as corrected_high_value_share,
        cast(estimates.corrected_high_value_share_low as decimal(9, 6)) as corrected_high_value_share_low,
        cast(estimates.corrected_high_value_share_high as decimal(9, 6)) as corrected_high_value_share_high,
        estimates.correction,
    from contract_counts
    inner join estimates using (period_id, technology, category_id, value_kind)
    inner join periods using (period_id)
    left join categories using (category_id)
)

select * from final
