"""The interval of a proportion whose units come in clusters (the posts of one client are one cluster)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

Floats = NDArray[np.float64]
CONFIDENCE = 0.95
METHOD_CLUSTERED = "Wilson, effective n from linearised variance over clients"
METHOD_INDEPENDENT = "Wilson, {units} taken as independent"


@dataclass(frozen=True)
class ClusterSums:
    """Sums over clusters c with numerator y_c and denominator n_c; arrays of one length.

    count: clusters with n_c > 0; yy = sum y_c^2; yn = sum y_c n_c; nn = sum n_c^2.
    """

    count: Floats
    yy: Floats
    yn: Floats
    nn: Floats


def design_effect(successes: ArrayLike, trials: ArrayLike, sums: ClusterSums) -> Floats:
    """Variance of the ratio y/n under clustering over its binomial variance, never below 1.

    Taylor linearisation of a ratio of cluster totals with the factor G/(G-1) (Cochran 1977, 6.4; Kish 1965).
    With 0 or n successes the linearised variance is 0 whatever the clusters are, so the posts of a client are
    then taken to be alike: n_eff = (sum n_c)^2 / sum n_c^2. NaN where n is 0.
    """
    y, n = np.asarray(successes, float), np.asarray(trials, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = y / n
        residual_squares = np.maximum(sums.yy - 2 * share * sums.yn + share**2 * sums.nn, 0)
        linearised = sums.count / (sums.count - 1) * residual_squares / (n * share * (1 - share))
        alike = sums.nn / n
    effect = np.where((y == 0) | (y == n) | (sums.count < 2), alike, linearised)
    return np.where(n > 0, np.maximum(effect, 1.0), np.nan)


def effective_trials(successes: ArrayLike, trials: ArrayLike, sums: ClusterSums) -> Floats:
    """n / design effect, reduced by (z/t)^2 because the design effect is itself estimated from G clusters.

    The t correction with G - 1 degrees of freedom is that of Korn and Graubard (1998). 0 where one cluster
    holds everything (nothing says how clients differ), NaN where n is 0.
    """
    y, n = np.asarray(successes, float), np.asarray(trials, float)
    effective = n / design_effect(y, n, sums)
    quantile = (1 + CONFIDENCE) / 2
    is_estimated = (y > 0) & (y < n) & (sums.count >= 2)
    t = stats.t.ppf(quantile, np.maximum(sums.count - 1, 1))
    corrected = np.where(is_estimated, effective * (stats.norm.ppf(quantile) / t) ** 2, effective)
    return np.where((n > 0) & (sums.count < 2), 0.0, corrected)


def proportion_interval(
    successes: ArrayLike, trials: ArrayLike, effective: ArrayLike | None = None
) -> tuple[Floats, Floats, Floats]:
    """Share, low and high of the 95 % Wilson interval (statsmodels), at the effective number of trials.

    NaN where trials is 0; 0 to 1 where the effective number is 0; low is exactly 0 at no success and high
    exactly 1 at nothing but successes. Raises ValueError where a count is negative or above its trials.
    """
    y, n = np.asarray(successes, float), np.asarray(trials, float)
    is_impossible = (y < 0) | (y > n)
    if is_impossible.any():
        example = f"{y[is_impossible][0]:g} of {n[is_impossible][0]:g}"
        raise ValueError(f"a count lies outside 0..trials: {example}; fix the counts model")
    n_eff = n if effective is None else np.asarray(effective, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(n > 0, y / n, np.nan)
        low, high = proportion_confint(share * n_eff, n_eff, alpha=1 - CONFIDENCE, method="wilson")
    low = np.where((y == 0) | (n_eff == 0), 0.0, low)
    high = np.where((y == n) | (n_eff == 0), 1.0, high)
    return share, np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)
