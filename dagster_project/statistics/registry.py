"""Every statistic that the project publishes: what it means, how it is computed, where it lands."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pandas as pd

from dagster_project.statistics.counts import CountsError, require_columns, require_unique_keys
from dagster_project.statistics.growth import METHOD_GROWTH, SERIES_KEYS, monthly_growth
from dagster_project.statistics.proportions import METHOD_CLUSTERED, METHOD_INDEPENDENT
from dagster_project.statistics.shares import Share, share_estimates


@dataclass(frozen=True)
class Statistic:
    """One entry of the registry; `function` maps the checked counts frame to keys + estimate columns.

    keys: the key of the counts table; inputs: its further columns that the function reads.
    """

    id: str
    definition: str
    unit: str
    method: str
    counts_table: str
    keys: list[str]
    inputs: list[str]
    function: Callable[[pd.DataFrame], pd.DataFrame]
    mart: str
    library: str


def _share_statistic(
    id: str,
    definition: str,
    counts_table: str,
    keys: list[str],
    mart: str,
    *shares: Share,
    units: str = "posts",
) -> Statistic:
    is_clustered = all(share.cluster_prefix for share in shares)
    return Statistic(
        id=id,
        definition=definition,
        unit="fraction of 1",
        method=METHOD_CLUSTERED if is_clustered else METHOD_INDEPENDENT.format(units=units),
        counts_table=counts_table,
        keys=keys,
        inputs=list(dict.fromkeys(column for share in shares for column in share.columns)),
        function=partial(share_estimates, table=counts_table, keys=keys, shares=shares, units=units),
        mart=mart,
        library="statsmodels.stats.proportion.proportion_confint",
    )


STATISTICS = [
    _share_statistic(
        "period_shares",
        "Composition: classified posts in a category over all classified posts of the technology in the "
        "period. Penetration: classified posts in a category over all posts in it.",
        "int_period_share_counts",
        ["period_id", "technology", "category_id", "value_filter"],
        "period_technology_category_shares",
        Share("composition_share", "classified_count", "technology_post_count", "composition"),
        Share("penetration_share", "classified_count", "category_post_count", "penetration"),
    ),
    _share_statistic(
        "contract_values",
        "Known: posts whose projected value is known over all posts. High value: posts projected strictly "
        "above 1,000 USD over posts of known projected value.",
        "int_period_value_counts",
        ["period_id", "technology", "category_id"],
        "contract_values",
        Share("known_value_share", "known_value_count", "post_count", "known_value"),
        Share("high_value_share", "high_value_count", "known_value_count", "high_value"),
    ),
    Statistic(
        id="monthly_growth",
        definition="Posts of a month over posts of the month before, or of the same month a year before, "
        "minus 1. Withheld where a month is not complete, the base is absent or it has fewer than 10 posts.",
        unit="percent",
        method=METHOD_GROWTH,
        counts_table="int_monthly_growth_counts",
        keys=["posted_month", *SERIES_KEYS],
        inputs=["post_count", "sum_client_squares", "status", "status_reason"],
        function=partial(monthly_growth, table="int_monthly_growth_counts"),
        mart="monthly_category_growth",
        library="statsmodels.stats.proportion.proportion_confint",
    ),
    _share_statistic(
        "technology_penetration",
        "Classified posts of a technology over all posts of the month.",
        "int_monthly_technology_counts",
        ["posted_month", "technology", "population"],
        "monthly_technology_posts",
        Share("penetration_share", "classified_count", "post_count", "penetration"),
    ),
    _share_statistic(
        "skill_shares",
        "AI posts that name a skill over all AI posts of the month.",
        "int_monthly_skill_counts",
        ["posted_month", "population", "skill"],
        "monthly_ai_skills",
        Share("ai_share", "ai_post_count", "ai_total_count"),
    ),
    _share_statistic(
        "pulse_shares",
        "Respondents who gave an answer over all respondents of the question, unweighted, per wording.",
        "int_pulse_answer_counts",
        ["wave_month", "question_id", "wording_version", "answer"],
        "pulse_answer_shares",
        Share("answer_share", "answer_count", "respondent_count"),
        units="respondents",
    ),
]
REGISTRY = {statistic.id: statistic for statistic in STATISTICS}


def compute(statistic_id: str, counts: pd.DataFrame) -> pd.DataFrame:
    """Keys and estimate columns of one statistic; an empty counts frame gives the same columns without rows.

    Raises KeyError for an unknown id and CountsError for missing columns, repeated keys or impossible counts.
    """
    if statistic_id not in REGISTRY:
        raise KeyError(f"no statistic {statistic_id!r}; the registry has {', '.join(REGISTRY)}")
    statistic = REGISTRY[statistic_id]
    require_columns(counts, [*statistic.keys, *statistic.inputs], statistic.counts_table)
    require_unique_keys(counts, statistic.keys, statistic.counts_table)
    try:
        return statistic.function(counts.reset_index(drop=True))
    except CountsError:
        raise
    except ValueError as error:
        raise CountsError(f"{statistic.counts_table}: {error}") from error
