"""What an audit sample found wrong with a classifier, and what it can have missed: weighted counts with their limits.

A post that is audited with probability pi stands for 1/pi posts, so a class of errors has the total sum of weights. The
limits are those of a weighted sum of Poisson counts, the mid-p gamma interval of Fay and Kim (2017) after Fay and
Feuer (1997): with no error found the upper limit is 3.0 times the weight of one, the 'rule of three'. An error that was
not found is taken to weigh as the audited posts of its kind do, by their root mean square, and not as the heaviest one
(Tiwari, Clegg and Zou 2006: with the largest weight the limits hold the truth far too often).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from scipy.optimize import elementwise

from dagster_project.statistics.core.proportions import CONFIDENCE

Floats = NDArray[np.float64]
TAIL = (1 - CONFIDENCE) / 2


ROUNDING = 1e-9


@dataclass(frozen=True)
class WeightedCount:
    """Audited posts of one kind; arrays of one length, one element a domain.

    total: sum of weights 1/pi; squares: sum of squared weights; unfound: what one post that was not found would add.
    """

    total: Floats
    squares: Floats
    unfound: Floats

    @classmethod
    def of(cls, total: ArrayLike, squares: ArrayLike, unfound: ArrayLike) -> "WeightedCount":
        """From anything array-like; the three are broadcast to one shape."""
        return cls(*np.broadcast_arrays(*(np.asarray(values, float) for values in (total, squares, unfound))))

    def __add__(self, other: "WeightedCount") -> "WeightedCount":
        return WeightedCount(
            self.total + other.total, self.squares + other.squares, np.maximum(self.unfound, other.unfound)
        )

    def __sub__(self, part: "WeightedCount") -> "WeightedCount":
        """The posts that are not in `part`, at the larger of the two weights of one."""
        total, squares = self.total - part.total, self.squares - part.squares
        # sums of the same posts in another order differ in their last digit; what is left then is no post
        is_any = (total > ROUNDING * self.total) & (squares > ROUNDING * self.squares)
        return WeightedCount(
            np.where(is_any, total, 0), np.where(is_any, squares, 0), np.maximum(self.unfound, part.unfound)
        )


@dataclass(frozen=True)
class AuditErrors:
    """The audited posts that change a sum: 1/pi for y - f = 1 (missed), -1/pi for y - f = -1 (falsely accepted)."""

    missed_candidate: WeightedCount
    missed_other: WeightedCount
    false_accept: WeightedCount

    @property
    def net(self) -> Floats:
        """What the audit adds to the number of accepted posts."""
        return self.missed_candidate.total + self.missed_other.total - self.false_accept.total

    def __sub__(self, part: "AuditErrors") -> "AuditErrors":
        return AuditErrors(
            self.missed_candidate - part.missed_candidate,
            self.missed_other - part.missed_other,
            self.false_accept - part.false_accept,
        )


def weighted_count_limits(count: WeightedCount) -> tuple[Floats, Floats]:
    """Lower and upper 95 % limit of the number of posts that the audited ones stand for.

    Half of the confidence distribution is the gamma distribution with the mean and variance of what was found, half
    the one with one more post (Fay and Kim 2017, equation 5). 0 to 0 where nothing can be hidden.
    """
    total, squares, unfound = np.broadcast_arrays(count.total, count.squares, count.unfound)
    flat = np.column_stack([total.ravel(), squares.ravel(), unfound.ravel()])
    distinct, position = np.unique(flat, axis=0, return_inverse=True)
    low, high = _limits(distinct)
    position = position.ravel()
    return low[position].reshape(total.shape), high[position].reshape(total.shape)


def _limits(moments: Floats) -> tuple[Floats, Floats]:
    """Limits of rows (total, squares, unfound)."""
    total, squares, unfound = moments.T
    one_more = (total + unfound, squares + unfound**2)
    low, high = np.zeros(len(moments)), np.zeros(len(moments))
    is_open = one_more[0] > 0
    is_found = is_open & (total > 0)
    for tail, limit, rows in ((TAIL, low, is_found), (1 - TAIL, high, is_open)):
        if rows.any():
            limit[rows] = _mixture_quantile(tail, (total[rows], squares[rows]), tuple(part[rows] for part in one_more))
    return low, high


def _mixture_quantile(tail: float, found: tuple[Floats, Floats], one_more: tuple[Floats, Floats]) -> Floats:
    """The value below which the two gamma distributions, each given by mean and variance, lie with chance `tail`."""
    upper = one_more[0] + 20 * np.sqrt(one_more[1])

    def excess(x: Floats, m0: Floats, v0: Floats, m1: Floats, v1: Floats) -> Floats:
        return (_gamma_cdf(x, m0, v0) + _gamma_cdf(x, m1, v1)) / 2 - tail

    found_root = elementwise.find_root(excess, (np.zeros_like(upper), upper), args=(*found, *one_more))
    return found_root.x


def _gamma_cdf(x: Floats, mean: Floats, variance: Floats) -> Floats:
    """Distribution function of a gamma variable of that mean and variance; at mean 0 all of it lies at 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        cdf = stats.gamma.cdf(x, mean**2 / variance, scale=variance / mean)
    return np.where(mean > 0, cdf, 1.0)
