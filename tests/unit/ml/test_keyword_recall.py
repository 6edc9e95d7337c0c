import numpy as np
import pytest

from ml.scores.measures import hidden_posts_bound, keyword_recall


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
