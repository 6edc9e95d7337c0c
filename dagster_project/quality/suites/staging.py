"""Staging and candidates: do the run's months look like the months before them?"""

from dagster_project.quality.declaration import Declared, Severity, Table, TableSuite
from dagster_project.quality.suites import hires_and_searches, surveys
from dagster_project.sources import contracts

JOB_POSTS = Table("staging.stg_marketplace__job_posts", frozenset({"job_posts"}), month_column="posted_month")
CANDIDATES = Table(
    "staging.stg_marketplace__candidates",
    frozenset({"job_posts"}),
    month_column="posted_month",
    may_be_empty="a small month may hold no candidate",
)
PULSE_ANSWERS = Table(
    "staging.stg_survey__pulse_answers",
    frozenset({"pulse_answers"}),
    month_column="wave_month",
    may_be_empty="a pulse wave may be missing in a month",
)
AUDIT_LABELS = Table(
    "staging.stg_marketplace__audit_labels",
    frozenset({"audit_labels"}),
    month_column="posted_month",
    may_be_empty="a month may have no audit sample; its shares are then not corrected",
)
TECHNOLOGIES = ("ai", "cloud", "rpa")

# Counts of the run's months beside the median of the up to twelve months before each; three make a history.
VOLUME_DRIFT = """
with monthly as (
    select posted_month, count(*) as post_count from staging.stg_marketplace__job_posts group by posted_month
), history as (
    select run.posted_month, run.post_count, median(before.post_count) as usual_post_count
    from monthly as run
    inner join monthly as before
        on before.posted_month < run.posted_month
        and before.posted_month >= run.posted_month - interval 12 month
    where run.posted_month in (select posted_month from {batch})
    group by run.posted_month, run.post_count
    having count(*) >= 3
)
select * from history where (post_count between usual_post_count / 3 and usual_post_count * 3) is not true
"""

# Total variation distance between a month's categories and those of the twelve months before; 500 posts each.
CATEGORY_DRIFT = """
with monthly as (
    select posted_month, category_id, count(*) as post_count
    from staging.stg_marketplace__job_posts where category_id is not null group by all
), shares as (
    select run_months.first_day as posted_month, category_id,
        coalesce(sum(post_count) filter (where posted_month = first_day), 0) as now_count,
        coalesce(sum(post_count) filter (where posted_month < first_day), 0) as before_count
    from monthly
    inner join run_months on posted_month between first_day - interval 12 month and first_day
    where first_day in (select posted_month from {batch})
    group by all
), totals as (
    select *, sum(now_count) over month as now_total, sum(before_count) over month as before_total
    from shares window month as (partition by posted_month)
)
select posted_month,
    round(sum(abs(now_count / now_total - before_count / before_total)) / 2, 4) as category_distance
from totals where now_total >= 500 and before_total >= 500
group by posted_month having category_distance > 0.2
"""


def suite() -> list[Declared]:
    """Expectations of the staged posts, candidates, pulse answers and audit labels, restricted to the run's months."""
    return [
        *_job_posts(),
        *_candidate_flags(),
        *_drift(),
        *_candidates(),
        *_pulse_answers(),
        *surveys.staging(),
        *_audit_labels(),
        *hires_and_searches.staging(),
    ]


