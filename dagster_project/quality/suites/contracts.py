"""Contracts: their arrival, their link to posts, their values and growth."""

from dagster_project.quality.declaration import Declared, Severity, Table, TableSuite
from dagster_project.quality.suites.growth import growth_interval
from dagster_project.quality.suites.shares import corrected_interval
from dagster_project.sources.contracts import CONTRACTS as INPUT

CONTRACTS = frozenset({"contracts"})
NO_CONTRACT = "no contract may have started in a month"
RAW_CONTRACTS = Table("raw.contracts", CONTRACTS, "month", NO_CONTRACT)
STAGED_CONTRACTS = Table("staging.stg_marketplace__contracts", CONTRACTS, "started_month", NO_CONTRACT)
VALUES = Table("marts.period_contract_values", CONTRACTS, may_be_empty="no contract was read")
ACTIVITY = Table("marts.monthly_contract_activity", CONTRACTS, may_be_empty="no contract was read")


# The headline is of the known values; whatever the unknown ones are, the share of all lies between the bounds.
LOOSE_BOUNDS = """
select headline.period_id, headline.technology, headline.category_id, below.high_value_share as share_below,
    headline.high_value_share, above.high_value_share as share_above
from {batch} as headline
left join {batch} as below
    on below.period_id = headline.period_id and below.technology = headline.technology
    and below.category_id = headline.category_id and below.value_kind = 'unknown_below'
left join {batch} as above
    on above.period_id = headline.period_id and above.technology = headline.technology
    and above.category_id = headline.category_id and above.value_kind = 'unknown_above'
where headline.value_kind = 'closed_and_open'
    and (below.high_value_share <= coalesce(headline.high_value_share, below.high_value_share)
        and coalesce(headline.high_value_share, above.high_value_share) <= above.high_value_share) is not true
"""


def raw() -> list[Declared]:
    """Did contracts arrive, and do their amounts look like dollars?"""
    started = TableSuite(RAW_CONTRACTS)
    started.row_count(
        "raw_contracts_arrived",
        "A provided input without a row in the run's months leaves hires and contract values empty.",
        severity=Severity.WARNING,
    )
    started.no_rows(
        "raw_contracts_lie_in_the_folder_of_their_month",
        "A contract in a wrong folder counts in a month in which it did not start.",
        "select month, contract_id, started_on, source_file from {batch}"
        " where (strftime(started_on, '%Y-%m') = month) is not true",
    )
    started.no_rows(
        "raw_contract_payments_have_the_scale_of_dollars",
        "A median payment outside 5 to 50,000 USD means cents, another currency or a shifted column.",
        "select median(total_paid_usd) as median_paid_usd, count(*) as contracts from {batch} where state = 'closed'"
        " having contracts >= 100 and (median_paid_usd between 5 and 50000) is not true",
        needs=frozenset({"contracts.total_paid_usd"}),
    )
    return started.declared


def staging() -> list[Declared]:
    """Are contracts linked to posts?"""
    staged = TableSuite(STAGED_CONTRACTS)
    staged.row_count(
        "staged_contracts_arrived", "Raw contracts that vanish in staging lose hires.", severity=Severity.WARNING
    )
    staged.in_set(
        "staged_contract_states_are_known",
        "The value of a contract depends on its state; an unknown state has none.",
        "state",
        INPUT.column("state").allowed,
    )
    staged.no_rows(
        "staged_contracts_mostly_name_a_known_post",
        "Contracts without a known post have no technology; half of them without one means foreign ids.",
        "select count(*) as contracts, count(*) filter (where post_id in"
        " (select post_id from staging.stg_marketplace__job_posts)) as linked from {batch}"
        " having contracts >= 100 and linked < 0.5 * contracts",
        severity=Severity.WARNING,
        needs=frozenset({"contracts.post_id"}),
    )
    return staged.declared


def marts() -> list[Declared]:
    """Bounds around the headline, growth inside its interval, withheld figures with their reason."""
    values = TableSuite(VALUES)
    values.row_count(
        "period_contract_values_exist", "Provided contracts make contract values.", severity=Severity.WARNING
    )
    values.no_rows(
        "contract_value_bounds_enclose_the_headline",
        "A headline outside what the unknown values allow counts other contracts than its bounds.",
        LOOSE_BOUNDS,
    )
    values.no_rows(
        "contract_value_quartiles_are_ordered",
        "Quartiles out of order, or missing beside known values, mean that rows of two groups were mixed.",
        "select * from {batch} where value_kind in ('closed', 'closed_and_open') and known_value_count > 0"
        " and (0 <= lower_quartile_usd and lower_quartile_usd <= median_value_usd"
        " and median_value_usd <= upper_quartile_usd) is not true",
    )
    corrected_interval(values, "corrected_high_value_share")
    activity = TableSuite(ACTIVITY)
    activity.row_count(
        "contract_activity_rows_exist", "A provided input makes rows, withheld or not.", severity=Severity.WARNING
    )
    growth_interval(activity, "contract_activity")
    return [*values.declared, *activity.declared]
