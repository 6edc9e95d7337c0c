"""Posts by period, technology, category and client group as arrays, as the classifier counts and as audits correct."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dagster_project.statistics.audit.correction import AUDITED, ERROR_CLASSES, SAMPLE_COLUMNS, not_corrected_reason
from dagster_project.statistics.audit.errors import AuditErrors, WeightedCount
from dagster_project.statistics.audit.replicates import AuditedCounts
from dagster_project.statistics.core.counts import numbers
from dagster_project.statistics.core.replicates import Floats, ReplicateCounts

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
