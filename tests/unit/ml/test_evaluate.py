import numpy as np
import pytest

from ml.scores.evaluate import compare, compare_with_rules, evaluate
from ml.training.recipes import fit_platt, platt

TRUTH = np.array([1, 1, 0, 0, 0, 0, 0, 0, 0, 0])


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


def test_a_post_that_is_no_candidate_counts_as_negative() -> None:
    result = compare_with_rules(TRUTH, np.full(10, 0.9), 0.5, TRUTH, is_candidate=TRUTH)
    assert result["model"]["f1"] == 1.0 and result["majority_class"]["recall"] == 0.0


def test_calibration_brings_overconfident_scores_to_the_observed_share() -> None:
    truth = np.array([1] * 60 + [0] * 40 + [1] * 10 + [0] * 90)
    said = np.array([0.99] * 100 + [0.01] * 100)
    calibrated = platt(said, *fit_platt(truth, said))
    assert calibrated[0] == pytest.approx(0.6, abs=0.02) and calibrated[-1] == pytest.approx(0.1, abs=0.02)


def test_scores_that_point_the_wrong_way_are_flattened_and_not_turned_round() -> None:
    slope, _ = fit_platt(np.array([0, 0, 1, 1]), np.array([0.9, 0.8, 0.2, 0.1]))
    assert slope == 0.0
