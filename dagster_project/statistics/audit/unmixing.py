"""The share of a category's true contracts, unmixed from those of posts that the classifier accepted falsely.

A category has too few audited contracts for the estimate of `correction.py`, but many more audited posts. Of its
accepted contracts a part p is truly of the technology, as the audit of the category's accepted posts says; the others
are worth what the category's contracts outside the technology are worth. From the share h of all accepted ones and the
share q of those outside follows the share of the true ones, q + (h - q) / p: a synthetic estimate of a small domain
(Rao and Molina 2015, chapter 3). Missed contracts are taken to be worth what the found ones are.
"""

import numpy as np

from dagster_project.statistics.audit.errors import Floats

Limited = tuple[Floats, Floats, Floats]
"""Value, low and high of a 95 % interval, arrays of one shape."""


def unmixed_share(mixed: Limited, others: Limited, precision: Limited) -> Limited:
    """Share of the true ones with its 95 % interval, kept in [0, 1]; NaN where no accepted post is a true one.

    Each of the three is moved to its limits alone and the squared distances are added (Zou and Donner 2008).
    """
    (h, h_low, h_high), (q, q_low, q_high), (p, p_low, p_high) = mixed, others, precision
    raw = np.where(p > 0, _unmixed(h, q, p), np.nan)
    ends = [
        (_unmixed(h_low, q, p), _unmixed(h_high, q, p)),
        (_unmixed(h, q_high, p), _unmixed(h, q_low, p)),
        (_unmixed(h, q, p_low), _unmixed(h, q, p_high)),
    ]
    down = np.sqrt(sum((raw - np.minimum(np.minimum(*pair), raw)) ** 2 for pair in ends))
    up = np.sqrt(sum((np.maximum(np.maximum(*pair), raw) - raw) ** 2 for pair in ends))
    value = np.clip(raw, 0, 1)
    return value, np.clip(value - down, 0, 1), np.clip(value + up, 0, 1)


def _unmixed(mixed: Floats, others: Floats, precision: Floats) -> Floats:
    """Without bound where the precision is 0, unless the two shares are equal."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(mixed == others, mixed, others + (mixed - others) / precision)
