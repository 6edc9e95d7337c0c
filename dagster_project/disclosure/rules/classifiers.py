"""Rules of the marts that judge the classifiers: drift and audit."""

from dataclasses import replace

from dagster_project.disclosure.engine.cells import Cell, Complement, Computed, Count, MartRule, month

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

RULES = {
    "monthly_classifier_drift": _DRIFT,
    "classifier_audit": _AUDIT,
}
