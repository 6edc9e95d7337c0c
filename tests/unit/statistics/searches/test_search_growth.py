"""Growth of searches: dispersion and intervals worked by hand, and the reasons for printing none."""

import numpy as np
import pandas as pd
import pytest

from dagster_project.statistics.registry import compute
from dagster_project.statistics.searches import month_to_month_dispersion, search_growth_interval


def log_of_searches(counts: list[int], **status: str) -> pd.DataFrame:
    """int_monthly_search_counts of one series from 2024-01 on; status by month, `m2024_05="partial"`."""
    months = pd.date_range("2024-01-01", periods=len(counts), freq="MS")
    given = {pd.Timestamp(f"{name[1:].replace('_', '-')}-01"): word for name, word in status.items()}
    return pd.DataFrame({
        "search_month": months, "series_id": "ai_agents", "search_count": counts,
        "status": [given.get(month, "complete") for month in months], "status_reason": None,
    })  # fmt: skip


def test_a_steady_trend_is_no_variation() -> None:
    dispersion, deviations = month_to_month_dispersion([100, 200, 400, 800, 1600])
    assert (dispersion, deviations) == (1.0, 3.0)


def test_dispersion_of_three_months_is_the_one_worked_by_hand() -> None:
    # ln 200 - (ln 100 + ln 100) / 2 = 0.693147; Poisson variance 1/200 + (1/100 + 1/100) / 4 = 0.01
    dispersion, deviations = month_to_month_dispersion([100, 200, 100])
    assert deviations == 1
    assert dispersion == pytest.approx(0.693147**2 / 0.01, rel=1e-5)


def test_months_that_are_not_complete_or_empty_take_no_part() -> None:
    whole, _ = month_to_month_dispersion([100, 130, 90, 120])
    with_gap, deviations = month_to_month_dispersion([100, 130, 90, 120, np.nan, 1, 0, 5])
    assert deviations == 2
    assert with_gap == whole


def test_growth_from_100_to_400_is_plus_300_percent_and_dispersion_widens_it() -> None:
    growth, low, high = search_growth_interval([400, 400], [100, 100], [1.0, 4.0], [1e9, 1e9])
    assert growth.tolist() == [300, 300]
    # Wilson limits of 400 of 500 are 0.762710 and 0.832714: ratios 3.21425 and 4.97778
    assert low[0] == pytest.approx(221.43, abs=0.05)
    assert high[0] == pytest.approx(397.78, abs=0.05)
    assert low[1] < low[0]
    assert high[1] > high[0]


def test_few_deviations_widen_by_the_t_quantile() -> None:
    (_, _), (low_few, low_many), _ = search_growth_interval([400, 400], [100, 100], [2, 2], [10, 1e9])
    assert low_few < low_many


def test_growth_is_against_the_month_six_before() -> None:
    counts = [1000] * 12 + [1000, 1300, 1700, 2200, 2900, 3900]
    estimates = compute("monthly_search_growth", log_of_searches(counts)).set_index("search_month")
    last = estimates.loc["2025-06-01"]
    assert last["base_month"] == pd.Timestamp("2024-12-01")
    assert last["base_search_count"] == 1000
    assert last["growth_pct"] == 290
    assert last["growth_pct_low"] < 290 < last["growth_pct_high"]
    assert not last["is_withheld"]


@pytest.mark.parametrize(
    ("counts", "status", "reason"),
    [
        ([1000] * 18, {"m2025_06": "partial"}, "2025-06 is partial"),
        ([1000] * 18, {"m2024_12": "unusual_volume"}, "base month 2024-12 is unusual volume"),
        ([1000] * 6, {}, "base month 2023-12 lies before the search log"),
        ([1000] * 11 + [29] + [1000] * 6, {}, "fewer than 30 searches in base month 2024-12"),
        ([1000] * 7, {}, "only 5 months to take the variation from month to month from"),
    ],
)
def test_growth_is_withheld_with_its_reason(counts: list[int], status: dict[str, str], reason: str) -> None:
    last = compute("monthly_search_growth", log_of_searches(counts, **status)).iloc[-1]
    assert last["is_withheld"]
    assert last["withheld_reason"] == reason
    assert pd.isna(last["growth_pct"])


def test_a_later_month_does_not_change_an_earlier_growth() -> None:
    counts = [1000, 1100, 950, 1020, 990, 1010, 1030, 980, 1500, 2000, 2600]
    long = compute("monthly_search_growth", log_of_searches(counts)).head(9)
    short = compute("monthly_search_growth", log_of_searches(counts[:9]))
    pd.testing.assert_frame_equal(long, short)


def test_series_keep_apart_and_rows_their_order() -> None:
    agents = log_of_searches([100] * 13 + [400])
    wide = log_of_searches([5000] * 14).assign(series_id="ai")
    mixed = pd.concat([wide, agents]).sample(frac=1, random_state=3)
    estimates = compute("monthly_search_growth", mixed)
    assert estimates["series_id"].tolist() == mixed["series_id"].tolist()
    last = estimates[estimates["search_month"] == "2025-02-01"].set_index("series_id")
    assert last["growth_pct"].to_dict() == {"ai": 0.0, "ai_agents": 300.0}
