"""Shares of classified posts corrected for the classifier by an audit sample with known inclusion probabilities.

The estimate is the difference estimator of survey sampling (Särndal, Swensson and Wretman 1992, 6.3), which is the
weighted form of prediction-powered inference (Angelopoulos et al. 2023): every post counts f, an audited one y - f over
its inclusion probability on top. The interval puts together, as MOVER does (Zou and Donner 2008), the clustered
sampling of posts and each class of audit errors with limits that hold for few errors and for none.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from dagster_project.statistics.audit.errors import TAIL, AuditErrors, Floats, weighted_count_limits
from dagster_project.statistics.core.proportions import ClusterSums, proportion_interval

METHOD_CORRECTED = "difference estimator over clients, mid-p gamma limits of audit errors, joined by MOVER"
Z = float(stats.norm.ppf(1 - TAIL))


def corrected_share(
    numerator: ArrayLike,
    denominator: ArrayLike,
    sums: ClusterSums,
    inside: AuditErrors,
    outside: AuditErrors | None = None,
) -> tuple[Floats, Floats, Floats]:
    """Share, low and high of the 95 % interval of a ratio of corrected totals.

    numerator, denominator: sums of f + (y - f)/pi; sums: over clients, of the same. inside: errors among the
    numerator's posts; outside: errors among the denominator's other posts, None where the denominator is counted
    without a classifier (penetration). Share and limits are kept in [0, 1]; NaN where the denominator is not above 0.
    """
    y, n = np.asarray(numerator, float), np.asarray(denominator, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(n > 0, np.clip(y / n, 0, 1), np.nan)
    in_factor, out_factor = (np.ones_like(share), None) if outside is None else (1 - share, share)
    parts = _parts(inside, in_factor, n, is_raising=True, is_fixed=outside is None)
    if outside is not None and out_factor is not None:
        parts += _parts(outside, out_factor, n, is_raising=False, is_fixed=False)
    normal = sum((variance for _, _, variance in parts), start=np.zeros_like(share))
    low, high = _sampling_limits(share, n, sums, normal)
    down = np.sqrt((share - low) ** 2 + sum(below**2 for below, _, _ in parts))
    up = np.sqrt((high - share) ** 2 + sum(above**2 for _, above, _ in parts))
    return share, np.clip(share - down, 0, 1), np.clip(share + up, 0, 1)


def _parts(
    errors: AuditErrors, factor: Floats, n: Floats, *, is_raising: bool, is_fixed: bool
) -> list[tuple[Floats, Floats, Floats]]:
    """Of each class of errors: how far it can move the share down and up, and the variance that the sums hold of it."""
    parts = []
    for count, raises in (
        (errors.missed_candidate, is_raising),
        (errors.missed_other, is_raising),
        (errors.false_accept, not is_raising),
    ):
        low, high = weighted_count_limits(count)
        fewer, more = count.total - low, high - count.total
        with np.errstate(divide="ignore", invalid="ignore"):
            grown = n if is_fixed else n + more * (1 if count is not errors.false_accept else 0)
            less, plus = factor * fewer / n, factor * more / grown
            variance = factor**2 * count.squares / n**2
        parts.append((less, plus, variance) if raises else (plus, less, variance))
    return parts


def _sampling_limits(share: Floats, n: Floats, sums: ClusterSums, explained: Floats) -> tuple[Floats, Floats]:
    """Wilson limits from the linearised variance over clients less the part that the error classes account for."""
    with np.errstate(divide="ignore", invalid="ignore"):
        residual_squares = np.maximum(sums.yy - 2 * share * sums.yn + share**2 * sums.nn, 0)
        variance = sums.count / (sums.count - 1) * residual_squares / n**2
        binomial = share * (1 - share) / n
        t = stats.t.ppf(1 - TAIL, np.maximum(sums.count - 1, 1))
        effective = share * (1 - share) / np.maximum(variance - explained, binomial) * (Z / t) ** 2
        alike = n**2 / sums.nn
    is_edge = (share <= 0) | (share >= 1) | (sums.count < 2)
    effective = np.where(is_edge, np.where(sums.count < 2, 0.0, alike), effective)
    effective = np.where(n > 0, np.nan_to_num(effective), np.nan)
    _, low, high = proportion_interval(np.nan_to_num(share), np.where(n > 0, 1.0, 0.0), effective)
    return low, high


def share_difference(
    later: tuple[Floats, Floats, Floats], earlier: tuple[Floats, Floats, Floats]
) -> tuple[Floats, Floats, Floats]:
    """Difference, low and high of two independent shares given with their limits (MOVER, Zou and Donner 2008)."""
    difference = later[0] - earlier[0]
    low = difference - np.sqrt((later[0] - later[1]) ** 2 + (earlier[2] - earlier[0]) ** 2)
    high = difference + np.sqrt((later[2] - later[0]) ** 2 + (earlier[0] - earlier[1]) ** 2)
    return difference, low, high
