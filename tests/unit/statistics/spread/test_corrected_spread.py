"""Concentration, ranks and changes corrected by an audit sample, against numbers worked by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dagster_project.statistics.audit.classifier_audit import AuditErrors, WeightedCount
from dagster_project.statistics.core.multiplicity import larger_p_values, rank_intervals
from dagster_project.statistics.registry import compute
from dagster_project.statistics.spread.concentration import concentration
from dagster_project.statistics.spread.counts import AuditedCounts, unfound_posts
from tests.unit.statistics.spread.test_technology_spread import GROUPS, even, replicate_frame

# of each of the four categories
AUDITED = {"audited_count": 450, "unfound_candidate_weight": 2.0, "unfound_other_weight": 5.0,
           "not_corrected_reason": None}  # fmt: skip
RULE_OF_THREE = -np.log(0.05)


def errors(missed: list[float], false: list[float], weight: float = 2.0) -> AuditErrors:
    """Audited errors by category, in posts that they stand for, each of the same weight."""
    nothing = [0.0] * len(missed)
    counts = [(missed, weight), (nothing, 5.0), (false, weight)]
    return AuditErrors(*(WeightedCount.of(posts, np.multiply(posts, weight), weight) for posts, weight in counts))


def audited_frame(
    missed: dict[str, float], false: dict[str, float], weight: float = 1.0, **periods: list[int]
) -> pd.DataFrame:
    """replicate_frame with audit errors by category, in posts, dealt out evenly to the client groups."""
    frame = replicate_frame(**periods).assign(**AUDITED)
    for name, posts in (("missed_candidate", missed), ("false_accept", false)):
        by_group = frame["category_id"].map(posts).fillna(0.0) / GROUPS
        frame = frame.assign(**{f"{name}_weight": by_group, f"{name}_squares": by_group * weight})
    return frame.assign(unfound_candidate_weight=weight, unfound_other_weight=weight)


def test_what_a_post_counts_squared_is_that_of_accepted_missed_and_falsely_accepted_posts() -> None:
    # ten accepted posts, one of them false at weight 5: nine times 1 and (1 - 5)^2; one missed at weight 2: 2^2
    found = AuditErrors(WeightedCount.of([2], [4], 2), WeightedCount.of([0], [0], 5), WeightedCount.of([5], [25], 5))
    counts = AuditedCounts(np.array([[6.0, 1.0]]), found)
    assert counts.totals.tolist() == [7]
    assert counts.squares.tolist() == [9 + 16 + 4]


def test_a_category_that_the_audit_takes_below_nothing_holds_no_post() -> None:
    counts = AuditedCounts(np.array([[3.0, 3.0], [1.0, -4.0]]), errors([0, 0], [0, 5]))
    assert counts.totals.tolist() == [6, 0]
    assert counts.composition.tolist() == [1, 0]
    # without the second group one post of the other category stays: a quarter
    assert counts.left_out.tolist() == [[1, 0], [0.75, 0.25]]


def test_a_class_of_errors_of_which_none_was_found_hides_three_posts_of_its_weight() -> None:
    assert unfound_posts(WeightedCount.of(0, 0, 5)) == pytest.approx(5 * RULE_OF_THREE)
    # with 200 found at weight 2 the limit lies 5 % above the normal one, 58.4 for 55.4 posts
    assert unfound_posts(WeightedCount.of(400, 800, 2)) == pytest.approx(18.4, abs=0.1)


def test_errors_that_were_not_found_lie_in_the_category_that_moves_the_share_most() -> None:
    counts = AuditedCounts(even(60, 40).counts, errors([0, 0], [0, 0]))
    share = counts.measured(lambda shares: shares[..., 0])
    # up: 5.99 candidates or 14.98 other posts missed in the first, 5.99 false accepts in the second category
    ups = 65.99 / 105.99 - 0.6, 74.98 / 114.98 - 0.6, 60 / 94.01 - 0.6
    downs = 0.6 - 60 / 105.99, 0.6 - 60 / 114.98, 0.6 - 54.01 / 94.01
    assert share.above == pytest.approx(np.sqrt(np.square(ups).sum()), abs=1e-4)
    assert share.below == pytest.approx(np.sqrt(np.square(downs).sum()), abs=1e-4)


def test_without_an_error_the_value_is_the_naive_one_and_the_interval_is_wider() -> None:
    naive = even(500, 300, 200)
    audited = AuditedCounts(naive.counts, errors([0, 0, 0], [0, 0, 0]))
    for name, (value, low, high) in concentration(audited).items():
        plain = concentration(naive)[name]
        assert value == pytest.approx(plain[0])
        assert low < plain[1] and high > plain[2]


def test_ranks_stay_open_where_posts_that_the_audit_can_have_missed_would_turn_them() -> None:
    naive = even(600, 520, 30)
    audited = AuditedCounts(naive.counts, errors([0, 0, 0], [0, 0, 0], weight=20.0))
    assert rank_intervals(naive)[1].tolist() == [1, 2, 3]
    assert rank_intervals(audited)[1].tolist() == [1, 1, 3]
    # (600 - 520) / 1150 over the root of its variance and of (60^2 + 60^2 + 15^2) / (1.96 * 1150)^2
    variance = naive.independent_difference_variances()[0, 1]
    hidden = (2 * (20 * RULE_OF_THREE) ** 2 + (5 * RULE_OF_THREE) ** 2) / (1.96 * 1150) ** 2
    expected = stats.t.sf(80 / 1150 / np.sqrt(variance + hidden), GROUPS - 1)
    assert larger_p_values(audited)[0, 1] == pytest.approx(expected, rel=1e-3)


def test_an_audit_of_every_post_gives_the_numbers_of_the_true_posts() -> None:
    seen = audited_frame(
        {"writing": 100.0}, {"data_science_analytics": 100.0}, y2020=[500, 100, 300, 100], y2022=[500, 100, 300, 100]
    )
    true = replicate_frame(y2020=[400, 100, 300, 200])
    row = compute("technology_concentration", seen).iloc[0]
    truth = compute("technology_concentration", true).iloc[0]
    assert (row["technology_post_count"], row["corrected_post_count"]) == (1000, 1000)
    assert row["correction"] == "corrected by audit sample of 1,800 posts"
    for metric in ("herfindahl", "effective_categories", "top_share", "top_two_share"):
        assert row[f"corrected_{metric}"] == pytest.approx(truth[metric], abs=2e-3)
        assert row[f"corrected_{metric}_low"] < truth[metric] < row[f"corrected_{metric}_high"]
    ranks = compute("category_ranks", seen).query("period_id == 'y2020'").set_index("category_id")
    assert ranks["category_rank"].tolist() == [1, 3, 2, 3]
    assert ranks["corrected_category_rank"].tolist() == [1, 4, 2, 3]


def test_changes_and_their_words_follow_the_corrected_posts() -> None:
    frame = audited_frame({}, {"writing": 150.0}, y2020=[410, 100, 300, 190], y2022=[410, 100, 300, 340])
    frame.loc[frame["period_id"] == "y2020", ["false_accept_weight", "false_accept_squares"]] = 0.0
    rows = compute("study_period_comparisons", frame).set_index("series_id")
    writing = rows.loc["writing"]
    assert (writing["verdict"], writing["corrected_verdict"]) == ("rose", "no clear change")
    assert (writing["current_share"], writing["corrected_current_share"]) == (pytest.approx(0.295652), 0.19)
    assert writing["corrected_difference_points"] == 0
    assert writing["corrected_ratio"] == 1
    assert (rows.loc["composition", "verdict"], rows.loc["composition", "corrected_verdict"]) == (
        "not shown to be stable",
        "stable",
    )
    assert set(rows["correction"]) == {"corrected by audit sample of 1,800 and 1,800 posts"}
    # 1,150 accepted posts of the later period, 150 of them false
    assert set(rows["current_post_count"]) == {1150} and set(rows["current_corrected_post_count"]) == {1000}


def test_a_period_without_an_audit_sample_is_not_corrected_and_neither_is_its_comparison() -> None:
    frame = audited_frame({}, {}, y2020=[410, 100, 300, 190], y2022=[410, 100, 300, 340])
    frame.loc[frame["period_id"] == "y2020", "not_corrected_reason"] = "no audit sample"
    rows = compute("technology_concentration", frame).set_index("period_id")
    assert rows["correction"].tolist() == ["not corrected: no audit sample", "corrected by audit sample of 1,800 posts"]
    assert rows["corrected_herfindahl"].isna().tolist() == [True, False]
    compared = compute("study_period_comparisons", frame)
    assert compared["correction"].unique().tolist() == ["not corrected: y2020: no audit sample"]
    assert compared[["corrected_difference_points", "corrected_verdict"]].isna().all(axis=None)
    assert compared["base_corrected_post_count"].isna().all()
    assert compared["verdict"].notna().all()


def test_an_audit_that_leaves_few_posts_corrects_nothing() -> None:
    frame = audited_frame({}, {"data_science_analytics": 90.0, "writing": 40.0}, y2020=[90, 10, 10, 40])
    row = compute("technology_concentration", frame).iloc[0]
    assert row["correction"] == "not corrected: the audit leaves fewer than 30 posts"
    assert pd.isna(row["corrected_top_share"]) and row["top_share"] == 0.6


def test_a_ratio_is_not_told_where_the_limits_of_a_share_hold_nothing() -> None:
    frame = audited_frame({}, {}, weight=20.0, y2020=[500, 100, 300, 5], y2022=[500, 100, 300, 10])
    writing = compute("study_period_comparisons", frame).set_index("series_id").loc["writing"]
    assert writing["corrected_base_share_low"] == 0
    assert pd.isna(writing["corrected_ratio"]) and writing["ratio"] > 1
