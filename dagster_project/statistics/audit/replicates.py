"""Posts by category and client group as an audit sample corrects them, for the delete-a-group jackknife.

Every audited post adds (y - f)/pi to its category and client group, so leaving out a group leaves out its posts and
what the audit found among them: the variance over the groups holds the sampling of clients and that of the audit. What
it cannot hold are errors that were not found; they lie on top, each class in the category that moves the number most.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dagster_project.statistics.audit.correction import Z
from dagster_project.statistics.audit.errors import AuditErrors, WeightedCount, weighted_count_limits
from dagster_project.statistics.core.replicates import Floats, Measure, ReplicateCounts, composition


@dataclass(frozen=True)
class AuditedCounts(ReplicateCounts):
    """Corrected posts: `counts` of accepted posts plus audit errors, shape (..., categories, groups), may be negative.

    errors: the audited posts that were judged wrongly, arrays of the shape (..., categories).
    """

    errors: AuditErrors

    @cached_property
    def totals(self) -> Floats:
        """Corrected posts by category; a total below 0, which false accepts of large weight can make, is taken as 0."""
        return np.maximum(self.counts.sum(axis=-1), 0)

    @cached_property
    def squares(self) -> Floats:
        """An accepted post counts 1, a missed one w = 1/pi, one accepted falsely 1 - w."""
        accepted = self.counts.sum(axis=-1) - self.errors.net
        missed = self.errors.missed_candidate.squares + self.errors.missed_other.squares
        return np.maximum(accepted + missed + self.errors.false_accept.squares - 2 * self.errors.false_accept.total, 0)

    @cached_property
    def left_out(self) -> Floats:
        """Composition without each group, shape (..., groups, categories)."""
        rest = self.counts.sum(axis=-1)[..., None] - self.counts
        return composition(np.maximum(np.moveaxis(rest, -1, -2), 0))

    @cached_property
    def unfound(self) -> tuple[Floats, Floats, Floats]:
        """By class of errors the posts that it can hide in each category beyond what the variance holds of it."""
        classes = (self.errors.missed_candidate, self.errors.missed_other, self.errors.false_accept)
        missed_candidate, missed_other, false_accept = (unfound_posts(errors) for errors in classes)
        return missed_candidate, missed_other, -false_accept

    def unfound_moves(self, measure: Measure) -> tuple[Floats, Floats]:
        """How far down and up: of each class the category that moves the number most, squares added over classes."""
        value, below, above = measure(self.composition), np.zeros_like(self.posts), np.zeros_like(self.posts)
        for posts in self.unfound:
            added = self.totals[..., None, :] + posts[..., :, None] * np.eye(posts.shape[-1])
            moves = measure(composition(np.maximum(added, 0))) - value[..., None]
            below = below + np.minimum(moves, 0).min(axis=-1) ** 2
            above = above + np.maximum(moves, 0).max(axis=-1) ** 2
        return np.sqrt(below), np.sqrt(above)

    def unfound_difference_variances(self) -> Floats:
        """j seems too large by false accepts in j and by posts missed in k, shape (..., j, k)."""
        missed_candidate, missed_other, false_accept = self.unfound
        lowered = false_accept[..., :, None] ** 2 + (missed_candidate**2 + missed_other**2)[..., None, :]
        return np.asarray(lowered / (Z * self.posts[..., None, None]) ** 2)

    @property
    def unfound_distance(self) -> Floats:
        """Share of the posts that such errors can move to another category."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.sqrt(sum((posts**2).max(axis=-1) for posts in self.unfound)) / self.posts)

    def of(self, domain: int) -> "AuditedCounts":
        """The counts and errors of one element of the first axis."""
        return AuditedCounts(self.counts[domain], each_count(self.errors, lambda values: values[domain]))


def unfound_posts(count: WeightedCount) -> Floats:
    """The upper limit of a class of errors beyond what its found ones vary: 3.0 weights of one with none found."""
    _, high = weighted_count_limits(count)
    return np.sqrt(np.maximum((high - count.total) ** 2 - Z**2 * count.squares, 0))


def each_count(errors: AuditErrors, part: Callable[[Floats], Floats]) -> AuditErrors:
    """The same part of every array of the errors."""
    classes = (errors.missed_candidate, errors.missed_other, errors.false_accept)
    return AuditErrors(*(WeightedCount(part(one.total), part(one.squares), part(one.unfound)) for one in classes))
