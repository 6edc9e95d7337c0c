"""The rank of each skill among the AI posts of a month or of three, with a simultaneous 95 % interval."""

from functools import partial

import numpy as np
import pandas as pd

from dagster_project.statistics.core.multiplicity import rank_intervals
from dagster_project.statistics.core.proportions import numbers
from dagster_project.statistics.core.replicates import ReplicateCounts
from dagster_project.statistics.core.statistic import Statistic
from dagster_project.statistics.spread.concentration import empty_estimates
from dagster_project.statistics.spread.counts import SMALLEST_GROUPS

MONTH, PERIOD = ["posted_month", "population"], ["period_id", "population"]
RANKS = ["skill_rank", "skill_rank_low", "skill_rank_high"]
SMALLEST_NUMERATOR = 10
METHOD_SKILL_RANKS = (
    "pairwise differences of the skills' mentions, delete-a-group jackknife over clients, Holm over all pairs of "
    f"skills named in at least {SMALLEST_NUMERATOR} AI posts"
)


def skill_rank_estimates(counts: pd.DataFrame, table: str, domain: list[str]) -> pd.DataFrame:
    """Domain (MONTH, PERIOD), skill, skill_rank with _low (best) and _high (worst); skills of at least ten AI posts.

    A post names several skills, so mentions of two skills vary together and the multinomial floor of the variance of
    their difference makes an interval wider than it need be. Limits are null under ten client groups.
    """
    columns = [*domain, "skill", *RANKS, "method"]
    values = counts.assign(ai_post_count=numbers(counts, "ai_post_count", table))
    named = values.groupby([*domain, "skill"])["ai_post_count"].transform("sum") >= SMALLEST_NUMERATOR
    ranked = [_ranks(rows, domain) for _, rows in values[named].groupby(domain, sort=True)]
    if not ranked:
        return empty_estimates(columns, [], RANKS)
    return pd.concat(ranked, ignore_index=True).assign(method=METHOD_SKILL_RANKS)[columns]


def _ranks(rows: pd.DataFrame, domain: list[str]) -> pd.DataFrame:
    wide = rows.pivot(index="skill", columns="client_group", values="ai_post_count").fillna(0.0)
    grouped = ReplicateCounts(wide.to_numpy())
    ranks = dict(zip(RANKS, rank_intervals(grouped), strict=True))
    frame = pd.DataFrame({name: pd.Series(np.atleast_1d(rank)) for name, rank in ranks.items()}).astype("Int64")
    if grouped.groups < SMALLEST_GROUPS:
        frame[RANKS[1:]] = pd.NA
    first = rows.iloc[0]
    return frame.assign(skill=wide.index.to_numpy(), **{key: first[key] for key in domain})


def _statistic(id: str, posts: str, counts_table: str, domain: list[str], mart: str) -> Statistic:
    return Statistic(
        id=id,
        definition=f"Rank of each skill by the AI posts of {posts} that name it, with the best and the worst rank "
        "that the data allow, for all skills of at least ten AI posts at once. No limits under 10 client groups.",
        unit="rank",
        method=METHOD_SKILL_RANKS,
        counts_table=counts_table,
        keys=[*domain, "skill", "client_group"],
        inputs=["ai_post_count"],
        function=partial(skill_rank_estimates, table=counts_table, domain=domain),
        mart=mart,
        library="scipy.stats.t",
        grain=[*domain, "skill"],
    )


STATISTICS = [
    _statistic("skill_ranks", "the month", "int_monthly_skill_replicate_counts", MONTH, "monthly_ai_skills"),
    _statistic(
        "trailing_skill_ranks",
        "a month and the two before it",
        "int_trailing_skill_replicate_counts",
        PERIOD,
        "trailing_ai_skills",
    ),
]
