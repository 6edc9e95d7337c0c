"""Predictions: has every candidate of the run's months one, and do they look like a classifier's?"""

from dagster_project.quality.declaration import Declared, Severity, Table, TableSuite

PREDICTIONS = Table(
    "predictions.post_technologies",
    frozenset({"job_posts"}),
    month_column="month",
    may_be_empty="a small month may hold no candidate",
)


def suite() -> list[Declared]:
    """Expectations of the lake's predictions, restricted to the run's months."""
    return [*_arrival(), *_probabilities()]


def _arrival() -> list[Declared]:
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
        ["ai", "cloud", "rpa"],
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
