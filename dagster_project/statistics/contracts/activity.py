"""Growth of hires and of what they are worth: the sister series of the growth of posts."""

from functools import partial

import numpy as np
import pandas as pd

from dagster_project.statistics.core.estimates import Statistic, numbers
from dagster_project.statistics.growth.raw import (
    GROWTH_DIGITS,
    SERIES_KEYS,
    SMALLEST_BASE,
    growth_interval,
    monthly_growth,
)

METHOD_ACTIVITY = "score interval of a ratio of two sums, variance from squared sums of each client"


def contract_activity(counts: pd.DataFrame, table: str) -> pd.DataFrame:
    """One row a month, series, comparison (`month`, `year`) and measure (`hires`, `spend`): growth, or why none.

    counts: started_month, level, series_id, population, hire_count, valued_count, spend_usd, their sums of squares over
    clients, status, status_reason. `amount` is a number of contracts or USD; `contract_count` the contracts behind it.
    """
    posts_like = {"started_month": "posted_month", "hire_count": "post_count"}
    squares = {"hire_sum_client_squares": "sum_client_squares"}
    hires = monthly_growth(counts.rename(columns=posts_like | squares), table, noun="contract")
    hires = hires.rename(
        columns={
            "posted_month": "started_month",
            "post_count": "contract_count",
            "base_post_count": "base_contract_count",
        }
    )
    amounts = hires.assign(
        amount=hires["contract_count"].astype("Float64"), base_amount=hires["base_contract_count"].astype("Float64")
    )
    rows = pd.concat([amounts.assign(measure="hires"), _spend(amounts, counts, table)], ignore_index=True)
    columns = ["started_month", *SERIES_KEYS, "measure", "comparison", "base_month", "amount", "base_amount",
               "contract_count", "base_contract_count", "growth_pct", "growth_pct_low", "growth_pct_high",
               "is_withheld", "withheld_reason"]  # fmt: skip
    method = pd.Series(METHOD_ACTIVITY, index=rows.index, dtype="str")
    # without rows a text column would have no type
    texts = {name: rows[name].astype("str") for name in [*SERIES_KEYS, "measure"]}
    return rows[columns].assign(**texts, method=method)


def _spend(hires: pd.DataFrame, counts: pd.DataFrame, table: str) -> pd.DataFrame:
    """The rows of hires with spend in their place; a base of fewer than 10 contracts of known value is withheld."""
    spend = pd.DataFrame(
        {
            "month": pd.to_datetime(counts["started_month"]),
            **{key: counts[key] for key in SERIES_KEYS},
            **{name: numbers(counts, name, table) for name in ("spend_usd", "spend_sum_client_squares")},
            "valued": numbers(counts, "valued_count", table),
        }
    )
    rows = hires.assign(month=pd.to_datetime(hires["started_month"]), base=pd.to_datetime(hires["base_month"]))
    keys = ["month", *SERIES_KEYS]
    now = rows[keys].merge(spend, how="left", on=keys)
    base = rows[["base", *SERIES_KEYS]].merge(
        spend, how="left", left_on=["base", *SERIES_KEYS], right_on=["month", *SERIES_KEYS]
    )
    reason = _spend_reason(rows, base)
    growth = growth_interval(now["spend_usd"], base["spend_usd"], _dispersion(now), _dispersion(base))
    estimates = {
        name: pd.Series(np.round(values, GROWTH_DIGITS)).where(reason.isna()).astype("Float64")
        for name, values in zip(("growth_pct", "growth_pct_low", "growth_pct_high"), growth, strict=True)
    }
    return hires.assign(
        measure="spend",
        amount=now["spend_usd"].astype("Float64"),
        base_amount=base["spend_usd"].astype("Float64"),
        contract_count=now["valued"].astype("Int64"),
        base_contract_count=base["valued"].astype("Int64"),
        **estimates,
        is_withheld=reason.notna(),
        withheld_reason=reason,
    )


def _dispersion(sums: pd.DataFrame) -> pd.Series:
    """Variance over mean of a sum of amounts whose clients arrive at random: sum s_c^2 / sum s_c; 1 without spend."""
    return (sums["spend_sum_client_squares"] / sums["spend_usd"].where(sums["spend_usd"] > 0)).fillna(1.0)


def _spend_reason(rows: pd.DataFrame, base: pd.DataFrame) -> pd.Series:
    """The reason of the hires, else too few known values or nothing spent in the base month."""
    base_month = rows["base"].dt.strftime("%Y-%m")
    few = f"fewer than {SMALLEST_BASE} contracts of known value in base month " + base_month
    tests = [
        ((base["valued"] < SMALLEST_BASE).to_numpy(dtype=bool), few),
        ((base["spend_usd"] <= 0).to_numpy(dtype=bool), "nothing spent in base month " + base_month),
    ]
    reason = rows["withheld_reason"]
    for applies, words in tests:
        reason = reason.mask(reason.isna() & applies, words)
    return reason


STATISTICS = [
    Statistic(
        id="monthly_contract_activity",
        definition="Hires: contracts by the month of their start. Spend: their known values summed. Each over the "
        "month before, or the same month a year before, minus 1. Withheld where a month is not complete or the base "
        "has fewer than 10 contracts.",
        unit="percent",
        method=METHOD_ACTIVITY,
        counts_table="int_monthly_contract_counts",
        keys=["started_month", *SERIES_KEYS],
        inputs=[
            *("hire_count", "valued_count", "spend_usd", "hire_sum_client_squares", "spend_sum_client_squares"),
            *("status", "status_reason"),
        ],
        function=partial(contract_activity, table="int_monthly_contract_counts"),
        mart="monthly_contract_activity",
        library="statsmodels.stats.proportion.proportion_confint",
    ),
]
