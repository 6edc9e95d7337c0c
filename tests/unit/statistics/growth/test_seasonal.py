"""Seasonal factors: what a projection must find and must not take for season; variance from the months before."""

import numpy as np
import pytest
from statsmodels.tsa.seasonal import STL

from dagster_project.statistics.growth.seasonal import (
    LARGEST_PRIOR,
    SEASONAL_WINDOW,
    Projection,
    between_variance,
    credibility,
    extra_variance,
    moderated,
    projected_factors,
    rolling_variance,
    season_weights,
    within_variance,
)

SEASON = np.array([0.06, 0.02, 0.05, 0.0, 0.0, -0.02, -0.04, -0.03, 0.01, 0.04, 0.0, -0.09])


def season(months: int) -> np.ndarray:
    return np.resize(SEASON, months)


def project(levels: np.ndarray, posts: float = 1000, is_known: np.ndarray | None = None) -> np.ndarray:
    levels = np.atleast_2d(levels)
    known = np.ones(levels.shape[1], dtype=bool) if is_known is None else is_known
    noise = np.full_like(levels, 1 / posts)
    return projected_factors(levels, np.full_like(levels, posts), noise, known, np.arange(len(levels))).own


def test_the_weights_are_stl_itself() -> None:
    series = np.random.default_rng(3).normal(size=40)
    expected = STL(series, period=12, seasonal=SEASONAL_WINDOW, seasonal_deg=0).fit().seasonal[-12:]
    assert season_weights(40) @ series == pytest.approx(expected)


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


def test_a_series_of_few_posts_takes_the_factors_of_the_total() -> None:
    levels = np.stack([7 + season(48), np.random.default_rng(1).normal(3, 0.5, 48)])
    posts = np.stack([np.full(48, 1000.0), np.full(48, 20.0)])
    projection = projected_factors(levels, posts, 1 / posts, np.ones(48, dtype=bool), np.array([0, 0]))
    assert projection.credibility[1, 24:].tolist() == [0] * 24
    assert projection.change(47, 1)[1] == projection.change(47, 1)[0]


def test_noise_within_is_half_the_variance_of_a_years_changes_from_their_mean() -> None:
    # a year later every month is 10 % up, and one month in two 0.2 more or less than that: 12/11 of 0.04 over 2
    first, swing = np.linspace(0, 0.3, 12), np.tile([0.2, -0.2], 6)
    relative = np.concatenate([first, first + 0.1 + swing])[None]
    assert within_variance(relative) == pytest.approx(np.array([12 / 11 * 0.04 / 2]))


def test_the_variance_between_series_is_what_noise_does_not_explain() -> None:
    deviations = np.full((2, 12), 0.05)
    assert between_variance(deviations, np.array([0.0009, 0.0009])) == pytest.approx(0.0025 - 0.0009)
    assert between_variance(deviations, np.array([0.01, 0.01])) == 0
    # a series of four times the noise has a sixteenth of the weight: (16 x 0.0016 - 0.0011) / 17
    assert between_variance(deviations, np.array([0.0009, 0.0036])) == pytest.approx((16 * 0.0016 - 0.0011) / 17)


def test_credibility_is_the_part_of_the_variance_that_lies_between_series() -> None:
    posts = np.array([[400.0] * 3, [400.0] * 3, [99.0, 99.0, 5000.0]])
    assert credibility(0.001, np.array([0.001, 0.009, 0.001]), posts).tolist() == pytest.approx([0.5, 0.1, 0.0])
    assert credibility(0.0, np.array([0.001]), posts[:1]).tolist() == [0.0]


def test_a_series_factor_lies_between_its_own_and_the_totals_by_its_credibility() -> None:
    own = np.array([[0.00, -0.04], [0.02, 0.10], [0.00, 0.30]])
    z = np.array([[1.0, 1.0], [0.25, 0.25], [0.0, 0.0]])
    projection = Projection(own, np.zeros((2, 2)), np.zeros(3, dtype=np.int64), z, np.zeros_like(own))
    # the total's -0.04, the first series' 0.08: -0.04 + 0.25 x 0.12; the second series takes the total's
    assert projection.change(1, 1) == pytest.approx([-0.04, -0.01, -0.04])


@pytest.mark.parametrize(("own", "least", "most"), [(0.0, 0.0, 0.35), (0.10, 0.8, 1.0)], ids=["of all", "of its own"])
def test_a_season_of_ones_own_is_believed_where_series_differ_by_more_than_noise(
    own: float, least: float, most: float
) -> None:
    rng = np.random.default_rng(5)
    seasons = np.concatenate([np.zeros((1, 12)), rng.normal(0, own, (30, 12))])
    noise = np.r_[0.01, np.full(30, 0.08)][:, None]
    levels = 7 + season(60) + np.tile(seasons, 5) + noise * rng.normal(size=(31, 60))
    posts, variance = np.full_like(levels, 1000), np.broadcast_to(noise**2, levels.shape)
    projection = projected_factors(levels, posts, variance, np.ones(60, dtype=bool), np.zeros(31, dtype=np.int64))
    assert least <= projection.credibility[1:, -1].mean() <= most
    truth = np.diff(season(60) + np.tile(seasons, 5))[1:, -1]
    error, plain = projection.change(59, 1)[1:] - truth, np.diff(projection.own[1:, 58:]).ravel() - truth
    assert np.square(error).mean() < np.square(plain).mean() * (0.3 if own == 0 else 1.1)


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
