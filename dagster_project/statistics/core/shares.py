"""Estimate columns of a share: <metric>, <metric>_low, <metric>_high as fractions of 1, 6 digits."""

from dataclasses import dataclass

import pandas as pd

from dagster_project.statistics.core.counts import cluster_sums, numbers
from dagster_project.statistics.core.proportions import (
    METHOD_CLUSTERED,
    METHOD_INDEPENDENT,
    effective_trials,
    proportion_interval,
)

SHARE_DIGITS = 6


@dataclass(frozen=True)
class Share:
    """One share of a counts table: numerator and denominator columns, and the prefix of its cluster sums.

    cluster_prefix None says that the units (posts, respondents) are taken as independent.
    """

    metric: str
    numerator: str
    denominator: str
    cluster_prefix: str | None = None

    @property
    def columns(self) -> list[str]:
        """The columns of the counts table that this share reads."""
        suffixes = ("cluster_count", "sum_yy", "sum_yn", "sum_nn") if self.cluster_prefix else ()
        return [self.numerator, self.denominator, *(f"{self.cluster_prefix}_{suffix}" for suffix in suffixes)]


def share_columns(counts: pd.DataFrame, share: Share, table: str) -> pd.DataFrame:
    """The three estimate columns of one share, null where its denominator is 0."""
    successes = numbers(counts, share.numerator, table)
    trials = numbers(counts, share.denominator, table)
    effective = None
    if share.cluster_prefix:
        effective = effective_trials(successes, trials, cluster_sums(counts, share.cluster_prefix, table))
    estimate = proportion_interval(successes, trials, effective)
    names = (share.metric, f"{share.metric}_low", f"{share.metric}_high")
    frame = pd.DataFrame(dict(zip(names, estimate, strict=True)), index=counts.index)
    return frame.round(SHARE_DIGITS).astype("Float64")


def share_estimates(
    counts: pd.DataFrame, table: str, keys: list[str], shares: tuple[Share, ...], units: str = "posts"
) -> pd.DataFrame:
    """Keys, the estimate columns of every share and the method in words."""
    is_clustered = all(share.cluster_prefix for share in shares)
    method = METHOD_CLUSTERED if is_clustered else METHOD_INDEPENDENT.format(units=units)
    columns = [share_columns(counts, share, table) for share in shares]
    estimates = pd.concat([counts[keys], *columns], axis=1)
    return estimates.assign(method=pd.Series(method, index=counts.index, dtype="str"))
