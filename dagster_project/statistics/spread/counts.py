"""Posts by period, technology, category and client group as arrays, as the classifier counts and as audits correct.

Every audited post adds (y - f)/pi to its category and client group, so leaving out a group leaves out its posts and
what the audit found among them: the variance over the groups holds the sampling of clients and that of the audit. What
it cannot hold are errors that were not found; they lie on top, each class in the category that moves the number most.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from dagster_project.statistics.audit.classifier_audit import AuditErrors, WeightedCount, weighted_count_limits
from dagster_project.statistics.audit.correction import AUDITED, ERROR_CLASSES, SAMPLE_COLUMNS, Z, not_corrected_reason
from dagster_project.statistics.core.estimates import Floats, numbers
from dagster_project.statistics.core.replicates import Measure, ReplicateCounts, composition


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


DOMAIN = ["period_id", "technology"]
CATEGORY_KEYS = [*DOMAIN, "category_id"]
COUNTS_KEYS = [*CATEGORY_KEYS, "client_group"]
SMALLEST_SAMPLE = 30
SMALLEST_GROUPS = 10
ERROR_COLUMNS = [f"{name}_{kind}" for name in ERROR_CLASSES for kind in ("weight", "squares")]
INPUTS = ["is_technical", "classified_count", *ERROR_COLUMNS, *SAMPLE_COLUMNS]


@dataclass(frozen=True)
class SpreadCounts:
    """Posts of every period and technology: `domains` has a row each, `counts` the shape (domain, category, group).

    categories: ids in the order of the second axis; is_technical: of the same length. corrected: as `counts`, with the
    audit's errors. audited: audited posts of the technology, shape (domain, category); `domains` has their sum.
    """

    domains: pd.DataFrame
    categories: list[str]
    is_technical: np.ndarray
    counts: ReplicateCounts
    corrected: AuditedCounts
    audited: np.ndarray

    @property
    def withheld_reason(self) -> pd.Series:
        """Why a domain gets no estimate; null where it does. A small count is not said: it may be hidden."""
        reason = pd.Series(None, index=self.domains.index, dtype="str")
        reason = reason.mask(self.counts.groups < SMALLEST_GROUPS, f"fewer than {SMALLEST_GROUPS} client groups")
        return reason.mask(self.counts.posts < SMALLEST_SAMPLE, f"fewer than {SMALLEST_SAMPLE} posts")

    @property
    def not_corrected_reason(self) -> pd.Series:
        """Why a domain gets no corrected estimate; null where it does."""
        is_small = self.corrected.posts < SMALLEST_SAMPLE
        reason = not_corrected_reason(self.domains["not_corrected_reason"], self.domains[AUDITED])
        left = reason.mask(reason.isna() & is_small, f"the audit leaves fewer than {SMALLEST_SAMPLE} posts")
        return left.fillna(self.withheld_reason)


def spread_counts(counts: pd.DataFrame, table: str) -> SpreadCounts:
    """The counts table as arrays; a category or client group without a row has no post."""
    kept = [c for c in [*DOMAIN, "period_kind", "period_start", *SAMPLE_COLUMNS] if c in counts]
    domains = counts.sort_values(COUNTS_KEYS)[kept].drop_duplicates(DOMAIN).reset_index(drop=True)
    categories = sorted(counts["category_id"].unique())
    technical = counts.drop_duplicates("category_id").set_index("category_id")["is_technical"]
    accepted = _array(counts, "classified_count", domains, categories, table)
    errors, net = _errors(counts, domains, categories, table)
    audited = _array(counts, AUDITED, domains, categories, table).max(axis=-1)  # the same in every client group
    return SpreadCounts(
        domains.assign(**{AUDITED: audited.sum(axis=-1).astype(int)}),
        categories,
        technical.loc[categories].to_numpy(bool),
        ReplicateCounts(accepted),
        AuditedCounts(accepted + net, errors),
        audited,
    )


def _array(counts: pd.DataFrame, column: str, domains: pd.DataFrame, categories: list[str], table: str) -> Floats:
    """One column of the counts in the shape (domain, category, group)."""
    index = pd.MultiIndex.from_tuples(
        [(*domain, category) for domain in domains[DOMAIN].itertuples(index=False) for category in categories],
        names=CATEGORY_KEYS,
    )
    values = counts[COUNTS_KEYS].assign(value=numbers(counts, column, table))
    wide = values.set_index(COUNTS_KEYS)["value"].unstack("client_group")
    return np.asarray(wide.reindex(index).fillna(0.0).to_numpy().reshape(len(domains), len(categories), -1), float)


def _errors(
    counts: pd.DataFrame, domains: pd.DataFrame, categories: list[str], table: str
) -> tuple[AuditErrors, Floats]:
    """Audit errors by domain and category, and what they add to the posts of each client group."""
    sums = {column: _array(counts, column, domains, categories, table) for column in ERROR_COLUMNS}
    unfound = {
        kind: domains[f"unfound_{kind}_weight"].astype(float).fillna(0.0).to_numpy()[:, None]
        for kind in ("candidate", "other")
    }
    of_class = dict(zip(ERROR_CLASSES, (unfound["candidate"], unfound["other"], unfound["candidate"]), strict=True))
    classes = [
        WeightedCount.of(sums[f"{name}_weight"].sum(axis=-1), sums[f"{name}_squares"].sum(axis=-1), of_class[name])
        for name in ERROR_CLASSES
    ]
    net = sums["missed_candidate_weight"] + sums["missed_other_weight"] - sums["false_accept_weight"]
    return AuditErrors(*classes), net
