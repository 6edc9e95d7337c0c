"""Seasonal factors projected to a month, and how wrong a 'no change' forecast was in the months before."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import digamma, polygamma
from statsmodels.tsa.seasonal import STL

from dagster_project.statistics.core.estimates import Floats

ERROR_MONTHS = 36
CLIP_SQUARE = 16.0
# Changes that share a month are correlated by -1/2, which costs a third of the independent information.
OVERLAP = 1.5
FEWEST_SERIES = 5
LARGEST_PRIOR = 60.0


@dataclass(frozen=True)
class ErrorVariance:
    """Arrays of (series, months): variance of a month's one-step-ahead error, the degrees of freedom of its estimate
    (0 without any error before), and the number of errors behind it."""

    variance: Floats
    freedom: Floats
    errors: NDArray[np.int64]


def rolling_variance(changes: Floats, noise: Floats) -> ErrorVariance:
    """Variance of every month's error from the errors of the 36 months before it, never below `noise`.

    changes: one-step-ahead errors, log, (series, months), NaN where a month has none; noise: their variance from
    counting alone. The model is dispersion x (noise + extra): `extra` is what counting does not explain and is common
    to the series, dispersion is a series' own, moderated between them. A squared error counts at most 16 times its
    variance, so that one true surge does not blunt the months after it.
    """
    variance, freedom = noise.copy(), np.zeros_like(noise)
    errors, squares = np.zeros(noise.shape, dtype=np.int64), np.full_like(noise, np.nan)
    for t in range(changes.shape[1]):
        window = slice(max(0, t - ERROR_MONTHS), t)
        errors[:, t] = (~np.isnan(squares[:, window])).sum(axis=1)
        limit = np.full(len(changes), np.inf)
        if errors[:, t].any():
            extra = extra_variance(squares[:, window], noise[:, window])
            ratios = squares[:, window] / (noise[:, window] + extra)
            mean = np.nansum(ratios, axis=1) / np.maximum(errors[:, t], 1)
            dispersion, freedom[:, t] = moderated(mean, errors[:, t] / OVERLAP)
            variance[:, t] = np.maximum(dispersion * (noise[:, t] + extra), noise[:, t])
            limit = CLIP_SQUARE * variance[:, t]
        squares[:, t] = np.minimum(changes[:, t] ** 2, limit)
    return ErrorVariance(variance, freedom, errors)


def extra_variance(squares: Floats, noise: Floats) -> float:
    """Common variance beyond counting: mean of squared error - noise, weighted by 1 / noise^2; not below 0.

    The weights are those of the moment estimator of a random effect under small extra variance (DerSimonian and Laird
    1986); they let the series with many posts speak, where counting hides least.
    """
    is_known = ~np.isnan(squares)
    known_noise = noise[is_known]
    weights = known_noise**-2
    return max(0.0, float(weights @ (squares[is_known] - known_noise) / weights.sum()))


def moderated(mean_square: Floats, freedom: Floats) -> tuple[Floats, Floats]:
    """Mean squares drawn towards their common value, and the degrees of freedom gained (Smyth 2004, limma).

    The prior's value and weight come from the spread of log mean squares over the series beyond what their degrees of
    freedom explain. Fewer than five series are left as they are.
    """
    is_used = (freedom >= 2) & (mean_square > 0)
    if is_used.sum() < FEWEST_SERIES:
        return mean_square, freedom
    half = freedom[is_used] / 2
    log = np.log(mean_square[is_used]) - digamma(half) + np.log(half)
    excess = log.var(ddof=1) - polygamma(1, half).mean()
    prior_freedom = 2 * _inverse_trigamma(excess)
    prior = np.exp(log.mean() + digamma(prior_freedom / 2) - np.log(prior_freedom / 2))
    total = freedom + prior_freedom
    return (freedom * mean_square + prior_freedom * prior) / total, total


def _inverse_trigamma(value: float) -> float:
    """x with trigamma(x) = value, at most half of the largest prior weight."""
    largest, smallest = LARGEST_PRIOR / 2, 0.05
    if value <= polygamma(1, largest):
        return largest
    if value >= polygamma(1, smallest):
        return smallest
    return float(brentq(lambda x: polygamma(1, x) - value, smallest, largest))


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
    """Log seasonal factors that were projected to each month; (series, months) unless said otherwise.

    own: as the series itself shows them, NaN before month 25; weights: (months, months), row t the linear filter that
    made them from the months before t; total: row of the total above, (series,); credibility: weight of the own factors
    beside the total's, 0 to 1; between: variance of the true factors of a level's series about the total's.
    """

    own: Floats
    weights: Floats
    total: NDArray[np.int64]
    credibility: Floats
    between: Floats

    def change(self, month: int, steps: int) -> Floats:
        """Log factor of a month over that of `steps` months before, by the credibility of the month; (series,)."""
        own = self.own[:, month] - self.own[:, month - steps]
        return own[self.total] + self.credibility[:, month] * (own - own[self.total])


@lru_cache
def season_weights(length: int) -> Floats:
    """Weights on the last `length` months whose sums are the seasonal factors of the next twelve, (12, length).

    STL (Cleveland et al. 1990, by statsmodels) without robustness iterations is linear in the series, so its answer to
    unit impulses is all of it; the seasonal component of the same month last year is carried forward. Cycle-subseries
    are smoothed by a local constant: a local line would amplify noise at the end.
    """
    answers = [
        STL(impulse, period=YEAR, seasonal=SEASONAL_WINDOW, seasonal_deg=0).fit().seasonal[-YEAR:]
        for impulse in np.eye(length)
    ]
    return np.array(answers).T


def projected_factors(
    levels: Floats, posts: Floats, noise: Floats, is_known: NDArray[np.bool_], parent: NDArray[np.int64]
) -> Projection:
    """Factors of every month, each from the up to 60 months before it, in one pass over the months.

    levels: log of calendar-adjusted posts, posts, noise: variance of `levels` from counting alone, each (series,
    months); is_known: (months,); parent: row of the series above, its own where there is none. The factors are fitted
    to levels cleaned of unknown months and surges, see `CleanedLevels`.
    """
    months = levels.shape[1]
    total, depth = _place(parent)
    own, ones, zeros = np.full_like(levels, np.nan), np.ones_like(levels), np.zeros_like(levels)
    projection = Projection(own, np.zeros((months, months)), total, ones, zeros)
    cleaned = CleanedLevels(levels, noise, is_known)
    first = int(np.argmax(is_known)) if is_known.any() else months
    for t in range(first + 1, months):
        length = min(t - first, LONGEST_HISTORY)
        season = np.full(len(levels), np.nan)
        if length >= SHORTEST_HISTORY:
            window = slice(t - length, t)
            weights = season_weights(length)
            projection.weights[t, window] = weights[0]
            own[:, t] = cleaned.clean[:, window] @ weights[0]
            relative = cleaned.clean[:, window] - cleaned.clean[total, window]
            within = np.maximum(within_variance(relative), noise[:, window].mean(axis=1)) * (weights**2).sum() / YEAR
            for rows in _families(total, depth):
                between = between_variance(relative[rows] @ weights.T, within[rows])
                projection.between[rows, t] = between
                projection.credibility[rows, t] = credibility(between, within[rows], posts[rows, window])
            season = projection.change(t, 1)
        cleaned.add(t, season)
    return projection


def _place(parent: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row of the total above each series, and how many levels lie between, each (series,)."""
    total, depth = np.arange(len(parent)), np.zeros(len(parent), dtype=np.int64)
    for _ in range(LEVELS - 1):
        depth = depth + (parent[total] != total)
        total = parent[total]
    return total, depth


