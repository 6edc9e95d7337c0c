"""The delete-a-group jackknife: one interval method for every number that mixes the shares of several categories.

Clients are hashed into groups, all posts of a client into one, so leaving out one group at a time shows how a number
varies with the clients that happened to post (Kott 2001, Journal of Official Statistics 17(4)).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import stats

from dagster_project.statistics.core.estimates import CONFIDENCE, Floats, proportion_interval

Measure = Callable[[Floats], Floats]
Estimate = tuple[Floats, Floats, Floats]
"""Value, low and high of a 95 % interval, arrays of one shape."""
UPPER_QUANTILE = (1 + CONFIDENCE) / 2


@dataclass(frozen=True)
class Replicated:
    """A number with its changes when a client group is left out.

    value, posts, effective_posts (posts over the mean design effect), groups (those with posts) and independent, the
    variance if posts were independent, have one shape; deviations has the groups as a further last axis, 0 for a group
    without posts. below, above: how far errors that no audit found can put the number below or above the value.
    """

    value: Floats
    deviations: Floats
    independent: Floats
    posts: Floats
    effective_posts: Floats
    groups: Floats
    below: Floats
    above: Floats

    @property
    def variance(self) -> Floats:
        """(g - 1)/g times the sum of squared deviations, at least that of independent posts; NaN under two groups."""
        return np.maximum(self.covariance(self), self.independent)

    def covariance(self, other: "Replicated") -> Floats:
        """The same for two numbers of one set of client groups."""
        groups = np.maximum(self.groups, other.groups)
        return np.where(groups > 1, shrink(groups) * (self.deviations * other.deviations).sum(axis=-1), np.nan)

    @property
    def error_variance(self) -> Floats:
        """The variance with what the errors that were not found add to it."""
        return self.variance + (np.maximum(self.below, self.above) / self.quantile) ** 2

    @property
    def bias(self) -> Floats:
        """Jackknife estimate of the bias, (g - 1)/g times the sum of deviations (Quenouille 1956)."""
        return shrink(self.groups) * self.deviations.sum(axis=-1)

    @property
    def quantile(self) -> Floats:
        """t quantile of a two-sided 95 % interval with g - 1 degrees of freedom."""
        return jackknife_quantile(self.groups)


@dataclass(frozen=True)
class ReplicateCounts:
    """Posts by category and client group: `counts` has the shape (..., categories, groups)."""

    counts: Floats

    @cached_property
    def totals(self) -> Floats:
        """Posts by category, shape (..., categories)."""
        return np.asarray(self.counts.sum(axis=-1))

    @property
    def squares(self) -> Floats:
        """Sum over the posts of a category of the square of what each counts; a post counts 1."""
        return self.totals

    @cached_property
    def posts(self) -> Floats:
        return np.asarray(self.totals.sum(axis=-1))

    @cached_property
    def groups(self) -> Floats:
        """Client groups with posts."""
        return np.asarray((self.counts != 0).any(axis=-2).sum(axis=-1), float)

    @cached_property
    def composition(self) -> Floats:
        """Share of each category, shape (..., categories)."""
        return composition(self.totals)

    @cached_property
    def design_effect(self) -> Floats:
        """Mean over categories of clustered over multinomial variance, at least 1 (Rao and Scott 1981)."""
        deviations = self.left_out - self.composition[..., None, :]
        clustered = shrink(self.groups) * (deviations**2).sum(axis=(-1, -2))
        with np.errstate(divide="ignore", invalid="ignore"):
            multinomial = (1 - (self.composition**2).sum(axis=-1)) / self.posts
            return np.fmax(clustered / multinomial, 1.0)

    @cached_property
    def left_out(self) -> Floats:
        """Composition without each group, shape (..., groups, categories)."""
        rest = self.totals[..., None] - self.counts
        return composition(np.moveaxis(rest, -1, -2))

    def difference_variances(self) -> Floats:
        """Variance of the difference of the shares of each pair of categories, shape (..., categories, categories)."""
        deviations = self.left_out - self.composition[..., None, :]
        products = np.einsum("...gj,...gk->...jk", deviations, deviations) * shrink(self.groups)[..., None, None]
        own = np.einsum("...jj->...j", products)
        return own[..., :, None] + own[..., None, :] - 2 * products

    @cached_property
    def post_left_out(self) -> Floats:
        """Composition without one post of each category, shape (..., categories of the post, categories)."""
        return composition(np.maximum(self.totals[..., None, :] - np.eye(self.totals.shape[-1]), 0))

    def independent_variance(self, changes: Floats) -> Floats:
        """Jackknife over posts, from the changes that leaving out a post of each category makes, (..., categories)."""
        return shrink(self.posts) * (self.squares * changes**2).sum(axis=-1)

    def independent_share_variances(self) -> Floats:
        """Variance of each share if posts were independent, shape (..., categories)."""
        shares, squares = self.composition, self.squares
        rest = squares.sum(axis=-1, keepdims=True) - squares
        return np.asarray((squares * (1 - shares) ** 2 + rest * shares**2) / self.posts[..., None] ** 2)

    def independent_difference_variances(self) -> Floats:
        """Variance, if posts were independent, of the difference of two shares, shape (..., categories, categories)."""
        shares, squares = self.composition, self.squares
        difference = shares[..., :, None] - shares[..., None, :]
        own, other = squares[..., :, None], squares[..., None, :]
        rest = squares.sum(axis=-1)[..., None, None] - own - other
        spread = own * (1 - difference) ** 2 + other * (1 + difference) ** 2 + rest * difference**2
        return np.asarray(spread / self.posts[..., None, None] ** 2)

    def unfound_moves(self, measure: Measure) -> tuple[Floats, Floats]:
        """How far down and up errors that were not found can move a number; counts as they are have none."""
        return np.zeros_like(self.posts), np.zeros_like(self.posts)

    def unfound_difference_variances(self) -> Floats:
        """Of the difference of the shares j - k, what such errors add to its variance, shape (..., j, k)."""
        return np.zeros((*self.totals.shape, self.totals.shape[-1]))

    @property
    def unfound_distance(self) -> Floats:
        """Share of the posts that such errors can move to another category."""
        return np.zeros_like(self.posts)

    def of(self, domain: int) -> "ReplicateCounts":
        """The counts of one element of the first axis."""
        return ReplicateCounts(self.counts[domain])

    def measured(self, measure: Measure) -> Replicated:
        """A number computed from a composition, `measure`: (..., categories) -> (...), with its deviations."""
        value = measure(self.composition)
        deviations = measure(self.left_out) - value[..., None]
        independent = self.independent_variance(measure(self.post_left_out) - value[..., None])
        effective = self.posts / self.design_effect
        unfound = self.unfound_moves(measure)
        return Replicated(value, deviations, independent, self.posts, effective, self.groups, *unfound)


def composition(counts: Floats) -> Floats:
    """Shares along the last axis; NaN where there is no post."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return counts / counts.sum(axis=-1, keepdims=True)


