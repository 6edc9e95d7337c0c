"""Rates of a classifier from an audit sample: sensitivity, specificity, precision, recall of the keyword step."""

import numpy as np
from numpy.typing import ArrayLike

from dagster_project.statistics.audit.errors import Floats, WeightedCount, weighted_count_limits


def weighted_rate(hits: WeightedCount, misses: WeightedCount) -> tuple[Floats, Floats, Floats]:
    """hits / (hits + misses) with low and high of the 95 % interval; NaN where neither was found.

    Limits of the ratio of two independent weighted counts by MOVER (Donner and Zou 2012). Without a miss the low limit
    comes from what none found can hide: 3.0 times the largest weight of a miss.
    """
    a, b = hits.total, misses.total
    (a_low, a_high), (b_low, b_high) = weighted_count_limits(hits), weighted_count_limits(misses)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = a / (a + b)
        few = np.sqrt(np.maximum((a * b) ** 2 - b_low * a_high * (2 * b - b_low) * (2 * a - a_high), 0))
        many = np.sqrt(np.maximum((a * b) ** 2 - b_high * a_low * (2 * b - b_high) * (2 * a - a_low), 0))
        least_odds = np.where(b > 0, b_low * (2 * b - b_low) / (a * b + few), 0.0)
        most_odds = np.where(a_low > 0, (a * b + many) / (a_low * (2 * a - a_low)), np.inf)
    high = np.where(a > 0, 1 / (1 + least_odds), 1 - _share_of_none(b_low, a_high))
    return rate, np.where(np.isnan(rate), np.nan, 1 / (1 + most_odds)), np.where(np.isnan(rate), np.nan, high)


def _share_of_none(misses_low: Floats, hits_high: Floats) -> Floats:
    """The least share of misses where no hit was found."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(misses_low / (misses_low + hits_high))


def rogan_gladen(accepted_share: ArrayLike, sensitivity: ArrayLike, specificity: ArrayLike) -> Floats:
    """The true share behind an accepted one: (share + specificity - 1) / (sensitivity + specificity - 1).

    Rogan and Gladen (1978), kept in [0, 1]; NaN where the classifier says nothing (sensitivity + specificity <= 1).
    """
    share, se, sp = (np.asarray(values, float) for values in (accepted_share, sensitivity, specificity))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(se + sp > 1, np.clip((share + sp - 1) / (se + sp - 1), 0, 1), np.nan)
