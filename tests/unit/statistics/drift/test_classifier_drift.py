"""Drift of a classifier's candidates: hand-worked distances, months that ask for labels and months that do not."""

import numpy as np
import pandas as pd
import pytest

from dagster_project.statistics.core.estimates import CountsError
from dagster_project.statistics.drift import doubt_points, score_shift, shift_p
from dagster_project.statistics.registry import compute

BINS = 20


def months(count: int, **changes: object) -> pd.DataFrame:
    """int_monthly_drift_counts of one technology: alike months of 5,000 posts, 500 candidates, 25 in doubt."""
    scores = np.zeros(BINS, dtype=np.int64)
    scores[[0, 9, 19]] = 200, 25, 275
    row = {
        "technology": "ai", "model_version": "v1", "post_count": 5000, "candidate_count": 500, "classified_count": 275,
        "sampled_count": 500, "doubtful_count": 25, "token_count": 50_000, "unseen_token_count": 5_000,
        "unseen_cluster_count": 500, "unseen_sum_yy": 60_000, "unseen_sum_yn": 550_000, "unseen_sum_nn": 5_200_000,
        "held_out_token_count": 1_000, "held_out_unseen_token_count": 80,
    }  # fmt: skip
    frame = pd.DataFrame([row] * count)
    frame["posted_month"] = pd.date_range("2024-01-01", periods=count, freq="MS")
    frame["score_counts"] = [scores.copy() for _ in range(count)]
    for column, value in changes.items():
        frame.loc[count - 1, column] = value
    return frame


def last(frame: pd.DataFrame) -> pd.Series:
    return compute("classifier_drift", frame).iloc[-1]


def test_the_shift_of_scores_is_what_moved_times_how_far() -> None:
    # a quarter of the posts moves by two of four bins: 1/4 * 2/4
    assert score_shift(np.array([2, 2, 0, 0]), np.array([3, 1, 0, 0])) == pytest.approx(0.25 * 0.25)
    assert score_shift(np.array([2, 1, 1, 0]), np.array([2, 2, 0, 0])) == pytest.approx(0.25 * 0.25)
    assert score_shift(np.array([0, 0, 0, 4]), np.array([8, 0, 0, 0])) == pytest.approx(0.75)
    assert score_shift(np.array([1, 2, 3, 4]), np.array([10, 20, 30, 40])) == pytest.approx(0)


def test_a_small_sample_of_the_same_scores_is_no_shift_and_a_moved_one_is() -> None:
    reference = np.array([600, 100, 100, 1200])
    drawn = np.random.default_rng(1).multinomial(40, reference / reference.sum(), size=200)
    p = np.array([shift_p(month, reference, seed=number) for number, month in enumerate(drawn)])
    assert 0.01 <= (p <= 0.05).mean() <= 0.1
    assert shift_p(np.array([4, 16, 16, 4]), reference) == pytest.approx(1 / 500)


def test_points_are_the_excess_of_doubt_times_the_candidates_among_posts() -> None:
    # 30 of 100 in doubt against 100 of 1,000, candidates 8 % of posts: (0.3 - 0.1) * 8 points
    points, low, high = doubt_points(30, 100, 100, 1000, 0.08)
    assert points == pytest.approx(1.6)
    # Newcombe's method 10 from the Wilson limits 0.2189..0.3958 and 0.0829..0.1202
    assert low == pytest.approx(8 * (0.2 - np.hypot(0.3 - 0.21895, 0.12017 - 0.1)), abs=1e-3)
    assert high == pytest.approx(8 * (0.2 + np.hypot(0.39585 - 0.3, 0.1 - 0.08291)), abs=1e-3)
    assert doubt_points(5, 100, 100, 1000, 0.08)[:2] == (0.0, 0.0)