def _job_posts() -> list[Declared]:
    posts = TableSuite(JOB_POSTS)
    posts.row_count("staged_posts_arrived", "Raw posts that vanish in staging would publish an empty month.")
    posts.in_set(
        "staged_contract_types_are_known",
        "The projected value is computed differently for each contract type; an unknown type has none.",
        "contract_type",
        contracts.JOB_POSTS.column("contract_type").allowed,
        needs=frozenset({"job_posts.contract_type"}),
    )
    posts.no_rows(
        "staged_projected_values_are_plausible",
        "No known value, or one in a thousand above 10 million USD, means that a unit or a rate is misread.",
        "select count(*) as posts, count(projected_value_usd) as known_values,"
        " count(*) filter (where projected_value_usd > 10000000) as huge_values from {batch}"
        " having posts >= 100 and known_values = 0 or huge_values > 0.001 * known_values",
        needs=frozenset({"job_posts.budget_usd"}),
    )
    posts.not_null(
        "staged_countries_are_recognised",
        "Half of the countries unknown means a spelling that the countries seed does not have.",
        "country_code",
        mostly=0.5,
        severity=Severity.WARNING,
        needs=frozenset({"job_posts.client_country"}),
    )
    posts.not_null(
        "staged_occupations_are_recognised",
        "Occupations outside the taxonomy drop out of the sub-category growth.",
        "sub_category_id",
        mostly=0.5,
        severity=Severity.WARNING,
        needs=frozenset({"job_posts.occupation", "job_posts.category"}),
    )
    posts.between(
        "staged_posts_have_text",
        "Candidates are found in the text; posts of a few characters cannot be judged.",
        "text_length",
        5,
        10_000_000,
        mostly=0.99,
    )
    return posts.declared


def _candidate_flags() -> list[Declared]:
    posts = TableSuite(JOB_POSTS)
    for technology in TECHNOLOGIES:
        posts.no_rows(
            f"staged_{technology}_candidates_are_a_minority",
            f"A term of {technology} that matches nearly every post sends the whole feed to the classifier.",
            f"select count(*) filter (where is_{technology}_candidate) as candidate_count,"
            " count(*) as post_count from {batch} having post_count >= 100"
            " and (candidate_count <= 0.9 * post_count) is not true",
        )
    posts.no_rows(
        "staged_ai_candidates_are_not_rare",
        "Fewer than 1 AI candidate in 1,000 posts means broken terms or an empty text field.",
        "select count(*) filter (where is_ai_candidate) as candidate_count, count(*) as post_count"
        " from {batch} having post_count >= 1000 and candidate_count < 0.001 * post_count",
        severity=Severity.WARNING,
    )
    return posts.declared


def _drift() -> list[Declared]:
    posts = TableSuite(JOB_POSTS)
    posts.no_rows(
        "staged_month_volume_is_usual",
        "A third or three times the usual number of posts is more often a collection fault than a market.",
        VOLUME_DRIFT,
        severity=Severity.WARNING,
    )
    posts.no_rows(
        "staged_category_mix_is_usual",
        "A fifth of the posts changing category within a month points to a new mapping or another feed.",
        CATEGORY_DRIFT,
        severity=Severity.WARNING,
        needs=frozenset({"job_posts.category"}),
    )
    return posts.declared


def _candidates() -> list[Declared]:
    candidates = TableSuite(CANDIDATES)
    candidates.row_count(
        "candidates_arrived",
        "Terms that find nothing leave every technology at zero.",
        severity=Severity.WARNING,
    )
    candidates.in_set(
        "candidates_name_known_technologies",
        "A candidate of an unknown technology meets no classifier and would be lost silently.",
        "technology",
        TECHNOLOGIES,
    )
    candidates.no_rows(
        "candidates_have_text_to_classify",
        "The classifier reads the title; without it the prediction would rest on nothing.",
        "select posted_month, technology, post_id, title from {batch} where (trim(title) <> '') is not true",
    )
    return candidates.declared


def _pulse_answers() -> list[Declared]:
    answers = TableSuite(PULSE_ANSWERS)
    answers.row_count(
        "staged_pulse_answers_arrived",
        "A provided survey without a wave in the run's months leaves the pulse box empty.",
        severity=Severity.WARNING,
    )
    answers.no_rows(
        "staged_pulse_waves_use_one_wording",
        "Answers to two wordings of one question in one wave are two series and cannot be pooled.",
        "select wave_month, question_id, count(distinct wording_version) as wordings from {batch}"
        " group by all having wordings > 1",
        severity=Severity.WARNING,
    )
    return answers.declared


def _audit_labels() -> list[Declared]:
    labels = TableSuite(AUDIT_LABELS)
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
