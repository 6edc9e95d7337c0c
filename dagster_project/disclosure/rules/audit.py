"""Rule of the mart of audits."""

from dagster_project.disclosure.engine.cells import Cell, Complement, Computed, Count, MartRule

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
    "classifier_audit": _AUDIT,
}
