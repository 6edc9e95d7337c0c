"""Adjusted growth from a counts frame: what a month must read, what is withheld, what nobody may test."""

import numpy as np
import pandas as pd
import pytest

from dagster_project.statistics.core.estimates import CountsError
from dagster_project.statistics.growth.adjusted import season_noise
from dagster_project.statistics.growth.panel import Panel
from dagster_project.statistics.growth.seasonal import Projection
from dagster_project.statistics.registry import compute

SEASON = np.array([0.06, 0.02, 0.05, 0.0, 0.0, -0.02, -0.04, -0.03, 0.01, 0.04, 0.0, -0.09])
WEEKDAY = np.array([1.08, 1.10, 1.10, 1.08, 1.00, 0.66, 0.64])
SERIES = [("total", "all_posts", "all_posts", 40.0), ("category", "writing", "all_posts", 20.0),
          ("sub_category", "editing", "writing", 10.0), ("sub_category", "poetry", "writing", 10.0)]  # fmt: skip
SURGE = np.log(1.48)


def counts(months: int, seed: int = 1, posts_a_day: float = 20.0, season: float = 1.0) -> pd.DataFrame:
    """Counts of `months` complete months up to 2025-11; `editing` grows by 48 % in the last one."""
    rng = np.random.default_rng(seed)
    rows = []
    for step, month in enumerate(pd.date_range(end="2025-11-01", periods=months, freq="MS")):
        days = pd.date_range(month, periods=month.days_in_month)
        for level, series_id, parent, size in SERIES:
            surge = SURGE if series_id == "editing" and step == months - 1 else 0.0
            log = season * SEASON[month.month - 1] + surge
            daily = rng.poisson(posts_a_day * size * WEEKDAY[days.dayofweek] * np.exp(log))
            rows.append((month, level, series_id, "us", parent, daily.sum(), daily.sum(), daily))
    columns = ["posted_month", "level", "series_id", "population", "parent_series_id", "post_count",
               "sum_client_squares", "daily_post_counts"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(late_count_1=0, late_count_2=0, late_count_3=0, maturity_days=0, status="complete",
                        status_reason=None)  # fmt: skip


def row_of(frame: pd.DataFrame, series_id: str, month: str = "2025-11") -> pd.Series:
    (index,) = frame.index[(frame["series_id"] == series_id) & (frame["posted_month"] == f"{month}-01")]
    return frame.loc[index]


@pytest.mark.parametrize("history", [36, 71])
def test_a_rise_of_48_percent_after_years_of_season_reads_between_40_and_56(history: int) -> None:
    estimates = compute("monthly_adjusted_growth", counts(history + 1))
    row = row_of(estimates, "editing")
    assert (row["adjustment"], row["history_months"]) == ("seasonal", history)
    assert 40 < row["adjusted_growth_pct"] < 56
    assert row["adjusted_growth_pct"] == row["seasonal_growth_pct"]
    assert row["verdict"] == "surged"
    assert abs(row_of(estimates, "poetry")["adjusted_growth_pct"]) < 5


def test_raw_growth_of_100_to_400_is_plus_300() -> None:
    frame = counts(3)
    is_editing = frame["series_id"] == "editing"
    frame.loc[is_editing, "post_count"] = [100, 100, 400]
    row = row_of(compute("monthly_adjusted_growth", frame), "editing")
    assert (row["raw_growth_pct"], row["base_post_count"]) == (300, 100)


def test_a_december_is_no_fall_once_its_season_is_known() -> None:
    frame = counts(48, posts_a_day=200)
    row = row_of(compute("monthly_adjusted_growth", frame), "poetry", "2024-12")
    assert row["calendar_growth_pct"] < -5
    assert abs(row["seasonal_growth_pct"]) < 2
    assert row["expected_season_pct"] == pytest.approx(100 * np.expm1(-0.09), abs=2)


def test_a_month_of_more_weekends_is_no_fall() -> None:
    # November 2025 has ten weekend days in thirty, October eight in thirty-one
    row = row_of(compute("monthly_adjusted_growth", counts(24, posts_a_day=200, season=0)), "poetry")
    assert row["raw_growth_pct"] < -5
    assert abs(row["calendar_growth_pct"]) < 3
    assert row["standard_days"] < row["base_standard_days"]


def test_before_36_complete_months_growth_is_adjusted_for_the_calendar_alone() -> None:
    row = row_of(compute("monthly_adjusted_growth", counts(36)), "editing")
    assert (row["adjustment"], row["history_months"]) == ("calendar", 35)
    assert row["adjusted_growth_pct"] == row["calendar_growth_pct"]
    assert pd.isna(row["seasonal_growth_pct"])


def test_the_base_is_counted_as_it_was_known_at_the_same_age() -> None:
    frame = counts(3)
    is_base = (frame["series_id"] == "poetry") & (frame["posted_month"] == "2025-10-01")
    frame.loc[is_base, "late_count_1"] = 1000
    row = row_of(compute("monthly_adjusted_growth", frame), "poetry")
    assert row["base_post_count"] == int(frame.loc[is_base, "post_count"].iloc[0]) - 1000


def test_growth_from_and_to_an_incomplete_month_is_withheld_and_later_months_are_not() -> None:
    frame = counts(40)
    is_partial = frame["posted_month"] == "2025-09-01"
    frame.loc[is_partial, ["status", "status_reason"]] = ["partial", "posts on 6 of 30 days"]
    frame.loc[is_partial, "post_count"] //= 5
    estimates = compute("monthly_adjusted_growth", frame)
    for month in ("2025-09", "2025-10"):
        row = row_of(estimates, "poetry", month)
        assert "2025-09 is partial (posts on 6 of 30 days)" in row["withheld_reason"]
        assert row[["raw_growth_pct", "adjusted_growth_pct", "p_value"]].isna().all()
        assert pd.isna(row["verdict"])
    november = row_of(estimates, "poetry")
    assert abs(november["adjusted_growth_pct"]) < 5
    assert pd.isna(november["two_month_growth_pct"])


def test_a_held_category_tells_no_growth_from_or_to_the_month_and_the_others_are_as_they_were() -> None:
    frame = counts(40)
    is_held = (frame["posted_month"] == "2025-10-01") & frame["series_id"].isin(["editing", "writing"])
    held = compute("monthly_adjusted_growth", frame.assign(status=frame["status"].mask(is_held, "held")))
    for month, words in (("2025-10", "2025-10 is held (by hand)"), ("2025-11", "base month 2025-10 is held (by hand)")):
        row = row_of(held, "editing", month)
        assert row["withheld_reason"] == words
        assert row[["raw_growth_pct", "adjusted_growth_pct", "p_value", "verdict"]].isna().all()
        assert not row["is_in_family"]
    assert pd.notna(row_of(held, "editing", "2025-09")["adjusted_growth_pct"])
    free = compute("monthly_adjusted_growth", frame)
    shown = ["post_count", "adjusted_growth_pct", "adjustment", "withheld_reason"]
    others = ~free["series_id"].isin(["editing", "writing"])
    pd.testing.assert_frame_equal(held.loc[others, shown], free.loc[others, shown])


def test_small_bases_and_short_histories_are_printed_and_not_tested() -> None:
    short = row_of(compute("monthly_adjusted_growth", counts(7)), "editing")
    assert short["no_verdict_reason"] == "fewer than 6 months of change before to judge it by"
    small = row_of(compute("monthly_adjusted_growth", counts(24, posts_a_day=0.1)), "editing")
    assert small["no_verdict_reason"] == "fewer than 100 posts in the base month"
    for row in (short, small):
        assert not row["is_in_family"]
        assert pd.isna(row["verdict"])
        assert pd.notna(row["adjusted_growth_pct_low"])


def test_a_later_month_changes_no_earlier_one() -> None:
    long, short = (compute("monthly_adjusted_growth", counts(49).head(4 * months)) for months in (49, 48))
    last = long["posted_month"] == "2025-11-01"
    pd.testing.assert_frame_equal(long[~last].reset_index(drop=True), short)


def test_a_series_without_the_level_above_it_is_refused() -> None:
    frame = counts(3)
    with pytest.raises(CountsError, match="no row for the level above it"):
        compute("monthly_adjusted_growth", frame[frame["level"] != "category"])


def test_a_composite_is_judged_by_itself_and_changes_no_other_series() -> None:
    """Writing and poetry, 1.5 times the posts of writing, as one series: it keeps its own season, and its verdict."""
    frame = counts(48)
    parts = frame[frame["series_id"].isin(["editing", "poetry"])].groupby("posted_month", as_index=False)
    summed = parts[["post_count", "sum_client_squares", "daily_post_counts"]].sum()
    composite = frame[frame["level"] == "category"].assign(level="composite", series_id="both", parent_series_id="both")
    composite = composite.drop(columns=summed.columns.drop("posted_month")).merge(summed, on="posted_month")
    alone = compute("monthly_adjusted_growth", frame)
    both = compute("monthly_adjusted_growth", pd.concat([frame, composite[frame.columns]], ignore_index=True))
    others = both[both["level"] != "composite"].reset_index(drop=True)
    pd.testing.assert_frame_equal(others, alone)
    row = row_of(both, "both")
    # one of two equal halves grew by 48 %
    assert row["adjusted_growth_pct"] == pytest.approx(24, abs=3)
    assert row["verdict"] == "rose"


def test_a_gap_in_the_months_of_a_series_is_refused() -> None:
    with pytest.raises(CountsError, match="fill the gaps"):
        compute("monthly_adjusted_growth", counts(3).iloc[1:])


def test_the_noise_of_a_borrowed_season_holds_the_variance_between_series() -> None:
    posts = np.array([[1000.0, 1000.0, 1000.0], [100.0, 100.0, 100.0]])
    months = pd.date_range("2025-09-01", periods=3, freq="MS")
    data = Panel(pd.DataFrame({"level": ["total", "category"]}), np.array([0, 0]), months, posts, np.ones_like(posts),
                 np.zeros((3, 2, 3)), np.zeros(3, dtype=np.int64), np.full(3, "complete", dtype=object),
                 np.full(3, None, dtype=object), np.zeros_like(posts, bool), np.ones_like(posts))  # fmt: skip
    # the factor of a month is half of the month before: the change less it is 1 x - 1.5 y + 0.5 z, the factors' change
    # 0.5 y - 0.5 z, of which a plain difference has 2 of the squares
    weights = np.array([[0.0, 0.0, 0.0], [0.5, 0.0, 0.0], [0.0, 0.5, 0.0]])
    z, between = np.array([[1.0] * 3, [0.2] * 3]), np.array([[0.0] * 3, [0.0033] * 3])
    noise = season_noise(data, Projection(posts * 0, weights, np.array([0, 0]), z, between), steps=1)
    assert noise[0, 2] == pytest.approx((1 + 1.5**2 + 0.5**2) / 2 * 2 / 1000)
    own = (1 + 1.1**2 + 0.1**2) / 2 * 2 / 100
    assert noise[1, 2] == pytest.approx(own + 0.8**2 * (0.5 / 2 * 2 / 1000 + 24 / 11 * 0.0033))
