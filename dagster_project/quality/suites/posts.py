"""Posts on their way in: raw files, staged posts and candidates, and what the classifiers say of them.

A row's rules belong to the reader; here a stage's arrival and distribution are judged over the run's months.
"""

from dagster_project.quality.declaration import Declared, Severity, Table, TableSuite
from dagster_project.sources.contracts import JOB_POSTS
from ml.features.keywords import TECHNOLOGIES

RAW_POSTS = Table("raw.job_posts", frozenset({"job_posts"}), month_column="month")
STAGED_POSTS = Table("staging.stg_marketplace__job_posts", frozenset({"job_posts"}), month_column="posted_month")
CANDIDATES = Table(
    "staging.stg_marketplace__candidates",
    frozenset({"job_posts"}),
    month_column="posted_month",
    may_be_empty="a small month may hold no candidate",
)
PREDICTIONS = Table(
    "predictions.post_technologies",
    frozenset({"job_posts"}),
    month_column="month",
    may_be_empty="a small month may hold no candidate",
)


# Optional fields and the share of rows that has them in an ordinary feed; far below it, a column was renamed.
USUAL_SHARE_KNOWN = {"category": 0.5, "client_country": 0.5, "skills": 0.3, "description": 0.3}


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


def raw() -> list[Declared]:
    """Did the run's months arrive, and do they look like a feed?"""
    return [*_raw_arrival(), *_raw_distribution()]


def staging() -> list[Declared]:
    """Do the run's months look like the months before them?"""
    return [*_staged_posts(), *_candidate_flags(), *_history(), *_candidates()]


def predictions() -> list[Declared]:
    """Has every candidate of the run's months a prediction, and do they look like a classifier's?"""
    return [*_predictions(), *_probabilities()]


def _raw_arrival() -> list[Declared]:
    posts = TableSuite(RAW_POSTS)
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


def _raw_distribution() -> list[Declared]:
    posts = TableSuite(RAW_POSTS)
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


def _staged_posts() -> list[Declared]:
    posts = TableSuite(STAGED_POSTS)
    posts.row_count("staged_posts_arrived", "Raw posts that vanish in staging would publish an empty month.")
    posts.in_set(
        "staged_contract_types_are_known",
        "The projected value is computed differently for each contract type; an unknown type has none.",
        "contract_type",
        JOB_POSTS.column("contract_type").allowed,
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
    posts = TableSuite(STAGED_POSTS)
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


def _history() -> list[Declared]:
    posts = TableSuite(STAGED_POSTS)
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


def _predictions() -> list[Declared]:
    predictions = TableSuite(PREDICTIONS)
    predictions.row_count(
        "predictions_arrived",
        "Without predictions no post is counted for any technology.",
        severity=Severity.WARNING,
    )
    predictions.not_null(
        "predictions_name_their_model",
        "A number must say which model made it; months of two models are never pooled.",
        "model_version",
    )
    predictions.no_rows(
        "predictions_of_a_technology_come_from_one_model",
        "Months judged by two models are not comparable, and growth between them is an artefact.",
        "select technology, min(model_version) as first_version, max(model_version) as last_version"
        " from {batch} group by technology having first_version <> last_version",
    )
    predictions.in_set(
        "predictions_name_known_technologies",
        "The marts know three technologies; a fourth would be dropped without a word.",
        "technology",
        TECHNOLOGIES,
    )
    predictions.no_rows(
        "predictions_cover_the_candidates",
        "A candidate without a prediction is counted as rejected, which nobody decided.",
        "with candidates as (select posted_month, technology, count(*) as candidate_count"
        " from staging.stg_marketplace__candidates"
        " where posted_month in (select first_day from run_months) group by all),"
        " predicted as (select strptime(month, '%Y-%m')::date as posted_month, technology,"
        " count(distinct post_id) as predicted_count from {batch} group by all)"
        " select posted_month, technology, candidate_count, coalesce(predicted_count, 0) as predicted_count"
        " from candidates left join predicted using (posted_month, technology)"
        " where candidate_count > coalesce(predicted_count, 0)",
        judges_empty_table=True,
    )
    return predictions.declared


def _probabilities() -> list[Declared]:
    predictions = TableSuite(PREDICTIONS)
    predictions.not_null(
        "predictions_have_a_probability",
        "A missing probability becomes a silent rejection at the threshold.",
        "probability",
    )
    predictions.between(
        "predicted_probabilities_lie_in_0_1",
        "A probability outside 0 to 1 means that scores of another kind were stored.",
        "probability",
        0,
        1,
    )
    predictions.no_rows(
        "predicted_labels_follow_the_threshold",
        "The accepted posts are those at or above the model's threshold, and nothing else.",
        "select technology, post_id, probability, threshold, is_positive from {batch}"
        " where (is_positive = (probability >= threshold)) is not true",
    )
    predictions.no_rows(
        "predictions_tell_posts_apart",
        "A model that gives a hundred posts one probability has lost its features.",
        "select technology, count(*) as prediction_count, min(probability) as probability from {batch}"
        " group by technology having prediction_count >= 100 and min(probability) = max(probability)",
    )
    predictions.no_rows(
        "predictions_accept_a_plausible_share",
        "Accepting fewer than 2 % or more than 98 % of many candidates contradicts every labelled sample.",
        "select technology, avg(is_positive::int) as accepted_share, count(*) as candidate_count from {batch}"
        " group by technology"
        " having candidate_count >= 200 and (accepted_share between 0.02 and 0.98) is not true",
        severity=Severity.WARNING,
    )
    return predictions.declared
