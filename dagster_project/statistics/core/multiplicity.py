"""Many tests at once: false discovery control (Benjamini and Hochberg 1995) and Holm's procedure over families."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from statsmodels.stats.multitest import multipletests

from dagster_project.statistics.core.proportions import CONFIDENCE
from dagster_project.statistics.core.replicates import Floats


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
