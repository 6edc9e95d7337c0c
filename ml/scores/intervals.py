"""Intervals of scores that have no formula at hand: the percentile bootstrap over posts (Efron 1979), seeded."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

Array = npt.NDArray[Any]
Score = tuple[float, float, float]
"""Value, lower and upper end of the 95 % interval; NaN where the score is not defined."""
RESAMPLES = 500


def bootstrap(measure: Callable[..., float], *columns: Array, seed: int = 7) -> Score:
    """The measure of the columns (one value a post) and its interval over resampled posts.

    Resamples on which the measure is not defined (no positive among them, say) are left out.
    """
    rng = np.random.default_rng(seed)
    size = len(columns[0])
    draws = (rng.integers(0, size, size) for _ in range(RESAMPLES))
    values = [measure(*(column[draw] for column in columns)) for draw in draws]
    low, high = np.nanquantile(values, [0.025, 0.975]) if np.isfinite(values).any() else (np.nan, np.nan)
    return float(measure(*columns)), float(low), float(high)


def weighted_precision(truth: Array, predicted: Array, weight: Array) -> float:
    """Share of true among accepted posts, each counting by its weight (1 / inclusion probability: Horvitz-Thompson)."""
    return _ratio((weight * truth * predicted).sum(), (weight * predicted).sum())


def weighted_recall(truth: Array, predicted: Array, weight: Array) -> float:
    return _ratio((weight * truth * predicted).sum(), (weight * truth).sum())


def weighted_f1(truth: Array, predicted: Array, weight: Array) -> float:
    return _ratio(2.0 * (weight * truth * predicted).sum(), (weight * (truth + predicted)).sum())


def f1(truth: Array, predicted: Array) -> float:
    return weighted_f1(truth, predicted, np.ones(len(truth)))


def auroc(truth: Array, probability: Array) -> float:
    """Area under the ROC curve by ranks (Mann-Whitney)."""
    positives = truth.sum()
    pairs = positives * (len(truth) - positives)
    return _ratio(rankdata(probability)[truth == 1].sum() - positives * (positives + 1) / 2, pairs)


def brier(truth: Array, probability: Array) -> float:
    return float(np.mean((probability - truth) ** 2))


def _ratio(numerator: float, denominator: float) -> float:
    return float(numerator / denominator) if denominator > 0 else float("nan")
