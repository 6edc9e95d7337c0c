"""Themes of AI work in a category: skills that its AI posts name more often than its other posts.

The counts leave out tags that name the technology: the classifier reads them, so they are no evidence of a theme.
"""

from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from dagster_project.statistics.core.estimates import SHARE_DIGITS, Statistic, numbers
from dagster_project.statistics.core.multiplicity import one_sided_q_values
from dagster_project.statistics.skills.shares import (
    CLUSTER_INPUTS,
    METHOD_LIFT,
    Estimate,
    Floats,
    Side,
    lift_columns,
    share_ratio,
)

THEME_KEYS = ["period_id", "category_id", "skill"]
THEME_INPUTS = ["ai_post_count", "ai_total_count", "other_post_count", "other_total_count", *CLUSTER_INPUTS]
METHOD_THEMES = f"{METHOD_LIFT}; Fisher's exact test at the effective n, Benjamini-Hochberg at 10 % within the period"
SMALLEST_NUMERATOR = 10
SMALLEST_DENOMINATOR = 30
FALSE_DISCOVERIES = 0.10
THEME, NO_THEME = "theme", "not distinguishable"


def theme_estimates(counts: pd.DataFrame, table: str) -> pd.DataFrame:
    """THEME_KEYS, shares among AI posts and other posts, lift over these, p_value, q_value, verdict, withheld_reason.

    Lift and upper limit are null where no other post, or too few to say, names the skill. Withheld are skills named
    in fewer than SMALLEST_NUMERATOR AI posts, or of a category with fewer than SMALLEST_DENOMINATOR AI posts or
    others. The family of a period are the skills that at least SMALLEST_NUMERATOR posts of a category name; in it a
    withheld one has the p-value 1, for it can be no finding.
    """
    ai, other = Side.of(counts, "ai", table), Side.of(counts, "other", table)
    ratio = share_ratio(ai.share, other.share)
    reason = _withheld_reason(counts, table)
    is_shown = reason.isna()
    p_value = np.where(is_shown, larger_p_values(ai, other), 1.0)
    q_value = _family_q_values(counts, table, p_value)
    is_theme = (q_value <= FALSE_DISCOVERIES) & (ratio[1] > 1)
    columns = {
        **_share_columns("ai_share", ai.share),
        **_share_columns("other_share", other.share),
        **lift_columns(ratio, counts.index),
        **{name: _number(values) for name, values in (("p_value", p_value), ("q_value", q_value))},
    }
    estimates = {name: pd.Series(values, index=counts.index).where(is_shown) for name, values in columns.items()}
    verdict = pd.Series(np.where(is_theme, THEME, NO_THEME), index=counts.index, dtype="str").where(is_shown)
    words = {"verdict": verdict, "withheld_reason": reason}
    return counts[THEME_KEYS].assign(**estimates, **words).assign(method=METHOD_THEMES)


def larger_p_values(ai: Side, other: Side) -> Floats:
    """One-sided p-values of 'AI posts name it no more often': Fisher's exact test at the effective numbers of posts.

    The counts are rounded against a finding: fewer of the first, more of the second.
    """
    a, b = ai.share[0], np.nan_to_num(other.share[0])
    hits, misses = np.floor(a * ai.effective), np.ceil((1 - a) * ai.effective)
    other_hits, other_misses = np.ceil(b * other.effective), np.floor((1 - b) * other.effective)
    posts = hits + misses + other_hits + other_misses
    return np.asarray(stats.hypergeom.sf(hits - 1, posts, hits + other_hits, hits + misses), float)


def _withheld_reason(counts: pd.DataFrame, table: str) -> pd.Series:
    """Why a row gets no estimate; null where it does."""
    named, posts, others = (numbers(counts, f"{name}_count", table) for name in ("ai_post", "ai_total", "other_total"))
    reason = pd.Series(None, index=counts.index, dtype="str")
    reason = reason.mask(named < SMALLEST_NUMERATOR, f"named in fewer than {SMALLEST_NUMERATOR} AI posts")
    reason = reason.mask(others < SMALLEST_DENOMINATOR, f"fewer than {SMALLEST_DENOMINATOR} other posts with skills")
    return reason.mask(posts < SMALLEST_DENOMINATOR, f"fewer than {SMALLEST_DENOMINATOR} AI posts with skills")


def _family_q_values(counts: pd.DataFrame, table: str, p_values: Floats) -> Floats:
    """Benjamini-Hochberg within each period; 1 outside the family."""
    named = numbers(counts, "ai_post_count", table) + numbers(counts, "other_post_count", table)
    q_values = np.ones(len(counts))
    for places in _places_by_period(counts, named >= SMALLEST_NUMERATOR):
        q_values[places] = one_sided_q_values(p_values[places])
    return q_values


def _places_by_period(counts: pd.DataFrame, is_in: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    places = np.flatnonzero(is_in)
    periods = counts["period_id"].to_numpy()[places]
    return [places[periods == period] for period in pd.unique(periods)]


def _share_columns(name: str, share: Estimate) -> dict[str, pd.Series]:
    return {f"{name}{end}": _number(values) for end, values in zip(("", "_low", "_high"), share, strict=True)}


def _number(values: Floats) -> pd.Series:
    return pd.Series(np.round(values, SHARE_DIGITS)).astype("Float64")


STATISTICS = [
    Statistic(
        id="category_themes",
        definition="A skill's share of a category's AI posts over its share of the category's other posts, among posts "
        "with a tag that does not name the technology itself; tags that do are no themes. Theme: "
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
]
