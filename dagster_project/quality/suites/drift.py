"""Classifier drift: numbers in their ranges, and months whose drift asks for labels."""

from dagster_project.quality.declaration import Declared, Severity, Table, TableSuite

DRIFT = Table("marts.monthly_classifier_drift", frozenset({"job_posts"}))


def marts() -> list[Declared]:
    """Expectations of the mart; the last one warns of the run's own months alone, history does not warn for ever."""
    drift = TableSuite(DRIFT)
    drift.row_count("classifier_drift_is_known", "Every scored month says what its candidates look like to the model.")
    drift.no_rows(
        "classifier_drift_lies_in_its_range",
        "Rates outside 0 to 1, or more points than the candidates' share of posts, come from counts of two months.",
        "select * from {batch} where not (coalesce(unseen_token_rate, 0) between 0 and 1"
        " and coalesce(doubtful_share, 0) between 0 and 1 and coalesce(score_shift, 0) between 0 and 1"
        " and coalesce(possible_share_points, 0) between 0 and 100.000001 * candidate_count / post_count)",
    )
    drift.no_rows(
        "classifier_drift_without_reference_shows_no_number",
        "Points without a reference, or a reference without points, are made up.",
        "select * from {batch} where (possible_share_points is null) <> (limit_points is null)"
        " or (reference_doubtful_share is null) <> (limit_points is null) or needs_labels and limit_points is null"
        " or coalesce(reason, '') = ''",
    )
    drift.no_rows(
        "classifier_drift_asks_for_no_labels",
        "More of the share than the limit rests on verdicts in doubt beyond the usual. Label posts of the months named"
        " here: make queue MONTH=YYYY-MM.",
        "select posted_month, technology, possible_share_points, limit_points, reason from {batch}"
        " where needs_labels and posted_month in (select first_day from run_months)",
        severity=Severity.WARNING,
    )
    return drift.declared
