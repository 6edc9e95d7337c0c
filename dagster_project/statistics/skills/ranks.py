"""The rank of each skill among the AI posts of a month, with a simultaneous 95 % interval."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd

from dagster_project.statistics.core.counts import numbers
from dagster_project.statistics.core.rank_intervals import rank_intervals
from dagster_project.statistics.core.replicates import ReplicateCounts
from dagster_project.statistics.core.statistic import Statistic
from dagster_project.statistics.spread.concentration import empty_estimates
from dagster_project.statistics.spread.counts import SMALLEST_GROUPS

MONTH = ["posted_month", "population"]
SKILL_RANK_KEYS = [*MONTH, "skill"]
SKILL_COUNTS_KEYS = [*SKILL_RANK_KEYS, "client_group"]
RANKS = ["skill_rank", "skill_rank_low", "skill_rank_high"]
SMALLEST_NUMERATOR = 10
METHOD_SKILL_RANKS = (
    "pairwise differences of the skills' mentions, delete-a-group jackknife over clients, Holm over all pairs of "
    f"skills named in at least {SMALLEST_NUMERATOR} AI posts"
)


def skill_rank_estimates(counts: pd.DataFrame, table: str) -> pd.DataFrame:
    """SKILL_RANK_KEYS, skill_rank with _low (best) and _high (worst), for skills named in at least ten AI posts.

    A post names several skills, so mentions of two skills vary together and the multinomial floor of the variance of
    their difference makes an interval wider than it need be. Limits are null under ten client groups.
    """
    columns = [*SKILL_RANK_KEYS, *RANKS, "method"]
    values = counts.assign(ai_post_count=numbers(counts, "ai_post_count", table))
    named = values.groupby(SKILL_RANK_KEYS)["ai_post_count"].transform("sum") >= SMALLEST_NUMERATOR
    months = [_month_ranks(month) for month in _months(values[named])]
    if not months:
        return empty_estimates(columns, [], RANKS)
    return pd.concat(months, ignore_index=True).assign(method=METHOD_SKILL_RANKS)[columns]


def _months(counts: pd.DataFrame) -> Iterator[pd.DataFrame]:
    return (month for _, month in counts.groupby(MONTH, sort=True))


def _month_ranks(month: pd.DataFrame) -> pd.DataFrame:
    wide = month.pivot(index="skill", columns="client_group", values="ai_post_count").fillna(0.0)
    grouped = ReplicateCounts(wide.to_numpy())
    ranks = dict(zip(RANKS, rank_intervals(grouped), strict=True))
    frame = pd.DataFrame({name: pd.Series(np.atleast_1d(rank)) for name, rank in ranks.items()}).astype("Int64")
    if grouped.groups < SMALLEST_GROUPS:
        frame[RANKS[1:]] = pd.NA
    first = month.iloc[0]
    return frame.assign(skill=wide.index.to_numpy(), **{key: first[key] for key in MONTH})


STATISTICS = [
    Statistic(
        id="skill_ranks",
        definition="Rank of each skill by the AI posts of the month that name it, with the best and the worst rank "
        "that the data allow, for all skills of at least ten AI posts at once. No limits under 10 client groups.",
        unit="rank",
        method=METHOD_SKILL_RANKS,
        counts_table="int_monthly_skill_replicate_counts",
        keys=SKILL_COUNTS_KEYS,
        inputs=["ai_post_count"],
        function=partial(skill_rank_estimates, table="int_monthly_skill_replicate_counts"),
        mart="monthly_ai_skills",
        library="scipy.stats.t",
        grain=SKILL_RANK_KEYS,
    ),
]
