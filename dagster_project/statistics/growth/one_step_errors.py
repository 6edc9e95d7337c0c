"""How wrong a 'no change' forecast was in the months before: the variance behind an interval of growth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import digamma, polygamma

Floats = NDArray[np.float64]
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
