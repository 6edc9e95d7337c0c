"""Rules of the marts of technologies' shares and of posts' projected values."""

from dataclasses import replace

from dagster_project.disclosure.engine.cells import Cell, Complement, Computed, Count, MartRule, TooFew
from dagster_project.disclosure.rules.cell_keys import CATEGORY_OR_ALL, WITH_CATEGORY, month

KIND = "case value_filter when 'at_least_0' then 'known' else value_filter end"

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

RULES = {
    "period_technology_category_shares": _SHARES,
    "period_projected_values": _VALUES,
    "monthly_technology_posts": _TECHNOLOGIES,
}
