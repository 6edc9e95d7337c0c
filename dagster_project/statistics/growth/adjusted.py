"""Growth on the month before: raw, calendar-adjusted and seasonally adjusted side by side. Method: docs/growth.md."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from dagster_project.statistics.core.proportions import CONFIDENCE
from dagster_project.statistics.growth.one_step_errors import rolling_variance
from dagster_project.statistics.growth.panel import Panel, shifted
from dagster_project.statistics.growth.seasonal import Projection, projected_factors

Floats = NDArray[np.float64]
SEASONAL_FROM = 36
"""Complete months before the printed one from which on its growth is seasonally adjusted."""
HALF_POST = 0.5


@dataclass(frozen=True)
class Growth:
    """Log growth of (series, months) with its standard error; NaN where a month has none.

    freedom: degrees of freedom of the error, 0 where nothing but the counts says how large it is; errors: number of
    one-step-ahead errors behind it.
    """

    log: Floats
    error: Floats
    freedom: Floats
    errors: NDArray[np.int64]

    def percent(self) -> tuple[Floats, Floats, Floats]:
        """Growth in percent with its 95 % interval (Student's t; normal without degrees of freedom)."""
        half = _quantile((1 + CONFIDENCE) / 2, self.freedom) * self.error
        return tuple(100 * np.expm1(self.log + sign * half) for sign in (0, -1, 1))  # type: ignore[return-value]

    def p_rise(self) -> Floats:
        """One-sided p-values of 'no rise'."""
        with np.errstate(divide="ignore", invalid="ignore"):
            t = self.log / self.error
            return np.where(self.freedom > 0, stats.t.sf(t, np.maximum(self.freedom, 1e-9)), stats.norm.sf(t))


def _quantile(level: float, freedom: Floats) -> Floats:
    return np.where(freedom > 0, stats.t.ppf(level, np.maximum(freedom, 1.0)), stats.norm.ppf(level))


def calendar_levels(panel: Panel) -> Floats:
    """Log of posts per standard day; half a post where there is none."""
    return np.log(np.maximum(panel.posts, HALF_POST)) - np.log(panel.standard_days)


def calendar_growth(panel: Panel, steps: int = 1) -> Growth:
    """Posts per standard day against those of `steps` months before."""
    return _growth(panel, steps, np.zeros_like(panel.posts), np.ones_like(panel.posts))


def seasonal_growth(panel: Panel, projection: Projection, steps: int = 1) -> Growth:
    """The same after taking out the projected seasonal factors of both months."""
    season = season_change(panel, projection, steps)
    own = projection.source == np.arange(len(panel.series))[:, None]
    return _growth(panel, steps, season, np.where(own, _filter_variance(projection.weights, steps), 1.0))


def season_change(panel: Panel, projection: Projection, steps: int = 1) -> Floats:
    """Log seasonal factor of each month over that of `steps` months before; NaN before there are any."""
    season = np.full_like(panel.posts, np.nan)
    for t in range(steps, len(panel.months)):
        season[:, t] = projection.change(t, steps)
    return season


def projection_of(panel: Panel) -> Projection:
    """Seasonal factors of the panel's months, each projected from the months before it."""
    noise = panel.dispersion / np.maximum(panel.posts, HALF_POST)
    return projected_factors(calendar_levels(panel), panel.posts, noise, panel.is_complete, panel.parent)


def history_months(panel: Panel) -> NDArray[np.int64]:
    """Complete months before each month, (months,)."""
    return np.cumsum(panel.is_complete) - panel.is_complete


def _growth(panel: Panel, steps: int, season: Floats, inflation: Floats) -> Growth:
    """season: log seasonal factor over that of the base month; inflation: of the variance, by estimating the season."""
    base = np.maximum(panel.base_posts(steps), HALF_POST)
    current = np.maximum(panel.posts, HALF_POST)
    calendar = np.log(panel.standard_days) - np.log(shifted(panel.standard_days, steps))
    log = np.log(current / base) - calendar - season
    complete = panel.is_complete.astype(float)[None]
    log[:, (complete * shifted(complete, steps))[0] != 1] = np.nan
    noise = inflation * (panel.dispersion / current + shifted(panel.dispersion, steps) / base)
    return _by_level(panel, log, noise)


def _by_level(panel: Panel, log: Floats, noise: Floats) -> Growth:
    """Errors of the series of one level and population speak for each other."""
    variance, freedom = np.full_like(log, np.nan), np.zeros_like(log)
    errors = np.zeros(log.shape, dtype=np.int64)
    for rows in panel.series.groupby(["level", "population"]).indices.values():
        group = rolling_variance(log[rows], noise[rows])
        variance[rows], freedom[rows], errors[rows] = group.variance, group.freedom, group.errors
    return Growth(log, np.sqrt(variance), freedom, errors)


def _filter_variance(weights: Floats, steps: int) -> Floats:
    """Variance of a change under equal independent noise over that of a plain difference, (months,); NaN at first.

    The change is linear in the levels: 1 on the month, -1 on its base, minus the weights of the two factors.
    """
    months = len(weights)
    variance = np.full(months, np.nan)
    for t in range(steps, months):
        change = -weights[t] + weights[t - steps]
        change[t] += 1
        change[t - steps] -= 1
        variance[t] = change @ change / 2
    return variance
