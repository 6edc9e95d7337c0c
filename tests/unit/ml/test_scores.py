"""Scores, comparisons, calibration and the bound of hidden posts against what is counted by hand."""

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from ml.scores import (
    compare,
    compare_with_rules,
    evaluate,
    expected_calibration_error,
    hidden_posts_bound,
    keyword_recall,
    reliability,
    replaces,
)
from ml.training.recipes import fit_platt, platt

TRUTH = np.array([1, 1, 0, 0, 0, 0, 0, 0, 0, 0])
SAID = np.array([0.05] * 10 + [0.85] * 4 + [1.0])
TRUE = np.array([1] + [0] * 9 + [1, 1, 0, 0] + [1])


def test_scores_are_those_counted_by_hand() -> None:
    scores = evaluate(TRUTH, np.array([0.9, 0.2, 0.8, 0, 0, 0, 0, 0, 0, 0]), 0.5)
    assert scores["confusion"] == {"tn": 7, "fp": 1, "fn": 1, "tp": 1}
    assert (scores["accuracy"], scores["precision"], scores["recall"], scores["f1"]) == (0.8, 0.5, 0.5, 0.5)
    assert scores["accuracy_low"] == pytest.approx(0.4902, abs=1e-4)


def test_a_model_that_never_says_yes_is_accurate_and_has_f1_zero() -> None:
    scores = evaluate(TRUTH, np.zeros(10), 0.5)
    assert scores["accuracy"] == 0.8 and scores["f1"] == 0.0 and scores["precision"] is None


def test_auroc_is_not_sample_where_there_is_one_class() -> None:
    assert evaluate(np.zeros(5), np.linspace(0, 1, 5), 0.5)["auroc"] is None


def test_nothing_to_evaluate_is_an_error() -> None:
    with pytest.raises(ValueError, match="label more posts"):
        evaluate(np.array([]), np.array([]), 0.5)


def test_mcnemar_counts_only_posts_on_which_the_two_differ() -> None:
    better = compare(TRUTH, TRUTH, np.zeros(10))
    assert (better["only_one_right"], better["only_other_right"], better["p_value"]) == (2, 0, 0.5)


def test_a_model_is_compared_with_a_rule_and_with_the_more_frequent_answer() -> None:
    result = compare_with_rules(TRUTH, TRUTH * 0.9, 0.5, TRUTH)
    assert result["model"]["f1"] == 1.0 and result["majority_class"]["recall"] == 0.0


def test_calibration_brings_overconfident_scores_to_the_observed_share() -> None:
    truth = np.array([1] * 60 + [0] * 40 + [1] * 10 + [0] * 90)
    said = np.array([0.99] * 100 + [0.01] * 100)
    calibrated = platt(said, *fit_platt(truth, said))
    assert calibrated[0] == pytest.approx(0.6, abs=0.02) and calibrated[-1] == pytest.approx(0.1, abs=0.02)


def test_scores_that_point_the_wrong_way_are_flattened_and_not_turned_round() -> None:
    slope, _ = fit_platt(np.array([0, 0, 1, 1]), np.array([0.9, 0.8, 0.2, 0.1]))
    assert slope == 0.0


def test_a_bin_holds_its_posts_their_mean_probability_and_share_with_a_wilson_interval() -> None:
    table = reliability(TRUE, SAID)
    assert table["low"].tolist() == [0.0, 0.8, 0.9] and table["posts"].tolist() == [10, 4, 1]
    assert table["observed_share"].tolist() == [0.1, 0.5, 1.0]
    assert table["mean_probability"].tolist() == [0.05, 0.85, 1.0]
    low, high = proportion_confint(2, 4, method="wilson")
    assert table.loc[1, ["observed_low", "observed_high"]].tolist() == [round(low, 4), round(high, 4)]


def test_the_calibration_error_is_that_counted_by_hand() -> None:
    assert expected_calibration_error(TRUE, SAID) == pytest.approx((10 * 0.05 + 4 * 0.35 + 0) / 15)
    assert expected_calibration_error(np.array([0, 1]), np.array([0.0, 1.0])) == 0.0
    assert np.isnan(expected_calibration_error(np.array([]), np.array([])))


def test_with_equal_weights_the_bound_is_the_exact_one() -> None:
    n, weight = 300, 7.0
    exact = 1 - 0.05 ** (1 / n)
    assert hidden_posts_bound(np.full(n, weight)) == pytest.approx(n * weight * exact)
    assert hidden_posts_bound(np.full(n, weight)) == pytest.approx(3 * weight, rel=0.02)
    assert hidden_posts_bound(np.array([10.0])) == pytest.approx(9.5)


def test_with_two_weights_the_bound_is_the_worst_case_found_by_search() -> None:
    weights, counts = np.array([2.0, 30.0]), np.array([400, 60])
    share = np.linspace(0, 0.05, 200_001)
    rest = 1 - np.exp((np.log(0.05) - counts[1] * np.log1p(-share)) / counts[0])
    searched = (counts[1] * 30 * share + counts[0] * 2 * np.clip(rest, 0, None))[rest >= 0].max()
    assert hidden_posts_bound(np.repeat(weights, counts)) == pytest.approx(searched, rel=1e-4)


def test_nothing_sampled_outside_the_candidates_bounds_nothing() -> None:
    assert hidden_posts_bound(np.array([])) == float("inf")


def test_recall_weighs_each_lost_post_by_the_posts_it_stands_for() -> None:
    truth = np.array([1, 1, 1, 0])
    value, low, high = keyword_recall(truth, np.array([True, True, False, False]), np.array([1.0, 1.0, 8.0, 5.0]))
    assert value == pytest.approx(0.2) and low <= value <= high


def test_no_lost_post_in_the_sample_is_no_proof_that_none_is_lost() -> None:
    truth = np.array([1] * 10 + [0] * 100)
    value, low, high = keyword_recall(truth, truth == 1, np.repeat([1.0, 20.0], [10, 100]))
    assert (value, high) == (1.0, 1.0)
    assert low == pytest.approx(10 / (10 + hidden_posts_bound(np.full(100, 20.0)))) and low < 0.2


@pytest.mark.parametrize(
    ("f1_difference", "brier_difference", "is_trained_on_more", "expected"),
    [
        (0.01, -0.01, False, True),
        (0.01, 0.0, False, True),
        (0.0, -0.001, False, True),
        (-0.001, -0.01, True, False),
        (0.05, 0.001, True, False),
        (0.0, 0.0, False, False),
        (0.0, 0.0, True, True),
        (float("nan"), -0.01, False, True),
    ],
)
def test_the_rule_asks_for_both_scores_and_breaks_ties_by_labels(
    f1_difference: float, brier_difference: float, is_trained_on_more: bool, expected: bool
) -> None:
    assert replaces(f1_difference, brier_difference, is_trained_on_more) is expected