def share_interval(share: Replicated) -> Estimate:
    """Wilson limits at the effective number of posts, share (1 - share) / variance, never above the posts.

    Reduced by (z/t)^2 for the groups that the variance is estimated from (Korn and Graubard 1998). A share of 0 or 1
    has no variance of its own and takes the mean design effect of the categories. Unfound errors lie on top.
    """
    binomial = share.value * (1 - share.value)
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = np.minimum(binomial / share.variance, share.posts)
    effective = np.where(binomial > 0, effective, share.effective_posts)
    effective = effective * (stats.norm.ppf(UPPER_QUANTILE) / share.quantile) ** 2
    is_known = share.posts > 0
    value = np.where(is_known, np.clip(share.value, 0, 1), 0.0)
    _, low, high = proportion_interval(value, is_known.astype(float), np.nan_to_num(effective))
    return _with_unfound(share, (share.value, low, high), 0.0, 1.0)


def positive_interval(number: Replicated, smallest: float, largest: float) -> Estimate:
    """The number less its bias, with limits on the log scale; all three kept in [smallest, largest]."""
    value = np.clip(number.value - number.bias, smallest, largest)
    with np.errstate(invalid="ignore"):
        factor = np.exp(number.quantile * np.sqrt(number.variance) / value)
    limits = value, np.clip(value / factor, smallest, largest), np.clip(value * factor, smallest, largest)
    return _with_unfound(number, limits, smallest, largest)


def _with_unfound(number: Replicated, limits: Estimate, smallest: float, largest: float) -> Estimate:
    """The limits moved apart by the errors that were not found: squared distances add up (Zou and Donner 2008)."""
    value, low, high = limits
    down = np.where(number.below > 0, value - np.hypot(value - low, number.below), low)
    up = np.where(number.above > 0, value + np.hypot(high - value, number.above), high)
    return value, np.maximum(down, smallest), np.minimum(up, largest)


def jackknife_quantile(groups: Floats) -> Floats:
    """t quantile of a two-sided 95 % interval with g - 1 degrees of freedom."""
    return np.asarray(stats.t.ppf(UPPER_QUANTILE, np.maximum(groups - 1, 1)))


def shrink(groups: Floats) -> Floats:
    """(g - 1) / g, the factor of the jackknife; 0 without a group."""
    return (groups - 1) / np.maximum(groups, 1)
