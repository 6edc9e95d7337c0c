"""Which changes in a list are more than noise: the false discovery rate over a family of growths."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from statsmodels.stats.multitest import multipletests

from dagster_project.statistics.proportions import CONFIDENCE

FALSE_DISCOVERY_RATE = 0.10


def growth_p_values(growth_pct: ArrayLike, low_pct: ArrayLike, high_pct: ArrayLike) -> NDArray[np.float64]:
    """Two-sided p-values of 'no change' from growths in percent and their 95 % intervals, on the log scale.

    The standard error is the interval's half width on the log scale over its normal quantile. A fall to
    nothing (-100 %) has no log ratio: its p-value is 0 where the interval excludes 0, else 1.
    """
    growth, low, high = (np.asarray(values, float) for values in (growth_pct, low_pct, high_pct))
    with np.errstate(divide="ignore", invalid="ignore"):
        width = np.log1p(high / 100) - np.log1p(low / 100)
        z = np.log1p(growth / 100) / (width / (2 * stats.norm.ppf((1 + CONFIDENCE) / 2)))
    return np.where(growth <= -100, np.where(high < 0, 0.0, 1.0), 2 * stats.norm.sf(np.abs(z)))


def discoveries(p_values: ArrayLike, rate: float = FALSE_DISCOVERY_RATE) -> NDArray[np.bool_]:
    """Which p-values the Benjamini-Hochberg procedure rejects at `rate`; no p-values give an empty array."""
    values = np.asarray(p_values, float)
    if values.size == 0:
        return np.zeros(0, dtype=bool)
    return np.asarray(multipletests(values, alpha=rate, method="fdr_bh")[0], dtype=bool)
