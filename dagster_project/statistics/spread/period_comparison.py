"""A share in one period beside the same share in an earlier one: difference, ratio, one-sided p-value."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from dagster_project.statistics.core.replicates import Estimate, Floats, Replicated


@dataclass(frozen=True)
class Change:
    """From a base to a current number: difference and ratio with 95 % intervals.

    rise_p_value: one-sided, of 'it did not rise'; 1 minus it is that of 'it did not fall'.
    """

    difference: Estimate
    ratio: Estimate
    rise_p_value: Floats


def change(base: Replicated, current: Replicated, base_limits: Estimate, current_limits: Estimate) -> Change:
    """Join the limits of two numbers (MOVER, Zou and Donner 2008) with the correlation that shared clients make."""
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = base.covariance(current) / np.sqrt(base.error_variance * current.error_variance)
    correlation = np.clip(np.nan_to_num(correlation), -1, 1)
    difference = joined_difference(base_limits, current_limits, correlation)
    quantile = np.fmax(base.quantile, current.quantile)
    groups = np.minimum(base.groups, current.groups)
    p_value = one_sided_p_value(difference, quantile, groups)
    return Change(difference, _ratio(base_limits, current_limits, correlation), p_value)


def joined_difference(base: Estimate, current: Estimate, correlation: Floats) -> Estimate:
    """current - base with the limits that their own limits imply."""
    (b, b_low, b_high), (c, c_low, c_high) = base, current
    value = c - b
    return (
        value,
        value - _joined_width(c - c_low, b_high - b, correlation),
        value + _joined_width(c_high - c, b - b_low, correlation),
    )


def _joined_width(current: Floats, base: Floats, correlation: Floats) -> Floats:
    return np.sqrt(np.maximum(current**2 + base**2 - 2 * correlation * current * base, 0))


def _ratio(base: Estimate, current: Estimate, correlation: Floats) -> Estimate:
    """current / base from the same limits on the log scale; NaN where one of the two is 0 or its limits hold 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = joined_difference(_log(base), _log(current), correlation)
        is_known = (base[1] > 0) & (current[1] > 0)
        value, low, high = (np.where(is_known, np.exp(part), np.nan) for part in logs)
    return value, low, high


def _log(limits: Estimate) -> Estimate:
    value, low, high = (np.log(part) for part in limits)
    return value, low, high


def one_sided_p_value(difference: Estimate, quantile: Floats, groups: Floats) -> Floats:
    """P-value of 'it did not rise' that agrees with the interval: below 0.025 exactly where its low is above 0."""
    value, low, high = difference
    with np.errstate(divide="ignore", invalid="ignore"):
        towards_zero = np.where(value > 0, value - low, high - value)
        statistic = np.where(value == 0, 0.0, value * quantile / towards_zero)
    return np.asarray(stats.t.sf(statistic, np.maximum(groups - 1, 1)))
