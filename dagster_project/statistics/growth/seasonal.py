"""Seasonal factors projected to a month from the months before it, for many series at once.

The factor of a month is never fitted on that month: a decomposition that holds a spike takes a part of it for season.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from statsmodels.tsa.seasonal import STL

Floats = NDArray[np.float64]
YEAR = 12
SHORTEST_HISTORY = 24
LONGEST_HISTORY = 60
SEASONAL_WINDOW = 7
SURGE = 3.0
FEWEST_ERRORS = 6
FEWEST_POSTS = 100
LEVELS = 3
MEDIAN_OF_HALF_NORMAL = 0.6745


@dataclass(frozen=True)
class Projection:
    """Log seasonal factors that were projected to each month.

    factors: (series, months), NaN before month 25; weights: (months, months), row t the linear filter that made the
    factors of month t from the months before it; source: (series, months), the series whose factors a series takes.
    """

    factors: Floats
    weights: Floats
    source: NDArray[np.int64]

    def change(self, month: int, steps: int) -> Floats:
        """Log factor of a month over that of `steps` months before, of one source; (series,)."""
        source = self.source[:, month]
        return self.factors[source, month] - self.factors[source, month - steps]


@lru_cache
def projection_weights(length: int) -> tuple[float, ...]:
    """Weights on the last `length` months whose sum is the seasonal factor of the next month.

    STL (Cleveland et al. 1990, by statsmodels) without robustness iterations is linear in the series, so its answer to
    unit impulses is all of it; the seasonal component of the same month last year is carried forward. Cycle-subseries
    are smoothed by a local constant: a local line would amplify noise at the end.
    """
    impulses = np.eye(length)
    return tuple(
        float(STL(impulse, period=YEAR, seasonal=SEASONAL_WINDOW, seasonal_deg=0).fit().seasonal[length - YEAR])
        for impulse in impulses
    )


def projected_factors(
    levels: Floats, posts: Floats, noise: Floats, is_known: NDArray[np.bool_], parent: NDArray[np.int64]
) -> Projection:
    """Factors of every month, each from the up to 60 months before it, in one pass over the months.

    levels: log of calendar-adjusted posts, posts, noise: variance of `levels` from counting alone, each (series,
    months); is_known: (months,); parent: row of the series above, its own where there is none. The factors are fitted
    to levels cleaned of unknown months and surges, see `CleanedLevels`.
    """
    series, months = levels.shape
    source = np.tile(np.arange(series)[:, None], months)
    projection = Projection(np.full_like(levels, np.nan), np.zeros((months, months)), source)
    cleaned = CleanedLevels(levels, noise, is_known)
    first = int(np.argmax(is_known)) if is_known.any() else months
    for t in range(first + 1, months):
        length = min(t - first, LONGEST_HISTORY)
        season = np.full(series, np.nan)
        if length >= SHORTEST_HISTORY:
            window = slice(t - length, t)
            projection.weights[t, window] = projection_weights(length)
            projection.factors[:, t] = cleaned.clean @ projection.weights[t]
            source[:, t] = _source(posts[:, window], parent)
            season = projection.change(t, 1)
        cleaned.add(t, season)
    return projection


class CleanedLevels:
    """Levels of (series, months) in which an unknown month and a surge are replaced by their forecast.

    This is the idea of robust exponential smoothing (Gelper, Fried and Croux 2010): what the model cannot explain must
    not return next year as season. A surge is a change beyond three robust standard deviations.
    """

    def __init__(self, levels: Floats, noise: Floats, is_known: NDArray[np.bool_]) -> None:
        self.levels, self.noise, self.is_known = levels, noise, is_known
        self.clean, self.changes = levels.copy(), np.full_like(levels, np.nan)
        self.surges = np.zeros(levels.shape, dtype=np.int64)
        self.removed = np.zeros(len(levels))

    def add(self, t: int, season: Floats) -> None:
        """Clean month t; season: log change over the month before that is expected, NaN where nothing is."""
        if not self.is_known[t]:
            self.clean[:, t] = self.clean[:, t - 1] + np.nan_to_num(season)
            return
        if self.is_known[t - 1] and not np.isnan(season).any():
            self.removed = self.removed + self._surge(t, season)
        self.clean[:, t] = self.levels[:, t] - self.removed

    def _surge(self, t: int, season: Floats) -> Floats:
        """The change of month t where it is a surge, else 0; one that comes back a year later is season after all."""
        deviation = np.sqrt(self.noise[:, t] + self.noise[:, t - 1])
        change = (self.levels[:, t] - self.levels[:, t - 1] - season) / deviation
        limit = SURGE * _robust_scale(self.changes[:, :t], change)
        self.changes[:, t] = change
        self.surges[:, t] = np.sign(change) * (np.abs(change) > limit)
        is_removed = (self.surges[:, t] != 0) & (self.surges[:, t] != self.surges[:, t - YEAR])
        return np.where(is_removed, change * deviation, 0.0)


def _source(posts: Floats, parent: NDArray[np.int64]) -> NDArray[np.int64]:
    """The nearest series above, or the series itself, with at least 100 posts in its median month of the window.

    In fewer posts a season of one's own is mostly noise.
    """
    has_season = np.median(posts, axis=1) >= FEWEST_POSTS
    source = np.arange(len(parent))
    for _ in range(LEVELS - 1):
        source = np.where(has_season[source], source, parent[source])
    return source


def _robust_scale(past: Floats, present: Floats) -> Floats:
    """Scale of standardised changes from the median of their sizes, at least 1; of all series while one has few."""
    scale = np.full(len(past), np.median(np.abs(present)))
    is_known = (~np.isnan(past)).sum(axis=1) >= FEWEST_ERRORS
    if is_known.any():
        scale[is_known] = np.nanmedian(np.abs(past[is_known]), axis=1)
    return np.maximum(scale / MEDIAN_OF_HALF_NORMAL, 1.0)
