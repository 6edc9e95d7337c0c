"""Weighted quantiles of heaped answers: always an answer that somebody gave."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_ROUNDING = 1e-9


def weighted_quantile(values: Floats, weights: Floats, level: float | Floats) -> Floats:
    """The smallest value at which the cumulative weight reaches `level`, for every row of `weights`.

    values: (n,); weights: (rows, n); level: one, or one a row. NaN in a row without weight.
    """
    order = np.argsort(values, kind="stable")
    cumulative = np.cumsum(weights[:, order], axis=1)
    if not len(values):
        return np.full(len(weights), np.nan)
    total = cumulative[:, -1]
    reached = cumulative >= (np.broadcast_to(level, total.shape) * total * (1 - _ROUNDING))[:, None]
    return np.where(total > 0, values[order][reached.argmax(axis=1)], np.nan)


def winsorised(values: Floats, weights: Floats, tail: float) -> Floats:
    """Values with both tails drawn in to the weighted quantiles `tail` and 1 - `tail`, for every row of `weights`."""
    low = weighted_quantile(values, weights, tail)[:, None]
    high = weighted_quantile(values, weights, 1 - tail)[:, None]
    return np.clip(values[None, :], low, high)
