"""Every statistic that the project publishes: what it means, how it is computed, where it lands."""

from collections.abc import Callable
from functools import partial

import pandas as pd

from dagster_project.statistics.audit.classifier_audit import INPUTS as AUDIT_INPUTS
from dagster_project.statistics.audit.classifier_audit import METHOD as METHOD_AUDIT
from dagster_project.statistics.audit.classifier_audit import classifier_audit
from dagster_project.statistics.audit.correction import CorrectedShare, corrected_columns
from dagster_project.statistics.contracts import METHOD_ACTIVITY, contract_activity
from dagster_project.statistics.core.counts import CountsError, require_columns, require_unique_keys
from dagster_project.statistics.core.proportions import METHOD_CLUSTERED, METHOD_INDEPENDENT
from dagster_project.statistics.core.shares import Share, share_estimates
from dagster_project.statistics.core.statistic import Statistic
from dagster_project.statistics.drift import INPUTS as DRIFT_INPUTS
from dagster_project.statistics.drift import KEYS as DRIFT_KEYS
from dagster_project.statistics.drift import METHOD_DRIFT, monthly_drift
from dagster_project.statistics.growth.adjusted import METHOD_SEASONAL, monthly_adjusted_growth
from dagster_project.statistics.growth.panel import PANEL_INPUTS, PANEL_KEYS
from dagster_project.statistics.growth.raw import METHOD_GROWTH, SERIES_KEYS, monthly_growth
from dagster_project.statistics.searches import METHOD_SEARCHES, search_growth
from dagster_project.statistics.skills.lift import LIFT_INPUTS, METHOD_LIFT, SKILL_KEYS, skill_lifts
from dagster_project.statistics.skills.ranks import (
    METHOD_SKILL_RANKS,
    SKILL_COUNTS_KEYS,
    SKILL_RANK_KEYS,
    skill_rank_estimates,
)
from dagster_project.statistics.skills.themes import METHOD_THEMES, THEME_INPUTS, THEME_KEYS, theme_estimates
from dagster_project.statistics.spread.comparisons import KEYS as COMPARISON_KEYS
from dagster_project.statistics.spread.comparisons import METHOD_COMPARISON, comparison_estimates
from dagster_project.statistics.spread.concentration import (
    METHOD_CONCENTRATION,
    METHOD_RANKS,
    concentration_estimates,
    rank_estimates,
)
from dagster_project.statistics.spread.counts import CATEGORY_KEYS, COUNTS_KEYS, DOMAIN
from dagster_project.statistics.spread.counts import INPUTS as SPREAD_INPUTS
from dagster_project.statistics.spread.yearly_growth import KEYS as YEARLY_KEYS
from dagster_project.statistics.spread.yearly_growth import METHOD_YEARS, yearly_growth
from dagster_project.statistics.survey.statistics import SURVEY_STATISTICS


