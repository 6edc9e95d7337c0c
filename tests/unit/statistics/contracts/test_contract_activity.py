"""Growth of hires and spend, worked by hand."""

import pandas as pd
import pytest

from dagster_project.statistics.registry import compute


def counts(**changes: list) -> pd.DataFrame:
    """Two months of one series: 100 hires worth 50,000 USD, then 150 worth 40,000 USD."""
    values = {
        "started_month": pd.to_datetime(["2025-10-01", "2025-11-01"]), "level": "total", "series_id": "all_contracts",
        "population": "all", "hire_count": [100, 150], "valued_count": [90, 140], "spend_usd": [50_000.0, 40_000.0],
        "hire_sum_client_squares": [100, 150], "spend_sum_client_squares": [5e7, 4e7],
        "status": "complete", "status_reason": None,
    }  # fmt: skip
    return pd.DataFrame(values | changes)


def november(frame: pd.DataFrame) -> pd.DataFrame:
    rows = compute("monthly_contract_activity", frame)
    is_row = (rows["started_month"] == "2025-11-01") & (rows["comparison"] == "month")
    return rows[is_row].set_index("measure")


def test_hires_and_spend_are_two_measures_of_one_month() -> None:
    rows = november(counts())
    assert rows.loc["hires", ["amount", "base_amount", "contract_count", "growth_pct"]].tolist() == [150, 100, 150, 50]
    assert rows.loc["spend", ["amount", "base_amount", "contract_count"]].tolist() == [40_000, 50_000, 140]
    assert rows.loc["spend", "growth_pct"] == pytest.approx(-20)


def test_spend_of_equal_clients_has_the_interval_of_their_number() -> None:
    # 50 clients of 1,000 USD and 40 of 1,000 USD: the interval of 40 clients against 50
    rows = november(counts())
    clients = november(counts(hire_count=[50, 40], hire_sum_client_squares=[50, 40]))
    for column in ("growth_pct_low", "growth_pct_high"):
        assert rows.loc["spend", column] == pytest.approx(clients.loc["hires", column])


def test_one_large_client_widens_spend() -> None:
    even, uneven = november(counts()), november(counts(spend_sum_client_squares=[5e7, 4e8]))
    assert uneven.loc["spend", "growth_pct_high"] > even.loc["spend", "growth_pct_high"]


def test_spend_is_withheld_where_few_values_of_the_base_are_known() -> None:
    rows = november(counts(valued_count=[9, 140]))
    assert not rows.loc["hires", "is_withheld"]
    assert rows.loc["spend", "withheld_reason"] == ("fewer than 10 contracts of known value in base month 2025-10")
    assert pd.isna(rows.loc["spend", "growth_pct"])


def test_a_month_that_is_not_complete_withholds_both() -> None:
    rows = november(counts(status=["partial", "complete"]))
    assert rows["withheld_reason"].tolist() == ["base month 2025-10 is partial"] * 2
    assert november(counts(hire_count=[0, 150])).loc["hires", "withheld_reason"] == (
        "no contract in base month 2025-10"
    )


def test_a_base_without_spend_is_withheld_and_a_month_without_spend_is_a_fall_to_nothing() -> None:
    rows = november(counts(spend_usd=[0.0, 40_000.0], spend_sum_client_squares=[0.0, 4e7]))
    assert rows.loc["spend", "withheld_reason"] == "nothing spent in base month 2025-10"
    fall = november(counts(spend_usd=[50_000.0, 0.0], spend_sum_client_squares=[5e7, 0.0]))
    assert fall.loc["spend", ["growth_pct", "growth_pct_low"]].tolist() == [-100, -100]
    assert fall.loc["spend", "growth_pct_high"] < 0
