"""Rule of the mart of the classifier's drift."""

from dataclasses import replace

from dagster_project.disclosure.engine.cells import Cell, Computed, Count, MartRule
from dagster_project.disclosure.rules.cell_keys import month

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

RULES = {
    "monthly_classifier_drift": _DRIFT,
}
