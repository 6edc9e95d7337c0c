"""How a technology's posts divide over categories: concentration and ranks, as classified and corrected."""

from functools import partial

import numpy as np
import pandas as pd

from dagster_project.statistics.audit.correction import correction_words
from dagster_project.statistics.core.estimates import SHARE_DIGITS, Floats, Statistic
from dagster_project.statistics.core.multiplicity import rank_intervals
from dagster_project.statistics.core.replicates import Estimate, ReplicateCounts, positive_interval, share_interval
from dagster_project.statistics.spread.counts import CATEGORY_KEYS, COUNTS_KEYS, DOMAIN, INPUTS, spread_counts


def herfindahl(shares: Floats) -> Floats:
    """Sum of squared shares: the chance that two posts drawn at random lie in one category (Herfindahl 1950)."""
    return np.asarray((shares**2).sum(axis=-1))


def effective_categories(shares: Floats) -> Floats:
    """exp(Shannon entropy): the number of equally large categories that are as dispersed (Hill 1973, order 1)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(shares == 0, 0.0, shares * np.log(shares))
    return np.exp(-terms.sum(axis=-1))


def top_share(shares: Floats, places: int) -> Floats:
    """Sum of the `places` largest shares."""
    return np.asarray(np.sort(shares, axis=-1)[..., -places:].sum(axis=-1))


def concentration(counts: ReplicateCounts) -> dict[str, Estimate]:
    """Herfindahl index, effective number of categories, top-1 and top-2 share, each with its 95 % interval.

    Small samples look too concentrated, with about (1 - H)/n for the index and a factor exp(-(k - 1)/2n) for the
    effective number of k categories (Miller 1955), so both are reduced by the jackknife estimate of their bias. The
    top shares are the plain ones; their bias is small unless the leaders tie.
    """
    categories = counts.counts.shape[-2]
    return {
        "herfindahl": positive_interval(counts.measured(herfindahl), 1 / categories, 1.0),
        "effective_categories": positive_interval(counts.measured(effective_categories), 1.0, float(categories)),
        "top_share": share_interval(counts.measured(lambda shares: top_share(shares, 1))),
        "top_two_share": share_interval(counts.measured(lambda shares: top_share(shares, 2))),
    }


CONCENTRATION_METRICS = [
    f"{metric}{end}"
    for metric in ("herfindahl", "effective_categories", "top_share", "top_two_share")
    for end in ("", "_low", "_high")
]
RANKS = ["category_rank", "category_rank_low", "category_rank_high"]
METHOD_CONCENTRATION = "delete-a-group jackknife over clients, bias removed, log scale; Wilson for the top shares"
METHOD_RANKS = "pairwise differences of shares, delete-a-group jackknife over clients, Holm over all pairs"


def concentration_estimates(counts: pd.DataFrame, table: str) -> pd.DataFrame:
    """Keys period_id, technology; Herfindahl index, effective categories, top shares, each with _low and _high.

    The same again as `corrected_...`, with `corrected_post_count` and in `correction` by what, or why not.
    """
    metrics = [*CONCENTRATION_METRICS, *(f"corrected_{name}" for name in CONCENTRATION_METRICS)]
    whole = ["technology_post_count", "client_group_count", "corrected_post_count"]
    columns = [*DOMAIN, *whole, *metrics, "withheld_reason", "method", "correction"]
    if counts.empty:
        return empty_estimates(columns, metrics, whole)
    spread = spread_counts(counts, table)
    withheld, not_corrected = spread.withheld_reason, spread.not_corrected_reason
    frame = spread.domains[DOMAIN].assign(
        technology_post_count=spread.counts.posts.astype(int),
        client_group_count=spread.counts.groups.astype(int),
        corrected_post_count=_whole(spread.corrected.posts, not_corrected),
        withheld_reason=withheld,
        method=METHOD_CONCENTRATION,
        correction=correction_words(spread.domains["audited_count"], not_corrected),
        **_concentration(spread.counts, withheld),
        **_concentration(spread.corrected, not_corrected, "corrected_"),
    )
    return frame[columns]


def rank_estimates(counts: pd.DataFrame, table: str) -> pd.DataFrame:
    """Keys period_id, technology, category_id; category_rank, _low (best), _high (worst), naive and corrected."""
    ranks = [*RANKS, *(f"corrected_{name}" for name in RANKS)]
    columns = [*CATEGORY_KEYS, *ranks, "withheld_reason", "method", "correction"]
    if counts.empty:
        return empty_estimates(columns, [], ranks)
    spread = spread_counts(counts, table)
    places = len(spread.categories)
    not_corrected = spread.not_corrected_reason
    frame = spread.domains[DOMAIN].assign(
        withheld_reason=spread.withheld_reason,
        method=METHOD_RANKS,
        correction=correction_words(spread.domains["audited_count"], not_corrected),
    )
    frame = frame.loc[frame.index.repeat(places)].reset_index(drop=True)
    frame["category_id"] = spread.categories * len(spread.domains)
    frame = frame.assign(
        **_ranks(spread.counts, spread.withheld_reason), **_ranks(spread.corrected, not_corrected, "corrected_")
    )
    return frame[columns]


def empty_estimates(columns: list[str], metrics: list[str], whole: list[str]) -> pd.DataFrame:
    """The columns without a row, with the types that rows would have."""
    types = dict.fromkeys(columns, "str") | dict.fromkeys(metrics, "Float64") | dict.fromkeys(whole, "Int64")
    return pd.DataFrame({column: pd.Series(dtype=types[column]) for column in columns})


def _concentration(counts: ReplicateCounts, reason: pd.Series, prefix: str = "") -> dict[str, pd.Series]:
    """The columns of every measure by domain, null where there is a reason."""
    return {
        f"{prefix}{name}{end}": pd.Series(np.round(values, SHARE_DIGITS)).where(reason.isna()).astype("Float64")
        for name, estimate in concentration(counts).items()
        for end, values in zip(("", "_low", "_high"), estimate, strict=True)
    }


def _ranks(counts: ReplicateCounts, reason: pd.Series, prefix: str = "") -> dict[str, pd.Series]:
    """The columns of the ranks by domain and category, null where there is a reason."""
    of_category = reason.loc[reason.index.repeat(counts.totals.shape[-1])].reset_index(drop=True)
    return {
        f"{prefix}{name}": _whole(rank.ravel(), of_category)
        for name, rank in zip(RANKS, rank_intervals(counts), strict=True)
    }


def _whole(values: np.ndarray, reason: pd.Series) -> pd.Series:
    return pd.Series(np.rint(values)).where(reason.isna()).astype("Int64")


STATISTICS = [
    Statistic(
        id="technology_concentration",
        definition="Over the shares of the categories among a technology's classified posts: Herfindahl index (sum of "
        "squares), exp(entropy) as the effective number of categories, the largest share and the two largest together. "
        "Withheld under 30 posts or 10 client groups. Corrected: from the posts with the audit's errors added.",
        unit="fraction of 1; categories",
        method=METHOD_CONCENTRATION,
        counts_table="int_period_replicate_counts",
        keys=COUNTS_KEYS,
        inputs=INPUTS,
        function=partial(concentration_estimates, table="int_period_replicate_counts"),
        mart="period_technology_concentration",
        library="statsmodels.stats.proportion.proportion_confint, scipy.stats.t",
        grain=DOMAIN,
    ),
    Statistic(
        id="category_ranks",
        definition="Rank of each category by its share of a technology's classified posts, with the best and the worst "
        "rank that the data allow, for all categories at once. Withheld under 30 posts or 10 client groups. Corrected: "
        "from the posts with the audit's errors added.",
        unit="rank",
        method=METHOD_RANKS,
        counts_table="int_period_replicate_counts",
        keys=COUNTS_KEYS,
        inputs=INPUTS,
        function=partial(rank_estimates, table="int_period_replicate_counts"),
        mart="period_category_ranks",
        library="scipy.stats.t",
        grain=CATEGORY_KEYS,
    ),
]
