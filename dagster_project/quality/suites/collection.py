"""Collected months, source rows and quoted figures: what a report says of its own data, over all months."""

from dagster_project.quality.declaration import Declared, Severity, Table, TableSuite

POSTS = frozenset({"job_posts"})
SOURCE_ROWS = Table("marts.monthly_source_rows", POSTS)
QUOTED = Table(
    "marts.quoted_constants", frozenset({"quoted_constants"}), may_be_empty="no figure of others may be known yet"
)
COLLECTION = Table("marts.monthly_collection", POSTS)


def marts() -> list[Declared]:
    """Rows read are accounted for, and months say whether they are complete and which models judged them."""
    return [*_source_rows(), *_collection(), *_quoted()]


def _source_rows() -> list[Declared]:
    rows = TableSuite(SOURCE_ROWS)
    rows.row_count("source_rows_are_accounted_for", "The report prints what was read, kept and refused.")
    rows.no_rows(
        "source_row_counts_are_not_negative",
        "A negative count of duplicates means that a month keeps rows it never read.",
        "select * from {batch} where (least(rows_read, rows_kept, rows_duplicate, rows_rejected) >= 0) is not true",
    )
    rows.no_rows(
        "duplicates_are_the_exception",
        "More repeated than new rows in a month: a source that delivers its history again and again.",
        "select * from {batch} where rows_read >= 100 and rows_duplicate > rows_kept",
        severity=Severity.WARNING,
    )
    return rows.declared


def _collection() -> list[Declared]:
    months = TableSuite(COLLECTION)
    months.row_count("collected_months_are_listed", "A month's state decides whether growth is printed.")
    months.in_set(
        "collection_states_are_known",
        "Growth is printed only between complete months; an unknown state would be printed.",
        "status",
        ["complete", "empty", "partial", "unusual_volume"],
    )
    months.no_rows(
        "posts_in_other_languages_are_posts_of_the_month",
        "The report says how many posts the classifiers cannot read; more than there are would be nonsense.",
        "select * from {batch} where (other_language_post_count between 0 and post_count"
        " and (other_languages is null) = (other_language_post_count = 0)) is not true",
    )
    months.no_rows(
        "months_are_collected_completely",
        "Growth from or to an empty, partial or unusual month is withheld; here are the months and why.",
        "select posted_month, post_count, status, status_reason from {batch} where status <> 'complete'",
        severity=Severity.WARNING,
    )
    months.no_rows(
        "months_name_the_models_that_judged_them",
        "A share without its model cannot be compared with another month's.",
        "select * from {batch} where post_count > 0 and (ai_model_version <> ''"
        " and cloud_model_version <> '' and rpa_model_version <> '') is not true",
    )
    months.no_rows(
        "months_are_judged_by_one_model",
        "Two models in one pooled period compare models, not months. Build the stale months again.",
        "select posted_month, ai_model_version, cloud_model_version, rpa_model_version from {batch}"
        " where post_count > 0 qualify (ai_model_version, cloud_model_version, rpa_model_version)"
        " <> last_value((ai_model_version, cloud_model_version, rpa_model_version)) over"
        " (order by posted_month rows between unbounded preceding and unbounded following)",
        severity=Severity.WARNING,
    )
    return months.declared


def _quoted() -> list[Declared]:
    quoted = TableSuite(QUOTED)
    quoted.row_count("quoted_constants_exist", "A provided list of figures has one.", severity=Severity.WARNING)
    quoted.no_rows(
        "quoted_constants_can_be_traced_and_dated",
        "A figure of others is printed with its source, unit and date, or not at all.",
        "select * from {batch} where (source <> '' and unit <> '' and value is not null"
        " and as_of_date <= current_date) is not true",
    )
    return quoted.declared
