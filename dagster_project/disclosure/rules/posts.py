"""Rules of the marts of shares and growth, and of those that judge the classifiers: drift and audit.

A cell of a month is the same cell in every mart that prints it.
"""

import csv
from dataclasses import replace

from dagster_project.disclosure.engine.cells import (
    CATEGORY_OR_ALL,
    SERIES,
    WITH_CATEGORY,
    Cell,
    Complement,
    Computed,
    Count,
    MartRule,
    TooFew,
    month,
)
from dagster_project.storage.workspace import SEEDS

VALUE_KIND = "case value_filter when 'at_least_0' then 'known' else value_filter end"

_SHARES = MartRule(
    counts={
        "part": Count.column(
            Cell("posts", "period_id", technology="technology", place="category_id", kind=VALUE_KIND),
            "classified_count",
            "classified_client_count",
        ),
        "technology": Count.column(
            Cell("posts", "period_id", technology="technology", place=WITH_CATEGORY, kind=VALUE_KIND),
            "technology_post_count",
            "composition_cluster_count",
        ),
        "category": Count.column(
            Cell("posts", "period_id", place="category_id", kind=VALUE_KIND),
            "category_post_count",
            "penetration_cluster_count",
        ),
    },
    computed=(
        Computed(("*composition_share*",), ("part", "technology")),
        Computed(("*penetration_share*",), ("part", "category")),
    ),
    complements=(
        Complement("part", "technology", "composition_complement_client_count"),
        Complement("part", "category", "penetration_complement_client_count"),
    ),
    too_few=(
        TooFew(("*composition_share*",), "technology_post_count"),
        TooFew(("*penetration_share*",), "category_post_count"),
    ),
    client_counts="int_period_share_counts",
    client_counts_key=("period_id", "technology", "category_id", "value_filter"),
)

_VALUE = Cell("posts", "period_id", technology="technology", place=CATEGORY_OR_ALL)

_VALUES = MartRule(
    counts={
        "posts": Count.column(_VALUE, "post_count", "known_value_cluster_count"),
        "known": Count.column(replace(_VALUE, kind="'known'"), "known_value_count", "high_value_cluster_count"),
        "high": Count.column(replace(_VALUE, kind="'high'"), "high_value_count", "high_value_client_count"),
    },
    computed=(
        Computed(("known_value_share*",), ("posts", "known")),
        Computed(("*high_value_share*",), ("known", "high")),
        Computed(("*median*", "*quartile*"), ("known",)),
    ),
    complements=(
        Complement("known", "posts", "unknown_value_client_count"),
        Complement("high", "known", "low_value_client_count"),
    ),
    too_few=(
        TooFew(("known_value_share*",), "post_count"),
        TooFew(("*high_value_share*", "*median*", "*quartile*"), "known_value_count"),
    ),
    client_counts="int_period_value_counts",
    client_counts_key=("period_id", "technology", "category_id"),
)

_MONTH = Cell("posts", month("posted_month"), population="population", technology="technology")

_TECHNOLOGIES = MartRule(
    counts={
        "candidates": Count.column(replace(_MONTH, kind="'candidates'"), "candidate_count"),
        "classified": Count.column(_MONTH, "classified_count", "classified_client_count"),
        "posts": Count.column(replace(_MONTH, technology="'any'"), "post_count", "penetration_cluster_count"),
    },
    computed=(Computed(("*penetration_share*",), ("classified", "posts")),),
    complements=(
        Complement("classified", "posts", "complement_client_count"),
        Complement("classified", "candidates"),
        Complement("candidates", "posts"),
    ),
    too_few=(TooFew(("*penetration_share*",), "post_count"),),
    client_counts="int_monthly_technology_counts",
    client_counts_key=("posted_month", "technology", "population"),
)


SERIES_KEY = ("posted_month", "level", "series_id", "population")


def _series(period: str) -> Cell:
    return Cell("posts", period, **SERIES)


_CURRENT = Count.column(_series(month("posted_month")), "post_count", "client_count")
_BASE = Count.column(_series(month("base_month")), "base_post_count")


def _composite_sums() -> str:
    """SQL of the composites as sums of their members, which the marts print too."""
    members = list(csv.DictReader((SEEDS / "composites.csv").read_text(encoding="utf-8").splitlines()))
    part = _series(month("posted_month"))
    wholes = {one["composite_id"]: replace(part, place=f"':{one['composite_id']}'").key_sql for one in members}
    return " union all ".join(
        f"select {wholes[one['composite_id']]} as equation, {wholes[one['composite_id']]} as whole, "
        f"{part.key_sql} as part from monthly_category_growth "
        f"where level = '{one['member_level']}' and series_id = '{one['member_id']}'"
        for one in members
    )


_GROWTH = MartRule(
    counts={"current": _CURRENT, "base": _BASE},
    computed=(Computed(("growth_pct*",), ("current", "base")),),
    client_counts="int_monthly_growth_counts",
    client_counts_key=SERIES_KEY,
    sums=_composite_sums(),
)

_ADJUSTED_GROWTH = MartRule(
    counts={
        "current": _CURRENT,
        "base": _BASE,
        "two_before": Count(_series(month("posted_month", 2))),
        "three_before": Count(_series(month("posted_month", 3))),
    },
    computed=(
        Computed(("raw_*", "calendar_*", "seasonal_*", "adjusted_*", "p_value", "q_value"), ("current", "base")),
        Computed(("verdict", "trend"), ("current", "base")),
        Computed(("two_month_*",), ("current", "two_before")),
        Computed(("three_month_*",), ("current", "three_before")),
    ),
    client_counts="int_monthly_growth_counts",
    client_counts_key=SERIES_KEY,
    free=(
        "maturity_days",
        "standard_days",
        "base_standard_days",
        "expected_season_pct",
        "history_months",
        "error_count",
        "family_count",
        "family_unmoved_count",
    ),
)

_DRIFT_MONTH = Cell("posts", month("posted_month"))

_DRIFT = MartRule(
    counts={
        "posts": Count.column(_DRIFT_MONTH, "post_count"),
        "candidates": Count.column(
            replace(_DRIFT_MONTH, technology="technology", kind="'candidates'"), "candidate_count"
        ),
    },
    computed=(Computed(("doubtful_share", "possible_share_points*"), ("candidates",)),),
    free=("sampled_count", "token_count", "*token_rate*", "reference_doubtful_share", "score_shift*", "limit_points"),
)

_AUDIT = MartRule(
    counts={
        "posts": Count.column(Cell("posts", "period_id"), "post_count"),
        "candidates": Count.column(
            Cell("posts", "period_id", technology="technology", kind="'candidates'"), "candidate_count"
        ),
        "classified": Count.column(Cell("posts", "period_id", technology="technology"), "classified_count"),
    },
    computed=(Computed(("penetration_share", "rogan_gladen_share"), ("classified", "posts")),),
    complements=(Complement("classified", "posts"),),
    # Counts and rates of the audit sample judge a model; the sample is no group of clients.
    free=("audited_*", "*_label_count", "sensitivity*", "specificity*", "precision*", "keyword_recall*", "missed_*"),
)

RULES = {
    "period_technology_category_shares": _SHARES,
    "period_projected_values": _VALUES,
    "monthly_technology_posts": _TECHNOLOGIES,
    "monthly_category_growth": _GROWTH,
    "monthly_adjusted_growth": _ADJUSTED_GROWTH,
    "monthly_classifier_drift": _DRIFT,
    "classifier_audit": _AUDIT,
}
