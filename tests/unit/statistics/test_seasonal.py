"""Seasonal factors: what a projection must find, and what it must not take for season."""

import numpy as np
import pytest
from statsmodels.tsa.seasonal import STL

from dagster_project.statistics.growth.seasonal import SEASONAL_WINDOW, projected_factors, projection_weights

SEASON = np.array([0.06, 0.02, 0.05, 0.0, 0.0, -0.02, -0.04, -0.03, 0.01, 0.04, 0.0, -0.09])


def season(months: int) -> np.ndarray:
    return np.resize(SEASON, months)


def project(levels: np.ndarray, posts: float = 1000, is_known: np.ndarray | None = None) -> np.ndarray:
    levels = np.atleast_2d(levels)
    known = np.ones(levels.shape[1], dtype=bool) if is_known is None else is_known
    noise = np.full_like(levels, 1 / posts)
    return projected_factors(levels, np.full_like(levels, posts), noise, known, np.arange(len(levels))).factors


def test_the_weights_are_stl_itself() -> None:
    series = np.random.default_rng(3).normal(size=40)
    expected = STL(series, period=12, seasonal=SEASONAL_WINDOW, seasonal_deg=0).fit().seasonal[-12]
    assert np.dot(projection_weights(40), series) == pytest.approx(expected)


def test_a_season_on_a_trend_is_found_from_the_months_before() -> None:
    factors = project(7 + 0.004 * np.arange(48) + season(48))[0]
    changes = np.diff(factors[35:])
    assert changes == pytest.approx(np.diff(season(48)[35:]), abs=0.01)


def test_the_first_two_years_have_no_factors() -> None:
    assert np.isnan(project(season(40))[0, :24]).all()
    assert np.isfinite(project(season(40))[0, 24:]).all()


def test_the_factor_of_a_month_does_not_see_the_month() -> None:
    levels = 7 + season(60)
    surged = levels.copy()
    surged[-1] += 0.4
    assert project(levels)[0, -1] == project(surged)[0, -1]


@pytest.mark.parametrize("lasting", [False, True], ids=["spike", "new level"])
def test_a_surge_does_not_return_a_year_later_as_season(lasting: bool) -> None:
    rng = np.random.default_rng(4)
    levels = 7 + season(60) + rng.normal(0, 0.03, (20, 60))
    levels[:, 47 : None if lasting else 48] += np.log(1.48)
    change = np.diff(project(levels), axis=1)[:, 58].mean()
    assert change == pytest.approx(np.diff(season(60))[58], abs=0.05)


def test_an_unknown_month_is_bridged() -> None:
    levels, known = 7 + season(60), np.ones(60, dtype=bool)
    known[40] = False
    broken = levels.copy()
    broken[40] -= 2
    assert project(broken, is_known=known)[0, 52:] == pytest.approx(project(levels)[0, 52:], abs=0.02)


def test_a_series_of_few_posts_takes_the_factors_of_the_level_above() -> None:
    levels = np.stack([7 + season(48), np.random.default_rng(1).normal(3, 0.5, 48)])
    posts = np.stack([np.full(48, 1000.0), np.full(48, 20.0)])
    projection = projected_factors(levels, posts, 1 / posts, np.ones(48, dtype=bool), np.array([0, 0]))
    assert projection.source[1, 24:].tolist() == [0] * 24
    assert projection.change(47, 1)[1] == projection.change(47, 1)[0]
