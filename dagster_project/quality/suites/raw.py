"""Raw: did the run's months arrive, and do they look like a feed? A row's rules belong to the reader."""

from dagster_project.quality.declaration import Declared, Severity, Table, TableSuite
from dagster_project.quality.suites import hires_and_searches

JOB_POSTS = Table("raw.job_posts", frozenset({"job_posts"}), month_column="month")
PULSE_ANSWERS = Table(
    "raw.pulse_answers",
    frozenset({"pulse_answers"}),
    month_column="month",
    may_be_empty="a pulse wave may be missing in a month",
)

AUDIT_LABELS = Table(
    "raw.audit_labels",
    frozenset({"audit_labels"}),
    month_column="month",
    may_be_empty="a month may have no audit sample; its shares are then not corrected",
)

# Optional fields and the share of rows that has them in an ordinary feed; far below it, a column was renamed.
USUAL_SHARE_KNOWN = {"category": 0.5, "client_country": 0.5, "skills": 0.3, "description": 0.3}


def suite() -> list[Declared]:
    """Expectations of the raw tables, restricted to the run's months."""
    return [
        *_job_posts_arrival(),
        *_job_posts_distribution(),
        *_pulse_answers(),
        *_audit_labels(),
        *hires_and_searches.raw(),
    ]


def _job_posts_arrival() -> list[Declared]:
    posts = TableSuite(JOB_POSTS)
    posts.row_count("raw_job_posts_arrived", "Without posts there is nothing to report on.")
    posts.no_rows(
        "raw_job_posts_cover_every_month_of_the_run",
        "A month that was asked for and holds no posts makes no growth and must be named.",
        "select month from run_months where month not in (select month from {batch})",
        severity=Severity.WARNING,
        judges_empty_table=True,
    )
    posts.no_rows(
        "raw_job_posts_lie_in_the_folder_of_their_month",
        "Months are read folder by folder; a post in a wrong folder is counted in a wrong month.",
        "select month, post_id, posted_at, source_file from {batch}"
        " where (strftime(posted_at, '%Y-%m') = month) is not true",
    )
    posts.no_rows(
        "raw_job_posts_can_be_traced_to_file_and_row",
        "A published number must lead back to the row of the file it came from.",
        "select post_id, source_file, source_row, load_id from {batch}"
        " where (source_row >= 1 and source_file <> '' and load_id <> '') is not true",
    )
    return posts.declared


def _job_posts_distribution() -> list[Declared]:
    posts = TableSuite(JOB_POSTS)
    for column, share in USUAL_SHARE_KNOWN.items():
        posts.not_null(
            f"raw_job_posts_mostly_have_{column}",
            f"A provided but mostly empty {column} points to a renamed column or a wrong expression.",
            column,
            mostly=share,
            severity=Severity.WARNING,
            needs=frozenset({f"job_posts.{column}"}),
        )
    posts.no_rows(
        "raw_job_posts_titles_are_readable",
        "Replacement characters in more than 1 % of the titles mean a file read in a wrong encoding.",
        "select count(*) filter (where contains(title, chr(65533))) as unreadable_titles, count(*) as titles"
        " from {batch} having unreadable_titles > 0.01 * titles",
    )
    posts.no_rows(
        "raw_job_posts_budgets_have_the_scale_of_dollars",
        "A median fixed budget outside 5 to 50,000 USD means cents, another currency or a shifted column.",
        "select median(budget_usd) as median_budget_usd, count(*) as posts from {batch}"
        " having posts >= 100 and (median_budget_usd between 5 and 50000) is not true",
        needs=frozenset({"job_posts.budget_usd"}),
    )
    posts.no_rows(
        "raw_job_posts_hourly_ranges_are_ordered",
        "Low above high in more than 1 % of the hourly ranges means that the two columns were swapped.",
        "select count(*) filter (where hourly_rate_low_usd > hourly_rate_high_usd) as swapped_ranges,"
        " count(*) filter (where hourly_rate_low_usd <= hourly_rate_high_usd) as ordered_ranges"
        " from {batch} having swapped_ranges > 0.01 * (swapped_ranges + ordered_ranges)",
        needs=frozenset({"job_posts.hourly_rate_low_usd", "job_posts.hourly_rate_high_usd"}),
    )
    return posts.declared


def _pulse_answers() -> list[Declared]:
    answers = TableSuite(PULSE_ANSWERS)
    answers.row_count(
        "raw_pulse_answers_arrived",
        "A provided survey without a wave in the run's months leaves the pulse box empty.",
        severity=Severity.WARNING,
    )
    answers.no_rows(
        "raw_pulse_waves_have_enough_respondents",
        "Shares of fewer than 30 respondents say little; such a wave was probably cut short.",
        "select wave_month, count(distinct respondent_id) as respondents from {batch}"
        " group by wave_month having respondents < 30",
        severity=Severity.WARNING,
    )
    answers.no_rows(
        "raw_pulse_weights_are_not_dominated_by_few",
        "A weight above 20 times its wave's mean lets a single business decide a share.",
        "select wave_month, respondent_id, weight from {batch} qualify weight > 20 * avg(weight) over"
        " (partition by wave_month)",
        severity=Severity.WARNING,
        needs=frozenset({"pulse_answers.weight"}),
    )
    return answers.declared


def _audit_labels() -> list[Declared]:
    labels = TableSuite(AUDIT_LABELS)
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
