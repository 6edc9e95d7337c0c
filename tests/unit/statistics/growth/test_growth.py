"""Growth: numbers worked by hand, library oracles, coverage, and what is withheld."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.rates import confint_poisson_2indep

from dagster_project.statistics.growth.raw import dispersion, growth_interval
from dagster_project.statistics.registry import compute


def counts(rows: list[tuple[str, int, str]], squares_per_post: float = 1.0, series: str = "qa_testing") -> pd.DataFrame:
    """A growth counts frame of one series from (month, posts, status)."""
    return pd.DataFrame(
        {
            "posted_month": pd.to_datetime([f"{month}-01" for month, _, _ in rows]),
            "level": "sub_category",
            "series_id": series,
            "population": "us",
            "post_count": [posts for _, posts, _ in rows],
            "client_count": [posts for _, posts, _ in rows],
            "sum_client_squares": [posts * squares_per_post for _, posts, _ in rows],
            "status": [status for _, _, status in rows],
            "status_reason": [None if status == "complete" else "6 of 30 days" for _, _, status in rows],
        }
    )


def month_row(frame: pd.DataFrame, month: str, comparison: str = "month") -> pd.Series:
    rows = frame[(frame["posted_month"] == pd.Timestamp(f"{month}-01")) & (frame["comparison"] == comparison)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_100_to_400_posts_is_plus_300_percent() -> None:
    row = month_row(
        compute("monthly_growth", counts([("2025-10", 100, "complete"), ("2025-11", 400, "complete")])),
        "2025-11",
    )
    assert row["growth_pct"] == 300
    assert row["base_post_count"] == 100
    assert row["base_month"] == pd.Timestamp("2025-10-01")
    assert 220 < row["growth_pct_low"] < 300 < row["growth_pct_high"] < 400


def test_year_comparison_takes_the_same_month_a_year_before() -> None:
    frame = compute("monthly_growth", counts([("2024-11", 200, "complete"), ("2025-11", 150, "complete")]))
    row = month_row(frame, "2025-11", "year")
    assert (row["growth_pct"], row["base_month"]) == (-25, pd.Timestamp("2024-11-01"))
    assert month_row(frame, "2025-11", "month")["withheld_reason"] == "base month 2025-10 was not collected"


def test_interval_without_dispersion_is_the_score_interval_of_statsmodels() -> None:
    expected = confint_poisson_2indep(130, 1, 100, 1, method="score", compare="ratio")
    _, low, high = growth_interval(130, 100, 1, 1)
    assert (1 + low / 100, 1 + high / 100) == pytest.approx(expected, rel=1e-6)


def test_dispersion_divides_the_evidence_not_the_growth() -> None:
    growth, low, high = growth_interval(130, 100, 4, 4)
    _, low_quarter, high_quarter = growth_interval(130 / 4, 100 / 4, 1, 1)
    assert growth == pytest.approx(30)
    assert (low, high) == (pytest.approx(low_quarter), pytest.approx(high_quarter))


def test_dispersion_of_two_clients_is_worked_by_hand_and_never_below_one() -> None:
    assert dispersion(10, 8**2 + 2**2) == pytest.approx(6.8)
    assert dispersion(10, 4) == 1.0
    assert dispersion(0, 0) == 1.0


def test_a_month_without_posts_fell_by_100_percent_with_an_upper_bound() -> None:
    growth, low, high = growth_interval(0, 50, 1, 1)
    assert (growth, low) == (-100, -100)
    assert -100 < high < -80


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([("2025-10", 100, "complete"), ("2025-11", 20, "partial")], "2025-11 is partial (6 of 30 days)"),
        ([("2025-10", 20, "partial"), ("2025-11", 100, "complete")],
         "base month 2025-10 is partial (6 of 30 days)"),
        ([("2025-10", 900, "unusual_volume"), ("2025-11", 100, "complete")],
         "base month 2025-10 is unusual volume (6 of 30 days)"),
        ([("2025-11", 100, "complete")], "base month 2025-10 was not collected"),
        ([("2025-10", 0, "complete"), ("2025-11", 100, "complete")], "no post in base month 2025-10"),
        ([("2025-10", 9, "complete"), ("2025-11", 100, "complete")],
         "fewer than 10 posts in base month 2025-10"),
    ],
)  # fmt: skip
def test_growth_is_withheld_with_its_reason(rows: list[tuple[str, int, str]], reason: str) -> None:
    row = month_row(compute("monthly_growth", counts(rows)), "2025-11")
    assert row["is_withheld"]
    assert row["withheld_reason"] == reason
    assert row[["growth_pct", "growth_pct_low", "growth_pct_high"]].isna().all()


def test_a_series_without_row_in_a_collected_month_had_no_post_there() -> None:
    frame = pd.concat([
        counts([("2025-10", 80, "complete"), ("2025-11", 90, "complete")], series="photography"),
        counts([("2025-11", 40, "complete")], series="qa_testing"),
    ])  # fmt: skip
    result = compute("monthly_growth", frame)
    row = month_row(result[result["series_id"] == "qa_testing"], "2025-11")
    assert (row["base_post_count"], row["withheld_reason"]) == (0, "no post in base month 2025-10")


def test_months_and_statuses_that_no_one_gave_are_never_complete() -> None:
    frame = counts([("2025-10", 100, "complete"), ("2025-11", 120, "complete")])
    frame.loc[0, "status"] = None
    assert month_row(compute("monthly_growth", frame), "2025-11")["is_withheld"]


def test_every_row_has_both_comparisons_and_an_empty_frame_has_the_same_columns() -> None:
    frame = counts([("2025-10", 100, "complete"), ("2025-11", 120, "complete")])
    full, empty = compute("monthly_growth", frame), compute("monthly_growth", frame.iloc[:0])
    assert len(full) == 4
    assert list(full.columns) == list(empty.columns)
    assert empty["base_post_count"].dtype == full["base_post_count"].dtype == "Int64"


def test_growth_intervals_cover_the_true_growth_of_clustered_arrivals() -> None:
    rng = np.random.default_rng(7)
    worlds, true_ratio = 3000, 1.2

    def month(mean_clients: float) -> tuple[np.ndarray, np.ndarray]:
        clients = rng.poisson(mean_clients, worlds)
        sizes = [1 + rng.negative_binomial(1, 0.4, count) for count in clients]
        return np.array([size.sum() for size in sizes]), np.array([(size**2).sum() for size in sizes])

    (base, base_squares), (current, current_squares) = month(150), month(150 * true_ratio)
    _, low, high = growth_interval(current, base, dispersion(current, current_squares), dispersion(base, base_squares))
    coverage = ((low <= 20) & (high >= 20)).mean()
    assert 0.935 < coverage < 0.965


def test_a_month_in_which_a_series_is_held_is_no_base_of_its_growth_and_one_of_others() -> None:
    held = counts([("2025-10", 100, "held"), ("2025-11", 400, "complete")])
    free = counts([("2025-09", 50, "complete"), ("2025-10", 50, "complete"), ("2025-11", 60, "complete")], series="cad")
    frame = compute("monthly_growth", pd.concat([held, free], ignore_index=True))
    row = month_row(frame[frame["series_id"] == "qa_testing"], "2025-11")
    assert pd.isna(row["growth_pct"]) and row["withheld_reason"] == "base month 2025-10 is held (by hand)"
    row = month_row(frame[frame["series_id"] == "qa_testing"], "2025-10")
    assert row["withheld_reason"].startswith("2025-10 is held")
    assert month_row(frame[frame["series_id"] == "cad"], "2025-11")["growth_pct"] == 20
