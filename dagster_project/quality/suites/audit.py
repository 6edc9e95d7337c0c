"""The audit sample: labels that arrived, of known posts, by one guide, and the rates that follow from them."""

from dagster_project.quality.declaration import Declared, Severity, Table, TableSuite

POSTS = frozenset({"job_posts"})
RAW_LABELS = Table(
    "raw.audit_labels",
    frozenset({"audit_labels"}),
    month_column="month",
    may_be_empty="a month may have no audit sample; its shares are then not corrected",
)
STAGED_LABELS = Table(
    "staging.stg_marketplace__audit_labels",
    frozenset({"audit_labels"}),
    month_column="posted_month",
    may_be_empty="a month may have no audit sample; its shares are then not corrected",
)
AUDIT = Table("marts.classifier_audit", POSTS)


def raw() -> list[Declared]:
    """Did the labels of the run's months arrive, each drawn once?"""
    labels = TableSuite(RAW_LABELS)
    labels.row_count(
        "raw_audit_labels_arrived",
        "A provided audit sample without a label in the run's months leaves their shares uncorrected.",
        severity=Severity.WARNING,
    )
    labels.no_rows(
        "raw_audit_labels_have_one_probability_a_post",
        "A post is drawn once for all technologies; two probabilities in one file mean that two samples were mixed.",
        "select load_id, post_id, min(inclusion_probability) as lowest, max(inclusion_probability) as highest"
        " from {batch} group by all having lowest <> highest",
    )
    labels.no_rows(
        "raw_audit_labels_are_not_all_alike",
        "Labels of one kind only in 200 and more of a technology point to a column that was read wrongly.",
        "select technology, count(*) as labels, count(*) filter (where is_positive) as positives from {batch}"
        " group by technology having labels >= 200 and positives in (0, labels)",
        severity=Severity.WARNING,
    )
    return labels.declared


def staging() -> list[Declared]:
    """Are the labels of known posts, and by one guide?"""
    labels = TableSuite(STAGED_LABELS)
    labels.row_count(
        "audit_labels_arrived",
        "A provided audit sample without a label in the run's months leaves their shares uncorrected.",
        severity=Severity.WARNING,
    )
    labels.no_rows(
        "audit_labels_are_of_known_posts",
        "A label without its post, or in another month than its post, takes no part in any number.",
        "select posted_month, technology, post_id from {batch} where is_known_post is not true",
        severity=Severity.WARNING,
    )
    labels.no_rows(
        "audited_months_follow_one_guide",
        "Labels of an earlier guide are kept and take no part beside those of a later one.",
        "select posted_month, guide_version, count(*) as labels from {batch} where not is_latest_guide group by all",
        severity=Severity.WARNING,
    )
    return labels.declared


def marts() -> list[Declared]:
    """Rates exist where a sample covers its period, and nowhere else."""
    audit = TableSuite(AUDIT)
    audit.row_count("audit_of_every_period_is_listed", "A period without an audit sample has a row that says so.")
    audit.no_rows(
        "audit_without_coverage_gives_no_rates",
        "Rates from a sample that does not cover its period would be read as the classifier's.",
        "select * from {batch} where not is_covered and (not_corrected_reason <> '' and sensitivity is null"
        " and rogan_gladen_share is null) is not true",
    )
    audit.no_rows(
        "audit_labels_take_part",
        "Labels of unknown posts are kept and counted; a fifth of the sample unknown points to wrong ids or months.",
        "select period_id, technology, audited_count, unknown_label_count from {batch}"
        " where unknown_label_count > 0.2 * 3 * audited_count and unknown_label_count > 0",
        severity=Severity.WARNING,
    )
    return audit.declared
