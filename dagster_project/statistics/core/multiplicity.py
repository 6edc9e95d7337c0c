"""Many tests at once: false discovery control, Holm's procedure, and ranks from all pairwise differences.

Ranks: Mogstad, Romano, Shaikh and Wilhelm (2024), 'Inference for ranks', Review of Economic Studies 91(1): a category
is sure to be behind those that are significantly larger and ahead of those that are significantly smaller. All
one-sided hypotheses 'j is not larger than k' are one family, tested with Holm's procedure, so all intervals hold at
once.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from statsmodels.stats.multitest import multipletests

from dagster_project.statistics.core.estimates import CONFIDENCE, Floats
from dagster_project.statistics.core.replicates import ReplicateCounts


def one_sided_q_values(p_values: ArrayLike, largest_p: float = 1.0) -> NDArray[np.float64]:
    """Benjamini-Hochberg adjusted p-values; a p-value above `largest_p` counts as 1 and is never a discovery.

    Raising p-values can only make discoveries fewer, and the step-up stays self-consistent, so the rate still holds.
    No p-values give an empty array.
    """
    values = np.asarray(p_values, float)
    if values.size == 0:
        return values
    return np.asarray(multipletests(np.where(values > largest_p, 1.0, values), method="fdr_bh")[1])


def holm_rejections(p_values: Floats) -> NDArray[np.bool_]:
    """Which hypotheses of each family, along the last axis, are rejected at 5 % (Holm 1979).

    The i-th smallest of m p-values is compared with 0.05 / (m - i + 1); the first that is larger ends its family.
    statsmodels' multipletests does one family a call and collects garbage in each, a sixth of a second.
    """
    order = np.argsort(p_values, axis=-1)
    levels = (1 - CONFIDENCE) / np.arange(p_values.shape[-1], 0, -1)
    in_order = np.logical_and.accumulate(np.take_along_axis(p_values, order, axis=-1) <= levels, axis=-1)
    return np.asarray(np.take_along_axis(in_order, np.argsort(order, axis=-1), axis=-1), dtype=bool)


Ranks = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def rank_intervals(counts: ReplicateCounts) -> Ranks:
    """Rank, best and worst rank of every category, shape (..., categories); ties share the better rank."""
    is_larger = _is_larger(counts)
    shares = counts.composition
    rank = 1 + (shares[..., None, :] > shares[..., :, None]).sum(axis=-1)
    best = 1 + is_larger.sum(axis=-2)
    worst = shares.shape[-1] - is_larger.sum(axis=-1)
    return rank, best, worst


def _is_larger(counts: ReplicateCounts) -> NDArray[np.bool_]:
    """Whether j is surely larger than k, shape (..., j, k); the diagonal is no hypothesis."""
    p_values = larger_p_values(counts)
    is_pair = ~np.eye(p_values.shape[-1], dtype=bool)
    is_larger = np.zeros(p_values.shape, dtype=bool)
    is_larger[..., is_pair] = holm_rejections(p_values[..., is_pair])
    return is_larger


def larger_p_values(counts: ReplicateCounts) -> Floats:
    """P-values of 'j is not larger than k', shape (..., j, k); 1 on the diagonal.

    The variance of a difference is at least that of independent posts, (p_j + p_k - (p_j - p_k)^2) / n for counts.
    """
    shares = counts.composition
    difference = shares[..., :, None] - shares[..., None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.fmax(counts.independent_difference_variances(), counts.difference_variances())
        statistic = difference / np.sqrt(variance + counts.unfound_difference_variances())
    degrees = np.maximum(counts.groups - 1, 1)[..., None, None]
    # two categories without posts differ by nothing and vary by nothing
    p_values = stats.t.sf(np.nan_to_num(statistic), degrees)
    return np.where(np.eye(shares.shape[-1], dtype=bool), 1.0, p_values)
