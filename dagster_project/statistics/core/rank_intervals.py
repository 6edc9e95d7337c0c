"""The rank of each category among all, with a simultaneous 95 % interval from pairwise differences.

Mogstad, Romano, Shaikh and Wilhelm (2024), 'Inference for ranks', Review of Economic Studies 91(1): a category is sure
to be behind those that are significantly larger and ahead of those that are significantly smaller. All one-sided
hypotheses 'j is not larger than k' are one family, tested with Holm's procedure, so all intervals hold at once.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from dagster_project.statistics.core.multiplicity import holm_rejections
from dagster_project.statistics.core.replicates import Floats, ReplicateCounts

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
