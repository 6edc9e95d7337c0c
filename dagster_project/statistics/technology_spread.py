"""How technologies spread over categories: estimates from the counts by client group."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dagster_project.statistics.concentration import concentration
from dagster_project.statistics.counts import numbers
from dagster_project.statistics.rank_intervals import rank_intervals
from dagster_project.statistics.replicates import Estimate, ReplicateCounts
from dagster_project.statistics.shares import SHARE_DIGITS

DOMAIN = ["period_id", "technology"]
COUNTS_KEYS = [*DOMAIN, "category_id", "client_group"]
RANK_KEYS = [*DOMAIN, "category_id"]
CONCENTRATION_METRICS = ("herfindahl", "effective_categories", "top_share", "top_two_share")
SMALLEST_SAMPLE = 30
SMALLEST_GROUPS = 10
METHOD_CONCENTRATION = "delete-a-group jackknife over clients, bias removed, log scale; Wilson for the top shares"
METHOD_RANKS = "pairwise differences of shares, delete-a-group jackknife over clients, Holm over all pairs"


@dataclass(frozen=True)
class SpreadCounts:
    """Posts of every period and technology: `domains` has a row each, `counts` the shape (domain, category, group).

    categories: ids in the order of the second axis; is_technical: of the same length.
    """

    domains: pd.DataFrame
    categories: list[str]
    is_technical: np.ndarray
    counts: ReplicateCounts

    @property
    def withheld_reason(self) -> pd.Series:
        """Why a domain gets no estimate; null where it does."""
        posts, groups = self.counts.posts, self.counts.groups
        few_posts = pd.Series(posts).map("{:.0f}".format) + f" posts, fewer than {SMALLEST_SAMPLE}"
        few_groups = pd.Series(groups).map("{:.0f}".format) + f" client groups, fewer than {SMALLEST_GROUPS}"
        reason = pd.Series(None, index=self.domains.index, dtype="str")
        return reason.mask(groups < SMALLEST_GROUPS, few_groups).mask(posts < SMALLEST_SAMPLE, few_posts)


def spread_counts(counts: pd.DataFrame, table: str) -> SpreadCounts:
    """The counts table as arrays; a category or client group without a row has no post."""
    values = counts.assign(classified_count=numbers(counts, "classified_count", table))
    values = values.sort_values(COUNTS_KEYS)
    wide = values.set_index(COUNTS_KEYS)["classified_count"].unstack("client_group")
    categories = sorted(counts["category_id"].unique())
    domains = values[[c for c in [*DOMAIN, "period_kind", "period_start"] if c in values]].drop_duplicates(DOMAIN)
    index = pd.MultiIndex.from_tuples(
        [(*domain, category) for domain in domains[DOMAIN].itertuples(index=False) for category in categories],
        names=RANK_KEYS,
    )
    array = wide.reindex(index).fillna(0.0).to_numpy().reshape(len(domains), len(categories), -1)
    technical = values.drop_duplicates("category_id").set_index("category_id")["is_technical"]
    return SpreadCounts(
        domains.reset_index(drop=True), categories, technical.loc[categories].to_numpy(bool), ReplicateCounts(array)
    )


def concentration_estimates(counts: pd.DataFrame, table: str) -> pd.DataFrame:
    """Keys period_id, technology; Herfindahl index, effective categories, top shares, each with _low and _high."""
    metrics = [name for metric in CONCENTRATION_METRICS for name in (metric, f"{metric}_low", f"{metric}_high")]
    columns = [*DOMAIN, "technology_post_count", "client_group_count", *metrics, "withheld_reason", "method"]
    if counts.empty:
        return empty_estimates(columns, metrics, ["technology_post_count", "client_group_count"])
    spread = spread_counts(counts, table)
    reason = spread.withheld_reason
    frame = spread.domains[DOMAIN].assign(
        technology_post_count=spread.counts.posts.astype(int),
        client_group_count=spread.counts.groups.astype(int),
        withheld_reason=reason,
        method=METHOD_CONCENTRATION,
    )
    for name, estimate in concentration(spread.counts).items():
        frame = frame.assign(**_columns(name, estimate, reason))
    return frame[columns]


def rank_estimates(counts: pd.DataFrame, table: str) -> pd.DataFrame:
    """Keys period_id, technology, category_id; category_rank with _low (best) and _high (worst)."""
    ranks = ["category_rank", "category_rank_low", "category_rank_high"]
    columns = [*RANK_KEYS, *ranks, "withheld_reason", "method"]
    if counts.empty:
        return empty_estimates(columns, [], ranks)
    spread = spread_counts(counts, table)
    places = len(spread.categories)
    frame = spread.domains[DOMAIN].assign(withheld_reason=spread.withheld_reason, method=METHOD_RANKS)
    frame = frame.loc[frame.index.repeat(places)].reset_index(drop=True)
    frame["category_id"] = spread.categories * len(spread.domains)
    for name, rank in zip(ranks, rank_intervals(spread.counts), strict=True):
        frame[name] = pd.Series(rank.ravel()).where(frame["withheld_reason"].isna()).astype("Int64")
    return frame[columns]


def empty_estimates(columns: list[str], metrics: list[str], whole: list[str]) -> pd.DataFrame:
    """The columns without a row, with the types that rows would have."""
    types = dict.fromkeys(columns, "str") | dict.fromkeys(metrics, "Float64") | dict.fromkeys(whole, "Int64")
    return pd.DataFrame({column: pd.Series(dtype=types[column]) for column in columns})


def _columns(name: str, estimate: Estimate, reason: pd.Series) -> dict[str, pd.Series]:
    names = (name, f"{name}_low", f"{name}_high")
    return {
        column: pd.Series(np.round(values, SHARE_DIGITS)).where(reason.isna()).astype("Float64")
        for column, values in zip(names, estimate, strict=True)
    }
