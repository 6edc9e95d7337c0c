"""What an audit sample says of a classifier: its errors as weighted counts with limits, and its rates.

A post that is audited with probability pi stands for 1/pi posts, so a class of errors has the total sum of weights. The
limits are those of a weighted sum of Poisson counts, the mid-p gamma interval of Fay and Kim (2017) after Fay and
Feuer (1997): with no error found the upper limit is 3.0 times the weight of one, the 'rule of three'. An error that was
not found is taken to weigh as the audited posts of its kind do, by their root mean square, and not as the heaviest one
(Tiwari, Clegg and Zou 2006: with the largest weight the limits hold the truth far too often).
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special
from scipy.optimize import elementwise

from dagster_project.statistics.core.estimates import CONFIDENCE, SHARE_DIGITS, Floats, Statistic, numbers

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
    """Distribution function of a gamma variable of that mean and variance; at mean 0 all of it lies at 0.

    x: none below 0. `stats.gamma.cdf` gives the same bits, but looks at its arguments for longer than it computes.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        cdf = special.gammainc(mean**2 / variance, x / (variance / mean))
    return np.where(mean > 0, cdf, 1.0)


def weighted_rate(hits: WeightedCount, misses: WeightedCount) -> tuple[Floats, Floats, Floats]:
    """hits / (hits + misses) with low and high of the 95 % interval; NaN where neither was found.

    Limits of the ratio of two independent weighted counts by MOVER (Donner and Zou 2012). Without a miss the low limit
    comes from what none found can hide: 3.0 times the weight that a miss would have.
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


METHOD = "weighted audit sample, ratio of two mid-p gamma counts by MOVER, clients as clusters"
CELLS = ("accepted_true", "accepted_false", "refused_true", "refused_false", "other_true", "other_false")
INPUTS = [
    *(f"{cell}_{kind}" for cell in CELLS for kind in ("weight", "squares")),
    "unfound_candidate_weight",
    "unfound_other_weight",
    "post_count",
    "classified_count",
    "not_corrected_reason",
]


def classifier_audit(counts: pd.DataFrame, table: str, keys: list[str]) -> pd.DataFrame:
    """A row a period and technology; estimates are null where the audit sample does not cover the period.

    Columns: sensitivity, specificity, precision, keyword_recall, each with _low and _high; missed_other_posts/_high
    (positive posts that the keyword step does not find) and missed_other_share_high; rogan_gladen_share; method.
    """
    covered = counts[counts["not_corrected_reason"].isna()]
    estimates = _estimates(covered, table).round(SHARE_DIGITS).astype("Float64").reindex(counts.index)
    return pd.concat([counts[keys], estimates], axis=1).assign(method=pd.Series(METHOD, counts.index, dtype="str"))


def _estimates(counts: pd.DataFrame, table: str) -> pd.DataFrame:
    cells = {cell: _cell(counts, cell, table) for cell in CELLS}
    found_true = cells["accepted_true"] + cells["refused_true"]
    rates = {
        "sensitivity": (cells["accepted_true"], cells["refused_true"] + cells["other_true"]),
        "specificity": (cells["refused_false"] + cells["other_false"], cells["accepted_false"]),
        "precision": (cells["accepted_true"], cells["accepted_false"]),
        "keyword_recall": (found_true, cells["other_true"]),
    }
    columns = {}
    for name, (hits, misses) in rates.items():
        columns[name], columns[f"{name}_low"], columns[f"{name}_high"] = weighted_rate(hits, misses)
    posts = numbers(counts, "post_count", table)
    accepted_share = numbers(counts, "classified_count", table) / posts
    _, missed_high = weighted_count_limits(cells["other_true"])
    columns["missed_other_posts"], columns["missed_other_posts_high"] = cells["other_true"].total, missed_high
    columns["missed_other_share_high"] = (missed_high / posts).clip(max=1)
    columns["rogan_gladen_share"] = rogan_gladen(accepted_share, columns["sensitivity"], columns["specificity"])
    return pd.DataFrame(columns, index=counts.index)


def _cell(counts: pd.DataFrame, cell: str, table: str) -> WeightedCount:
    unfound = "unfound_other_weight" if cell.startswith("other") else "unfound_candidate_weight"
    return WeightedCount.of(*(numbers(counts, name, table) for name in (f"{cell}_weight", f"{cell}_squares", unfound)))


STATISTICS = [
    Statistic(
        id="classifier_audit",
        definition="Of the truly positive posts those accepted (sensitivity) and those that the keyword step finds "
        "(keyword recall), of the others those not accepted (specificity), of the accepted the true ones (precision): "
        "weighted, from the audit sample. Rogan-Gladen: the share of true posts that these rates imply.",
        unit="fraction of 1; posts",
        method=METHOD,
        counts_table="int_period_audit_coverage",
        keys=["period_id", "technology"],
        inputs=INPUTS,
        function=partial(classifier_audit, table="int_period_audit_coverage", keys=["period_id", "technology"]),
        mart="classifier_audit",
        library="scipy.stats.gamma, scipy.optimize.elementwise.find_root",
    ),
]
