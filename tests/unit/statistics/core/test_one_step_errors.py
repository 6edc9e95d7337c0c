"""Variance of a growth from the errors of the months before."""

import numpy as np
import pytest

from dagster_project.statistics.growth.seasonal import LARGEST_PRIOR, extra_variance, moderated, rolling_variance


def test_the_variance_is_never_below_that_of_counting() -> None:
    result = rolling_variance(np.full((6, 30), 0.001), np.full((6, 30), 0.01))
    assert result.variance[:, 1:] == pytest.approx(0.01)
    assert result.errors[0].tolist() == list(range(30))


def test_disturbances_beyond_counting_widen_the_variance() -> None:
    rng = np.random.default_rng(2)
    changes = rng.normal(0, 0.2, (30, 80))
    result = rolling_variance(changes, np.full((30, 80), 0.01))
    assert result.variance[:, 60:].mean() == pytest.approx(0.04, rel=0.1)


def test_extra_variance_worked_by_hand() -> None:
    # excess 0.03 and 0.00 at noise 0.01 and 0.02: weights 4 : 1
    assert extra_variance(np.array([[0.04, np.nan, 0.02]]), np.array([[0.01, 0.5, 0.02]])) == pytest.approx(0.024)
    assert extra_variance(np.array([[0.001]]), np.array([[0.01]])) == 0.0


def test_a_true_surge_does_not_blunt_the_months_after_it() -> None:
    rng = np.random.default_rng(8)
    changes = rng.normal(0, 0.1, (10, 50))
    surged = changes.copy()
    surged[:, 40] = 2.0
    noise = np.full((10, 50), 0.01)
    assert (
        rolling_variance(surged, noise).variance[:, 41].mean()
        < 2 * rolling_variance(changes, noise).variance[:, 41].mean()
    )


def test_the_first_month_has_no_error_to_judge_by() -> None:
    result = rolling_variance(np.array([[np.nan, 0.1, 0.1]]), np.array([[np.nan, 0.01, 0.01]]))
    assert result.errors.tolist() == [[0, 0, 1]]
    assert result.freedom[0, 1] == 0


def test_equal_series_share_their_variance_and_differing_ones_keep_their_own() -> None:
    rng = np.random.default_rng(6)
    freedom = np.full(200, 20.0)
    alike = rng.chisquare(20, 200) / 20
    _, total = moderated(alike, freedom)
    assert total == pytest.approx(20 + LARGEST_PRIOR, abs=20)
    differing = alike * rng.choice([0.5, 4.0], 200)
    values, total = moderated(differing, freedom)
    assert total[0] < 30
    assert np.corrcoef(values, differing)[0, 1] > 0.99


def test_a_handful_of_series_is_not_moderated() -> None:
    values, freedom = moderated(np.array([1.0, 3.0]), np.array([10.0, 10.0]))
    assert (values.tolist(), freedom.tolist()) == ([1, 3], [10, 10])
