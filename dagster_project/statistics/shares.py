"""Shares of technologies: by category and period, by month, and of what is projected above 1,000 USD."""

from collections.abc import Callable
from functools import partial

import pandas as pd

from dagster_project.statistics.audit.correction import CorrectedShare, corrected_columns
from dagster_project.statistics.core.estimates import METHOD_CLUSTERED, Share, Statistic, share_estimates


def share_statistic(
    id: str,
    definition: str,
    counts_table: str,
    keys: list[str],
    mart: str,
    *shares: Share,
    corrected: tuple[CorrectedShare, ...] = (),
    audited_units: str = "posts",
) -> Statistic:
    """A statistic made of shares alone, each with its interval, and corrected by the audit sample where it can be."""
    naive = partial(share_estimates, table=counts_table, keys=keys, shares=shares)
    read = [*(name for share in shares for name in share.columns), *(name for one in corrected for name in one.columns)]
    return Statistic(
        id=id,
        definition=definition,
        unit="fraction of 1",
        method=METHOD_CLUSTERED,
        counts_table=counts_table,
        keys=keys,
        inputs=[column for column in dict.fromkeys(read) if column not in keys],
        function=partial(
            _with_correction, naive=naive, corrected=corrected, table=counts_table, audited_units=audited_units
        ),
        mart=mart,
        library="statsmodels.stats.proportion.proportion_confint",
    )


def _with_correction(
    counts: pd.DataFrame,
    naive: Callable[[pd.DataFrame], pd.DataFrame],
    corrected: tuple[CorrectedShare, ...],
    table: str,
    audited_units: str,
) -> pd.DataFrame:
    """The naive estimates with the corrected ones beside them, where the statistic has any."""
    estimates = naive(counts)
    if not corrected:
        return estimates
    return pd.concat([estimates, corrected_columns(counts, corrected, table, audited_units)], axis=1)


STATISTICS = [
    share_statistic(
        "period_shares",
        "Composition: classified posts in a category over all classified posts of the technology in the "
        "period. Penetration: classified posts in a category over all posts in it.",
        "int_period_share_counts",
        ["period_id", "technology", "category_id", "value_filter"],
        "period_technology_category_shares",
        Share("composition_share", "classified_count", "technology_post_count", "composition"),
        Share("penetration_share", "classified_count", "category_post_count", "penetration"),
        corrected=(
            CorrectedShare(
                "composition_share",
                "corrected_count",
                "composition_corrected",
                parts_of=("period_id", "technology", "value_filter"),
            ),
            CorrectedShare(
                "penetration_share",
                "corrected_count",
                "penetration_corrected",
                denominator="category_post_count",
                audited="category_audited_count",
            ),
        ),
    ),
    share_statistic(
        "period_projected_values",
        "Known: posts whose projected value is known over all posts. High value: posts projected strictly "
        "above 1,000 USD over posts of known projected value.",
        "int_period_value_counts",
        ["period_id", "technology", "category_id"],
        "period_projected_values",
        Share("known_value_share", "known_value_count", "post_count", "known_value"),
        Share("high_value_share", "high_value_count", "known_value_count", "high_value"),
        corrected=(
            CorrectedShare(
                "high_value_share",
                "corrected_high_count",
                "high_value_corrected",
                errors="high_",
                denominator="corrected_known_count",
                denominator_errors="known_",
            ),
        ),
    ),
    share_statistic(
        "technology_penetration",
        "Classified posts of a technology over all posts of the month.",
        "int_monthly_technology_counts",
        ["posted_month", "technology", "population"],
        "monthly_technology_posts",
        Share("penetration_share", "classified_count", "post_count", "penetration"),
        corrected=(
            CorrectedShare("penetration_share", "corrected_count", "penetration_corrected", denominator="post_count"),
        ),
    ),
]