def test_an_ordinary_month_asks_for_nothing() -> None:
    row = last(months(13))
    assert not row["needs_labels"]
    assert (row["possible_share_points"], row["score_shift"], row["score_shift_p"]) == (0, 0, 1)
    assert row["unseen_token_rate"] == row["reference_unseen_token_rate"] == 0.1
    assert row["unseen_token_rate_low"] < 0.1 < row["unseen_token_rate_high"]
    assert row["held_out_unseen_token_rate"] == 0.08
    assert row["limit_points"] == 0.5


def test_a_month_of_doubt_asks_for_labels_naming_technology_month_points_and_command() -> None:
    row = last(months(13, doubtful_count=200, unseen_token_count=7_000))
    assert row["possible_share_points"] == pytest.approx(100 * 500 / 5000 * (0.4 - 0.05))
    assert row["needs_labels"]
    assert "3.50 points of the ai share of 2025-01" in row["reason"]
    assert row["reason"].endswith("make queue MONTH=2025-01")


def test_doubt_without_new_words_or_other_scores_asks_for_nothing() -> None:
    row = last(months(13, doubtful_count=200))
    assert row["possible_share_points_low"] > row["limit_points"]
    assert not row["needs_labels"]


def test_other_scores_ask_for_labels_where_the_words_are_the_same() -> None:
    frame = months(13, doubtful_count=200)
    frame.at[12, "score_counts"] = np.roll(frame.at[12, "score_counts"], 1)
    assert last(frame)["needs_labels"]


def test_a_small_month_does_not_cry_wolf() -> None:
    # 3 of 20 in doubt against 5 %: ten points more, and chance alone does that
    scores = np.zeros(BINS, dtype=np.int64)
    scores[0] = 20
    frame = months(13, doubtful_count=3, sampled_count=20, candidate_count=20, post_count=100)
    frame.at[12, "score_counts"] = scores
    row = last(frame)
    assert row["possible_share_points"] > row["limit_points"] > row["possible_share_points_low"]
    assert not row["needs_labels"]


def test_the_limit_of_a_rare_technology_is_a_tenth_of_its_share() -> None:
    assert last(months(13, classified_count=10))["limit_points"] == pytest.approx(0.02)


@pytest.mark.parametrize("alone", [months(1), months(13, model_version="v2")])
def test_without_earlier_months_of_the_model_there_is_no_reference_and_no_number(alone: pd.DataFrame) -> None:
    row = last(alone)
    assert row["reason"].startswith("no reference yet")
    assert row[["possible_share_points", "score_shift", "reference_unseen_token_rate", "limit_points"]].isna().all()
    assert not row["needs_labels"]
    assert row["unseen_token_rate"] == 0.1


def test_months_more_than_a_year_ago_are_no_reference() -> None:
    frame = months(2)
    frame.loc[0, "posted_month"] = pd.Timestamp("2023-01-01")
    assert last(frame)["reason"].startswith("no reference yet")


def test_a_month_without_candidates_says_so() -> None:
    nothing = dict.fromkeys(
        ["candidate_count", "classified_count", "sampled_count", "doubtful_count", "token_count", "unseen_token_count",
         "unseen_cluster_count", "unseen_sum_yy", "unseen_sum_yn", "unseen_sum_nn"], 0,
    )  # fmt: skip
    frame = months(13, **nothing)
    frame.at[12, "score_counts"] = np.zeros(BINS, dtype=np.int64)
    row = last(frame)
    assert row["reason"] == "no candidates in the month"
    assert row[["unseen_token_rate", "doubtful_share", "possible_share_points"]].isna().all()


def test_scores_that_are_not_those_of_the_candidates_are_refused() -> None:
    with pytest.raises(CountsError, match="ai 2024-02 counts 500 scores of 501 candidates"):
        compute("classifier_drift", months(2, candidate_count=501))


def test_no_counts_give_no_rows_and_the_same_columns() -> None:
    whole = compute("classifier_drift", months(2))
    assert list(compute("classifier_drift", months(2).head(0)).columns) == list(whole.columns)
