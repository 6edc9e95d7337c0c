"""Day types, day weights and standard days: worked by hand and against a Poisson regression."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from dagster_project.statistics.growth.panel import HOLIDAY, day_types, day_weights, standard_days

WEIGHTS = np.array([1.1, 1.1, 1.1, 1.1, 1.0, 0.8, 0.8, 0.5])


def daily(months: pd.DatetimeIndex, weights: np.ndarray, posts_a_day: float) -> list[list[float]]:
    return [(posts_a_day * weights[day_types(pd.date_range(m, periods=m.days_in_month))]).tolist() for m in months]


def test_a_us_holiday_is_a_day_type_and_one_at_the_weekend_is_a_weekend_day() -> None:
    # Thanksgiving 2025, the Friday after it, and Independence Day 2026, a Saturday that is observed on Friday
    days = pd.DatetimeIndex(["2025-11-27", "2025-11-28", "2026-07-04", "2026-07-03"])
    assert day_types(days).tolist() == [HOLIDAY, 4, 5, HOLIDAY]


def test_day_weights_are_those_of_a_poisson_regression_with_month_effects() -> None:
    rng = np.random.default_rng(5)
    days = rng.integers(3, 6, (24, 8)).astype(float)
    days[:, HOLIDAY] = rng.integers(0, 3, 24)
    posts = rng.poisson(days * WEIGHTS * rng.uniform(50, 90, (24, 1))).astype(float)
    weights = day_weights(posts, days)
    month, kind = np.indices(days.shape)
    is_day = days > 0
    design = np.column_stack([pd.get_dummies(month[is_day]), pd.get_dummies(kind[is_day]).iloc[:, 1:]]).astype(float)
    fitted = sm.GLM(posts[is_day], design, family=sm.families.Poisson(), exposure=days[is_day]).fit()
    ratios = np.exp(fitted.params[24:])
    assert weights[1:] / weights[0] == pytest.approx(ratios, rel=1e-6)
    assert weights[:7].mean() == pytest.approx(1)


def test_a_holiday_that_was_never_seen_weighs_like_a_weekend_day() -> None:
    days = np.array([[4, 4, 4, 4, 4, 5, 5, 0]], dtype=float)
    assert day_weights(days * WEIGHTS * 10, days)[HOLIDAY] == pytest.approx(0.8)


def test_a_month_with_a_fifth_weekend_promises_fewer_standard_days() -> None:
    months = pd.date_range("2024-01-01", "2025-11-01", freq="MS")
    days = standard_days(months, daily(months, WEIGHTS, 40), np.ones(len(months), dtype=bool))
    by_month = pd.Series(days, index=months)
    # August 2025 has ten weekend days, July 2025 eight and the Fourth of July
    assert by_month["2025-08-01"] == pytest.approx(4 * 1.1 * 4 + 5 * 1.0 + 10 * 0.8, rel=1e-6)
    assert by_month["2025-07-01"] == pytest.approx(5 * 3 * 1.1 + 4 * 1.1 + 3 * 1.0 + 8 * 0.8 + 0.5, rel=1e-6)


def test_weights_of_a_month_do_not_see_that_month() -> None:
    months = pd.date_range("2024-01-01", "2024-12-01", freq="MS")
    known, posts = np.ones(12, dtype=bool), daily(months, WEIGHTS, 40)
    changed = [*posts[:-1], [1000 if day % 7 == 0 else 1 for day in range(31)]]
    assert standard_days(months, posts, known)[-1] == standard_days(months, changed, known)[-1]
