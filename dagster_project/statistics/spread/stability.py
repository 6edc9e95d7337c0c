"""Whether a technology's composition stayed the same between two periods.

The total variation distance of two samples is never 0, even of one population. Its mean under permutation of the posts
says how large chance alone makes it, but that is too much to subtract where the populations do differ: an upper limit
made that way calls a true distance of 0.10 stable in 23 of 100 worlds. So the upper limit subtracts only the bias that
the distance has at the differences found, and the lower limit the permutation mean.

The distance is also the largest change that any set of categories shows (Levin, Peres and Wilmer 2017, proposition
4.2), so what is sure of one set's change is sure of it: the lower limit is no less than that.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from dagster_project.statistics.core.estimates import Floats
from dagster_project.statistics.core.replicates import UPPER_QUANTILE, ReplicateCounts, shrink

STABLE_DISTANCE = 0.10
SMALLEST_PERIOD = 600
TOO_FEW, STABLE, NOT_STABLE = "too few posts", "stable", "not shown to be stable"
METHOD_STABILITY = (
    "total variation distance less its folded-normal bias, delete-a-group jackknife over clients; "
    "low less the permutation mean, and at least the low of every set of categories beside it that rose or fell"
)


@dataclass(frozen=True)
class Stability:
    """distance: share of posts that would have to change category, less its bias, with the limits of a 95 % interval;
    plain: as the two compositions show it; chance: its mean where both periods are one population."""

    distance: Floats
    low: Floats
    high: Floats
    plain: Floats
    chance: Floats
    smaller_period: Floats

    @property
    def verdict(self) -> np.ndarray:
        """'stable' where the upper limit is at most 0.10, 'too few posts' under 600 posts a period."""
        is_stable = np.where(self.high <= STABLE_DISTANCE, STABLE, NOT_STABLE)
        return np.where(self.smaller_period < SMALLEST_PERIOD, TOO_FEW, is_stable)


def stability(base: ReplicateCounts, current: ReplicateCounts, least: float = 0.0) -> Stability:
    """The distance of two compositions over the same categories and client groups; least: what is sure of it."""
    plain = total_variation(base.composition, current.composition)
    degrees = np.maximum(np.maximum(base.groups, current.groups) - 1, 1)
    sampled = stats.t.ppf(UPPER_QUANTILE, degrees) * np.sqrt(_distance_variance(base, current, plain))
    width = np.sqrt(sampled**2 + base.unfound_distance**2 + current.unfound_distance**2)
    chance = chance_distance(base, current)
    distance = np.maximum(plain - distance_bias(base, current), least)
    low = np.maximum(np.minimum(distance, plain - chance) - width, least)
    smaller_period = np.minimum(base.posts, current.posts)
    return Stability(distance, low, np.minimum(distance + width, 1), plain, chance, smaller_period)


def least_change(low: Floats, high: Floats) -> Floats:
    """The largest lower limit of |change| among sets of categories whose change is clear, 0 without one: (..., sets).

    low, high: 95 % limits of the change of each set's share. The largest of many single limits would lie above a
    distance of 0 in a third to a half of the worlds, so the sets are those that a test of all together calls clear.
    """
    return np.maximum(np.maximum(low, -high), 0).max(axis=-1, initial=0.0)


def total_variation(one: Floats, other: Floats) -> Floats:
    """Half the sum of absolute differences along the last axis."""
    return np.asarray(np.abs(one - other).sum(axis=-1) / 2)


def _distance_variance(base: ReplicateCounts, current: ReplicateCounts, plain: Floats) -> Floats:
    """Over client groups, which are the same in both periods, and at least that of independent posts."""
    shown = plain[..., None]
    clustered = ((total_variation(base.left_out, current.left_out) - shown) ** 2).sum(axis=-1)
    of_base = total_variation(base.post_left_out, current.composition[..., None, :]) - shown
    of_current = total_variation(base.composition[..., None, :], current.post_left_out) - shown
    independent = base.independent_variance(of_base) + current.independent_variance(of_current)
    return np.maximum(shrink(np.maximum(base.groups, current.groups)) * clustered, independent)


def distance_bias(base: ReplicateCounts, current: ReplicateCounts) -> Floats:
    """How much the noise of the shares adds to their distance: a folded normal deviate of each category.

    |N(d, s)| has the mean |d| + 2 s (phi(a) - a Phi(-a)) with a = |d| / s (Leone, Nelson and Nottingham 1961).
    """
    deviations = current.left_out - current.composition[..., None, :] - base.left_out + base.composition[..., None, :]
    groups = np.maximum(base.groups, current.groups)[..., None]
    binomial = sum(c.independent_share_variances() for c in (base, current))
    error = np.sqrt(np.maximum(shrink(groups) * (deviations**2).sum(axis=-2), binomial))
    ratio = np.abs(current.composition - base.composition) / np.where(error > 0, error, 1)
    return (error * (stats.norm.pdf(ratio) - ratio * stats.norm.sf(ratio))).sum(axis=-1)


def chance_distance(base: ReplicateCounts, current: ReplicateCounts) -> Floats:
    """Mean of the distance over all permutations of the posts between the periods, widened for clients.

    Under permutation the posts of a category in the base period are hypergeometric; their mean absolute deviation is
    exact. Posts of one client move together: times the root of the mean design effect (Rao and Scott 1981).
    """
    # corrected posts are no whole numbers, and the distribution knows none but these
    base_totals, in_category = np.rint(base.totals), np.rint(base.totals) + np.rint(current.totals)
    base_posts, both = base_totals.sum(axis=-1)[..., None], in_category.sum(axis=-1)[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        by_category = hypergeometric_deviation(in_category, base_posts, both) * (
            1 / base_posts + 1 / (both - base_posts)
        )
    return np.sqrt((base.design_effect + current.design_effect) / 2) * by_category.sum(axis=-1) / 2


def hypergeometric_deviation(marked: Floats, drawn: Floats, total: Floats) -> Floats:
    """Mean absolute deviation from its mean of the marked ones among `drawn` of `total`.

    2 sum_{x <= m} (m - x) P(x), where x P(x) / m is the probability of x - 1 with one marked post less.
    """
    mean = marked * drawn / total
    below = np.floor(mean)
    among = stats.hypergeom(total, marked, drawn)
    among_others = stats.hypergeom(total - 1, np.maximum(marked - 1, 0), np.maximum(drawn - 1, 0))
    return np.asarray(2 * mean * (among.cdf(below) - among_others.cdf(below - 1)))
