-- grain: one month of the contracts' start. A hidden count hides its denominator too, so that no ratio is of other contracts.
with

contracts as (
    select
        period_start as month,
        technology,
        contract_count,
        case when high_value_count is not null then valued_count end as valued_count,
        high_value_count,
        cast(corrected_high_value_share * valued_count as decimal(18, 6)) as corrected_high_value_count,
    from period_contract_values
    where period_kind = 'month' and category_id = 'all' and value_kind = 'closed_and_open'
),

spend as (
    select
        started_month as month,
        max(amount) as spend_usd,
        max(contract_count) as paid_contracts,
    from monthly_contract_activity
    where level = 'total' and population = 'all' and measure = 'spend'
    group by started_month
),

final as (
    select
        contracts.month,
        max(contracts.contract_count) filter (where contracts.technology = 'any') as contracts,
        max(contracts.valued_count) filter (where contracts.technology = 'any') as valued_contracts,
        max(contracts.high_value_count) filter (where contracts.technology = 'any') as high_value_contracts,
        max(contracts.contract_count) filter (where contracts.technology = 'ai') as ai_contracts,
        max(contracts.valued_count) filter (where contracts.technology = 'ai') as ai_valued_contracts,
        max(contracts.high_value_count) filter (where contracts.technology = 'ai') as ai_high_value_contracts,
        max(contracts.corrected_high_value_count)
            filter (where contracts.technology = 'ai') as corrected_ai_high_value_contracts,
        max(contracts.contract_count) filter (where contracts.technology = 'non_ai') as other_contracts,
        max(contracts.valued_count) filter (where contracts.technology = 'non_ai') as other_valued_contracts,
        max(contracts.high_value_count) filter (where contracts.technology = 'non_ai') as other_high_value_contracts,
        max(case when spend.spend_usd is not null then spend.paid_contracts end) as spend_contracts,
        max(spend.spend_usd) as spend_usd,
    from contracts
    left join spend on contracts.month = spend.month
    group by contracts.month
)

select
    *,
    month = max(month) over () as is_latest_month,
from final
