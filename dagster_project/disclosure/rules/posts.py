"""Rules of the marts that count posts. A cell of a month is the same cell in every mart that prints it."""

import csv
from dataclasses import replace

from dagster_project.disclosure.engine.cells import Cell, Complement, Computed, Count, MartRule, TooFew
from dagster_project.storage.paths import SEEDS

KIND = "case value_filter when 'at_least_0' then 'known' else value_filter end"
WITH_CATEGORY = "'*'"
CATEGORY_OR_ALL = "case category_id when 'all' then '' else category_id end"
SERIES = {
    "population": "population",
    "technology": "case level when 'technology' then series_id else 'any' end",
    "place": "case level when 'category' then series_id "
    "when 'sub_category' then coalesce(category_id, 'none') || '/' || series_id "
    "when 'composite' then ':' || series_id else '' end",
}
SERIES_KEY = ("posted_month", "level", "series_id", "population")


def month(column: str, before: int = 0) -> str:
    """SQL of a month's period id, `before` months earlier."""
    shifted = f"{column} - interval {before} month" if before else column
    return f"strftime({shifted}, '%Y-%m')"


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

_SHARES = MartRule(
    counts={
        "part": Count.column(
            Cell("posts", "period_id", technology="technology", place="category_id", kind=KIND),
            "classified_count",
            "classified_client_count",
        ),
        "technology": Count.column(
            Cell("posts", "period_id", technology="technology", place=WITH_CATEGORY, kind=KIND),
            "technology_post_count",
            "composition_cluster_count",
        ),
        "category": Count.column(
            Cell("posts", "period_id", place="category_id", kind=KIND),
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

_PERIOD_POSTS = {
    "posts": Count.column(Cell("posts", "period_id"), "post_count"),
    "candidates": Count.column(
        Cell("posts", "period_id", technology="technology", kind="'candidates'"), "candidate_count"
    ),
    "classified": Count.column(Cell("posts", "period_id", technology="technology"), "classified_count"),
}
_AUDIT = MartRule(
    counts=_PERIOD_POSTS,
    computed=(Computed(("penetration_share", "rogan_gladen_share"), ("classified", "posts")),),
    complements=(Complement("classified", "posts"),),
    # Counts and rates of the audit sample judge a model; the sample is no group of clients.
    free=("audited_*", "*_label_count", "sensitivity*", "specificity*", "precision*", "keyword_recall*", "missed_*"),
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

POST_RULES = {
    "monthly_category_growth": _GROWTH,
    "monthly_adjusted_growth": _ADJUSTED_GROWTH,
    "period_technology_category_shares": _SHARES,
    "period_projected_values": _VALUES,
    "monthly_technology_posts": _TECHNOLOGIES,
    "classifier_audit": _AUDIT,
    "monthly_classifier_drift": _DRIFT,
    "monthly_collection": MartRule(exempt="posts of a whole month, and how they were collected"),
    "monthly_source_rows": MartRule(exempt="rows of the files read, counted to prove that none was lost"),
    "quoted_constants": MartRule(exempt="quoted from elsewhere, counted by nobody here"),
}
