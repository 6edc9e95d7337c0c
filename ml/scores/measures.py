"""Scores with percentile bootstrap intervals (Efron 1979, seeded); calibration; recall of the keyword step."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import brentq
from scipy.stats import rankdata
from statsmodels.stats.proportion import proportion_confint

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


BINS = 10


def reliability(truth: Array, probability: Array, bins: int = BINS) -> pd.DataFrame:
    """A row for every bin of equal width that holds posts.

    Returns low, high (ends of the bin), posts, mean_probability, observed_share (share of true posts), observed_low and
    observed_high (95 %, Wilson).
    """
    frame = pd.DataFrame({"bin": _bin_of(probability, bins), "truth": truth, "probability": probability})
    rows = []
    for number, part in frame.groupby("bin"):
        low, high = proportion_confint(part["truth"].sum(), len(part), method="wilson")
        rows.append(
            {
                "low": int(str(number)) / bins,
                "high": (int(str(number)) + 1) / bins,
                "posts": len(part),
                "mean_probability": round(float(part["probability"].mean()), 4),
                "observed_share": round(float(part["truth"].mean()), 4),
                "observed_low": round(float(low), 4),
                "observed_high": round(float(high), 4),
            }
        )
    return pd.DataFrame(rows)


def expected_calibration_error(truth: Array, probability: Array) -> float:
    """Mean distance between probability and observed share over the bins, by posts (Naeini et al. 2015).

    NaN without posts. Chance alone keeps it above 0, the more so the fewer posts there are.
    """
    if len(truth) == 0:
        return float("nan")
    gaps = np.bincount(_bin_of(probability, BINS), np.asarray(truth, dtype=float) - probability, minlength=BINS)
    return float(np.abs(gaps).sum() / len(truth))


def _bin_of(probability: Array, bins: int) -> Array:
    return np.minimum((np.asarray(probability) * bins).astype(int), bins - 1)


ALPHA = 0.05


def keyword_recall(truth: Array, is_candidate: Array, weight: Array) -> Score:
    """Weighted share of true posts that are candidates, with its 95 % interval.

    weight: 1 / inclusion probability. Bootstrap over posts; where the sample holds no lost post the lower end comes
    from `hidden_posts_bound`, because a bootstrap of nothing lost says that nothing can be.
    """
    value, low, high = bootstrap(weighted_recall, truth, is_candidate.astype(int), weight)
    if value < 1.0 or not np.isfinite(value):
        return value, low, high
    found = float(weight[(truth == 1) & is_candidate].sum())
    return value, found / (found + hidden_posts_bound(weight[~is_candidate])), 1.0


def hidden_posts_bound(weight: Array, alpha: float = ALPHA) -> float:
    """Upper 95 % bound of the true posts behind sampled posts of which none is true, each standing for `weight` posts.

    Posts of one weight are a stratum with an unknown share p. The bound is the largest sum of n * weight * p under
    which a sample without a true post still has the chance alpha: the product of (1 - p)^n. At the maximum
    p = 1 - c / weight where weight > c, and none elsewhere; for equal weights it is the exact bound
    1 - alpha^(1/n), about 3 / n. Without any sampled post nothing is known: infinity.
    """
    if len(weight) == 0:
        return float("inf")
    weights, counts = np.unique(weight, return_counts=True)

    def log_chance(level: float) -> float:
        return float((counts * np.log(np.minimum(level / weights, 1.0))).sum() - np.log(alpha))

    level = brentq(log_chance, weights.max() * alpha, weights.max())
    return float((counts * np.maximum(weights - level, 0.0)).sum())