def _families(total: NDArray[np.int64], depth: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Rows of the series of one level below one total; a total is of no family."""
    below = depth > 0
    kinds = np.unique(np.stack([total, depth])[:, below], axis=1).T
    return [np.flatnonzero((total == kind[0]) & (depth == kind[1])) for kind in kinds]


def within_variance(relative: Floats) -> Floats:
    """Variance of a month's level about its season, from the change on the same month a year before; (series,).

    relative: log level over the total's, (series, months), at least two years. The changes of each year are taken from
    their mean, so that growth is no noise; what is left of twelve changes is 11/12 of twice the variance.
    """
    changes = relative[:, YEAR:] - relative[:, :-YEAR]
    years = changes.shape[1] // YEAR
    by_year = changes[:, changes.shape[1] - YEAR * years :].reshape(len(relative), years, YEAR)
    return np.asarray(by_year.var(axis=2, ddof=1).mean(axis=1) / 2)


def between_variance(deviations: Floats, within: Floats) -> float:
    """Variance of the true seasonal factors of a family about the total's, as far as noise does not explain it.

    deviations: estimated log factors of a year over the total's, (series, 12); within: variance of their noise,
    (series,). The moment estimator of Buehlmann and Straub (1970): mean of square - noise, precise series first.
    """
    return extra_variance(deviations**2, np.broadcast_to(within[:, None], deviations.shape))


def credibility(between: float, within: Floats, posts: Floats) -> Floats:
    """Weight between / (between + within) of a series' own factors (Buehlmann and Straub 1970), (series,).

    It minimises the mean square error among linear combinations with the total's. 0 for a series with fewer than 100
    posts in its median month, whose log counts are no measure of a season.
    """
    has_season = np.median(posts, axis=1) >= FEWEST_POSTS
    return np.where(has_season, between / (between + within), 0.0)


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


def _robust_scale(past: Floats, present: Floats) -> Floats:
    """Scale of standardised changes from the median of their sizes, at least 1; of all series while one has few."""
    scale = np.full(len(past), np.median(np.abs(present)))
    is_known = (~np.isnan(past)).sum(axis=1) >= FEWEST_ERRORS
    if is_known.any():
        scale[is_known] = np.nanmedian(np.abs(past[is_known]), axis=1)
    return np.maximum(scale / MEDIAN_OF_HALF_NORMAL, 1.0)