def _share_statistic(
    id: str,
    definition: str,
    counts_table: str,
    keys: list[str],
    mart: str,
    *shares: Share,
    corrected: tuple[CorrectedShare, ...] = (),
    units: str = "posts",
    audited_units: str = "posts",
) -> Statistic:
    is_clustered = all(share.cluster_prefix for share in shares)
    naive = partial(share_estimates, table=counts_table, keys=keys, shares=shares, units=units)
    read = [*(name for share in shares for name in share.columns), *(name for one in corrected for name in one.columns)]
    return Statistic(
        id=id,
        definition=definition,
        unit="fraction of 1",
        method=METHOD_CLUSTERED if is_clustered else METHOD_INDEPENDENT.format(units=units),
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
    _share_statistic(
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
                "penetration_share", "corrected_count", "penetration_corrected", denominator="category_post_count"
            ),
        ),
    ),
    _share_statistic(
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
    Statistic(
        id="monthly_adjusted_growth",
        definition="Posts of a month over posts of the month before, both complete and counted at the same age, "
        "minus 1: raw, per standard day (weekdays and holidays), and from 36 complete months on over seasonal factors "
        "projected from the months before. Rose: one-sided test of no rise, Benjamini-Hochberg at 10 % over the series "
        "with a base of at least 100 posts, and the 95 % interval above 0. Surged: rose by at least 25 %. Steady: "
        "three rises, none of 25 % or more, three-month interval above 0. Continued: two-month interval above 0.",
        unit="percent",
        method=METHOD_SEASONAL,
        counts_table="int_monthly_adjusted_growth_counts",
        keys=PANEL_KEYS,
        inputs=PANEL_INPUTS,
        function=partial(monthly_adjusted_growth, table="int_monthly_adjusted_growth_counts"),
        mart="monthly_adjusted_growth",
        library="statsmodels.tsa.seasonal.STL, statsmodels.stats.multitest.multipletests, holidays",
    ),
    _share_statistic(
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
    _share_statistic(
        "skill_shares",
        "AI posts that name a skill over all AI posts of the month.",
        "int_monthly_skill_counts",
        SKILL_KEYS,
        "monthly_ai_skills",
        Share("ai_share", "ai_post_count", "ai_total_count", "ai"),
        corrected=(
            CorrectedShare(
                "ai_share",
                "corrected_count",
                "ai_corrected",
                denominator="corrected_total_count",
                denominator_errors="total_",
            ),
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
    _share_statistic(
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
        id="category_themes",
        definition="A skill's share of a category's AI posts over its share of the category's other posts. Theme: "
        "named more often in AI posts, Benjamini-Hochberg at 10 % over the skills of the period that at least ten "
        "posts of a category name, and lower limit of the lift above 1.",
        unit="ratio; fraction of 1",
        method=METHOD_THEMES,
        counts_table="int_period_theme_counts",
        keys=THEME_KEYS,
        inputs=THEME_INPUTS,
        function=partial(theme_estimates, table="int_period_theme_counts"),
        mart="category_ai_themes",
        library="statsmodels.stats.proportion.proportion_confint, scipy.stats.hypergeom, "
        "statsmodels.stats.multitest.multipletests",
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
    Statistic(
        id="classifier_audit",
        definition="Of the truly positive posts those accepted (sensitivity) and those that the keyword step finds "
        "(keyword recall), of the others those not accepted (specificity), of the accepted the true ones (precision): "
        "weighted, from the audit sample. Rogan-Gladen: the share of true posts that these rates imply.",
        unit="fraction of 1; posts",
        method=METHOD_AUDIT,
        counts_table="int_period_audit_coverage",
        keys=["period_id", "technology"],
        inputs=AUDIT_INPUTS,
        function=partial(classifier_audit, table="int_period_audit_coverage", keys=["period_id", "technology"]),
        mart="classifier_audit",
        library="scipy.stats.gamma, scipy.optimize.elementwise.find_root",
    ),
    Statistic(
        id="classifier_drift",
        definition="Candidates of a month beside those that the same model scored in the twelve months before: words "
        "that the model does not know, verdicts in doubt, and the points of the technology's share that rest on doubt "
        "beyond the usual.",
        unit="fraction of 1; points of penetration",
        method=METHOD_DRIFT,
        counts_table="int_monthly_drift_counts",
        keys=DRIFT_KEYS,
        inputs=DRIFT_INPUTS,
        function=partial(monthly_drift, table="int_monthly_drift_counts"),
        mart="monthly_classifier_drift",
        library="statsmodels.stats.proportion.confint_proportions_2indep, scipy.stats.wasserstein_distance",
    ),
    _share_statistic(
        "period_contract_values",
        "Known: contracts whose value is known over all contracts of the kind. High value: contracts worth strictly "
        "above 1,000 USD over contracts of known value; in the two bounds over all contracts, unknown values taken as "
        "below or above. Value: closed, total paid; open, the larger of paid and projected where both are known.",
        "int_period_contract_counts",
        ["period_id", "technology", "category_id", "value_kind"],
        "period_contract_values",
        Share("known_value_share", "known_value_count", "contract_count", "known_value"),
        Share("high_value_share", "high_value_count", "valued_count", "high_value"),
        corrected=(
            CorrectedShare(
                "high_value_share",
                "corrected_high_count",
                "high_value_corrected",
                errors="high_",
                denominator="corrected_valued_count",
                denominator_errors="known_",
            ),
        ),
        audited_units="contracts",
    ),
    Statistic(
        id="monthly_contract_activity",
        definition="Hires: contracts by the month of their start. Spend: their known values summed. Each over the "
        "month before, or the same month a year before, minus 1. Withheld where a month is not complete or the base "
        "has fewer than 10 contracts.",
        unit="percent",
        method=METHOD_ACTIVITY,
        counts_table="int_monthly_contract_counts",
        keys=["started_month", *SERIES_KEYS],
        inputs=[
            *("hire_count", "valued_count", "spend_usd", "hire_sum_client_squares", "spend_sum_client_squares"),
            *("status", "status_reason"),
        ],
        function=partial(contract_activity, table="int_monthly_contract_counts"),
        mart="monthly_contract_activity",
        library="statsmodels.stats.proportion.proportion_confint",
    ),
    Statistic(
        id="monthly_search_growth",
        definition="Talent searches of a series of terms over those of the month six before, minus 1. Withheld where a "
        "month is not complete, the base has fewer than 30 searches or the log is too short to show its variation.",
        unit="percent",
        method=METHOD_SEARCHES,
        counts_table="int_monthly_search_counts",
        keys=["search_month", "series_id"],
        inputs=["search_count", "status", "status_reason"],
        function=partial(search_growth, table="int_monthly_search_counts"),
        mart="monthly_search_growth",
        library="statsmodels.stats.proportion.proportion_confint",
    ),
    Statistic(
        id="technology_concentration",
        definition="Over the shares of the categories among a technology's classified posts: Herfindahl index (sum of "
        "squares), exp(entropy) as the effective number of categories, the largest share and the two largest together. "
        "Withheld under 30 posts or 10 client groups. Corrected: from the posts with the audit's errors added.",
        unit="fraction of 1; categories",
        method=METHOD_CONCENTRATION,
        counts_table="int_period_replicate_counts",
        keys=COUNTS_KEYS,
        inputs=SPREAD_INPUTS,
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
        inputs=SPREAD_INPUTS,
        function=partial(rank_estimates, table="int_period_replicate_counts"),
        mart="period_category_ranks",
        library="scipy.stats.t",
        grain=CATEGORY_KEYS,
    ),
    Statistic(
        id="study_period_comparisons",
        definition="A share of a technology's classified posts in a study period and in an earlier one: difference in "
        "percentage points, ratio, one-sided p-value; and how far the two compositions lie apart. Corrected: from the "
        "posts with the audit's errors added; errors that were not found widen the limits.",
        unit="fraction of 1; percentage points; ratio",
        method=METHOD_COMPARISON,
        counts_table="int_period_replicate_counts",
        keys=COUNTS_KEYS,
        inputs=["period_kind", "period_start", *SPREAD_INPUTS],
        function=partial(comparison_estimates, table="int_period_replicate_counts"),
        mart="study_period_comparisons",
        library="statsmodels.stats.proportion.proportion_confint, scipy.stats.hypergeom",
        grain=COMPARISON_KEYS,
    ),
    Statistic(
        id="yearly_growth",
        definition="A technology's classified posts of a calendar year over those of the year before, minus 1: all "
        "categories, the technical ones, the others. Corrected: both years with the audit's errors added. Withheld "
        "where a year is not complete, the base has fewer than 10 posts or the years fewer than 10 client groups.",
        unit="percent",
        method=METHOD_YEARS,
        counts_table="int_period_replicate_counts",
        keys=COUNTS_KEYS,
        inputs=["period_kind", "period_start", *SPREAD_INPUTS],
        function=partial(yearly_growth, table="int_period_replicate_counts"),
        mart="yearly_technology_growth",
        library="scipy.stats.t",
        grain=YEARLY_KEYS,
    ),
    *SURVEY_STATISTICS,
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
