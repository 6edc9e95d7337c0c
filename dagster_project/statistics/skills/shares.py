"""Shares of AI posts that name a skill, its rank and its lift; and of gen-AI posts that name a group of skills."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from dagster_project.statistics.audit.correction import CorrectedShare
from dagster_project.statistics.core.estimates import (
    Floats,
    Share,
    Statistic,
    cluster_sums,
    effective_trials,
    numbers,
    proportion_interval,
)
from dagster_project.statistics.core.multiplicity import rank_intervals
from dagster_project.statistics.core.replicates import Estimate, ReplicateCounts
from dagster_project.statistics.shares import share_statistic
from dagster_project.statistics.spread.concentration import empty_estimates
from dagster_project.statistics.spread.counts import SMALLEST_GROUPS

LIFT_DIGITS = 4
SKILL_KEYS = ["posted_month", "population", "skill"]
CLUSTER_INPUTS = [
    f"{side}_{sums}" for side in ("ai", "other") for sums in ("cluster_count", "sum_yy", "sum_yn", "sum_nn")
]
LIFT_INPUTS = ["ai_post_count", "ai_total_count", "all_post_count", "all_total_count", *CLUSTER_INPUTS]
LIFT_COLUMNS = ("lift", "lift_low", "lift_high")
METHOD_LIFT = "ratio of two shares by MOVER from Wilson limits, effective n from linearised variance over clients"


@dataclass(frozen=True)
class Side:
    """A share among posts of one kind: value, low and high, and the effective number of posts; none gives 0 to 1."""

    share: Estimate
    effective: Floats

    @classmethod
    def of(cls, counts: pd.DataFrame, name: str, table: str) -> "Side":
        """From <name>_post_count, <name>_total_count and the cluster sums <name>_*."""
        named, posts = (numbers(counts, f"{name}_{kind}_count", table) for kind in ("post", "total"))
        effective = np.nan_to_num(effective_trials(named, posts, cluster_sums(counts, name, table)))
        share, low, high = proportion_interval(named, posts, effective)
        return cls((share, np.nan_to_num(low), np.nan_to_num(high, nan=1.0)), effective)


def share_ratio(of: Estimate, over: Estimate) -> Estimate:
    """Ratio of two shares, each given with its limits, with low and high (MOVER, Donner and Zou 2012).

    The two samples are taken as independent; clients who name a skill in posts of both kinds make the interval wider
    than it need be. Infinite ratio and upper limit where the lower share, or its lower limit, is 0.
    """
    a, a_low, a_high = of
    b, b_low, b_high = np.nan_to_num(over[0]), over[1], over[2]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(b > 0, a / b, np.inf)
        # the low limit multiplied out: the usual form divides by 0 where b's upper limit is 2 b
        fewer = np.sqrt(np.maximum((a * b) ** 2 - a_low * b_high * (2 * a - a_low) * (2 * b - b_high), 0))
        low = np.where(a_low > 0, a_low * (2 * a - a_low) / (a * b + fewer), 0.0)
        more = np.sqrt(np.maximum((a * b) ** 2 - a_high * b_low * (2 * a - a_high) * (2 * b - b_low), 0))
        high = np.where(b_low > 0, (a * b + more) / (b_low * (2 * b - b_low)), np.inf)
    return ratio, low, high


def over_all(ratio: Estimate, part: ArrayLike) -> Estimate:
    """Lift over all posts from the ratio over the other posts; `part`: AI posts as a fraction of all posts, given.

    The share of all posts is part * a + (1 - part) * b, so the lift r / (part * r + 1 - part) grows with the ratio r
    and the limits go through it.
    """
    weight = np.asarray(part, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        lifts = [np.where(np.isinf(r), 1 / weight, r / (weight * r + 1 - weight)) for r in ratio]
    return lifts[0], lifts[1], lifts[2]


def skill_lifts(counts: pd.DataFrame, table: str) -> pd.DataFrame:
    """SKILL_KEYS, lift over all posts with its limits, and the method."""
    kinds = {kind: numbers(counts, f"all_{kind}_count", table) for kind in ("post", "total")}
    others = {f"other_{kind}_count": all - numbers(counts, f"ai_{kind}_count", table) for kind, all in kinds.items()}
    both = counts.assign(**others)
    ratio = share_ratio(Side.of(both, "ai", table).share, Side.of(both, "other", table).share)
    lift = over_all(ratio, numbers(counts, "ai_total_count", table) / kinds["total"])
    return counts[SKILL_KEYS].assign(**lift_columns(lift, counts.index)).assign(method=METHOD_LIFT)


def lift_columns(lift: Estimate, index: pd.Index) -> dict[str, pd.Series]:
    """LIFT_COLUMNS, null where infinite."""
    finite = (pd.Series(np.where(np.isfinite(part), part, np.nan), index=index) for part in lift)
    return {name: part.round(LIFT_DIGITS).astype("Float64") for name, part in zip(LIFT_COLUMNS, finite, strict=True)}


SKILL_CORRECTION = CorrectedShare(
    "ai_share",
    "corrected_count",
    "ai_corrected",
    denominator="corrected_total_count",
    denominator_errors="total_",
)


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
    share_statistic(
        "skill_shares",
        "AI posts that name a skill over all AI posts of the month.",
        "int_monthly_skill_counts",
        SKILL_KEYS,
        "monthly_ai_skills",
        Share("ai_share", "ai_post_count", "ai_total_count", "ai"),
        corrected=(SKILL_CORRECTION,),
    ),
    share_statistic(
        "trailing_skill_shares",
        "AI posts that name a skill over all AI posts of a month and the two before it.",
        "int_trailing_skill_counts",
        ["period_id", "population", "skill"],
        "trailing_ai_skills",
        Share("ai_share", "ai_post_count", "ai_total_count", "ai"),
        corrected=(SKILL_CORRECTION,),
    ),
    share_statistic(
        "genai_group_shares",
        "Gen-AI posts of Data Science & Analytics (AI posts that carry a gen-AI skill or term), by group of gen-AI "
        "skills. Mention: posts that name any skill of the group. Fractional: each post counts 1, divided evenly over "
        "the groups that it names. Both over all of them.",
        "int_period_genai_group_counts",
        ["period_id", "series_id"],
        "period_genai_groups",
        Share("mention_share", "mention_post_count", "genai_post_count", "mention"),
        Share("fractional_share", "fractional_post_count", "genai_post_count", "fractional"),
        corrected=tuple(
            CorrectedShare(
                f"{measure}_share",
                f"{measure}_corrected_count",
                f"{measure}_corrected",
                errors=f"{measure}_",
                denominator="corrected_total_count",
                denominator_errors="total_",
            )
            for measure in ("mention", "fractional")
        ),
    ),
    Statistic(
        id="skill_lifts",
        definition="Share of the AI posts of the month that name a skill over the share of all its posts that do.",
        unit="ratio",
        method=METHOD_LIFT,
        counts_table="int_monthly_skill_counts",
        keys=SKILL_KEYS,
        inputs=LIFT_INPUTS,
        function=partial(skill_lifts, table="int_monthly_skill_counts"),
        mart="monthly_ai_skills",
        library="statsmodels.stats.proportion.proportion_confint",
    ),
    _statistic("skill_ranks", "the month", "int_monthly_skill_replicate_counts", MONTH, "monthly_ai_skills"),
    _statistic(
        "trailing_skill_ranks",
        "a month and the two before it",
        "int_trailing_skill_replicate_counts",
        PERIOD,
        "trailing_ai_skills",
    ),
]
