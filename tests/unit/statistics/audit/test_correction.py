"""Corrected shares and rates against hand-worked numbers and against published implementations of the same estimand."""

import numpy as np
import pytest
from scipy import stats

from dagster_project.statistics.audit.classifier_audit import (
    AuditErrors,
    WeightedCount,
    rogan_gladen,
    weighted_count_limits,
    weighted_rate,
)
from dagster_project.statistics.audit.correction import corrected_share
from dagster_project.statistics.core.estimates import ClusterSums

NONE = WeightedCount.of([0.0], [0.0], [0.0])


def found(count: int, weight: float) -> WeightedCount:
    """`count` audited posts of one weight."""
    return WeightedCount.of([count * weight], [count * weight**2], [weight])


def sums(count: float, yy: float, yn: float, nn: float) -> ClusterSums:
    return ClusterSums(*(np.array([value], float) for value in (count, yy, yn, nn)))


def test_a_classifier_with_97_percent_sensitivity_and_specificity_shows_5_8_percent_where_the_truth_is_3_percent():
    posts, positives = 10_000, 300
    accepted = 0.97 * positives + 0.03 * (posts - positives)
    assert accepted / posts == pytest.approx(0.0582)
    missed, false = found(9, 1.0), found(291, 1.0)
    share, low, high = corrected_share(
        [accepted + 9 - 291], [posts], sums(posts, 300, 300, posts), AuditErrors(missed, NONE, false)
    )
    assert share == pytest.approx([0.03])
    assert low < 0.03 < high < 0.0582
    assert rogan_gladen([accepted / posts], [0.97], [0.97]) == pytest.approx([0.03])


def test_a_simple_random_audit_agrees_with_prediction_powered_inference():
    """4,000 posts, 846 accepted; of 800 audited at random 63 were missed and 16 accepted falsely.

    ppi_mean_ci of ppi-python 0.2.3 with lam=1, alpha=0.05 on these posts: 0.24540 to 0.29511 around 0.27025.
    """
    weight, missed, false = 5, 63, 16
    corrected = 846 + weight * (missed - false)
    squares = (846 - false) + false * (1 - weight) ** 2 + missed * weight**2
    errors = AuditErrors(found(missed, weight), NONE, found(false, weight))
    share, low, high = corrected_share([corrected], [4000], sums(4000, squares, corrected, 4000), errors)
    assert share == pytest.approx([0.27025])
    assert low == pytest.approx([0.24540], abs=0.002)
    assert high == pytest.approx([0.29511], abs=0.002)


def test_rogan_gladen_agrees_with_adjusted_counting():
    """solve_adjustment_binary of quapy 0.2.3, the adjusted classify-and-count of Forman (2008)."""
    shares = rogan_gladen([0.0582, 0.10, 0.02], [0.97, 0.88, 0.88], [0.97, 0.96, 0.96])
    assert shares == pytest.approx([0.03, 0.0714285714, 0.0])


def test_rogan_gladen_gives_nothing_for_a_classifier_that_says_nothing():
    assert np.isnan(rogan_gladen([0.1], [0.5], [0.5])).all()


def test_no_error_found_is_no_proof_that_there_is_none():
    low, high = weighted_count_limits(WeightedCount.of([0.0], [0.0], [25.0]))
    assert low == [0]
    assert high == pytest.approx([-25 * np.log(0.05)], rel=1e-6)  # the rule of three, at the weight


def test_where_nothing_can_be_hidden_the_limits_are_0():
    assert weighted_count_limits(NONE) == (np.array([0.0]), np.array([0.0]))


@pytest.mark.parametrize("events", [1, 4, 30])
def test_limits_of_equal_weights_are_the_mid_p_limits_of_a_poisson_count(events: int):
    low, high = weighted_count_limits(found(events, 7.0))
    for limit, tail in ((high, 0.025), (low, 0.975)):
        mean = limit[0] / 7
        below = stats.poisson.cdf(events - 1, mean) + stats.poisson.pmf(events, mean) / 2
        assert below == pytest.approx(tail, abs=1e-6)


def test_zero_errors_among_posts_without_a_candidate_word_widen_the_interval_upwards_only():
    """1,500 posts, 60 accepted and right; no audited post of weight 25 outside the candidates is positive."""
    clusters = sums(1500, 60, 60, 1500)
    sure = corrected_share([60], [1500], clusters, AuditErrors(NONE, NONE, NONE))
    unsure = corrected_share([60], [1500], clusters, AuditErrors(NONE, WeightedCount.of([0], [0], [25]), NONE))
    assert unsure[0] == sure[0] == [0.04]
    assert unsure[1] == sure[1]
    hidden = -25 * np.log(0.05) / 1500
    assert unsure[2] == pytest.approx([0.04 + np.hypot(sure[2][0] - 0.04, hidden)])


def test_shares_and_limits_stay_in_0_to_1_whatever_the_weights():
    heavy = AuditErrors(found(1, 500.0), found(1, 900.0), found(3, 400.0))
    share, low, high = corrected_share([-700.0], [100], sums(50, 1e6, 1e4, 900), heavy)
    assert (share, low) == ([0], [0])
    assert 0 < high <= 1


def test_without_posts_there_is_no_share():
    assert np.isnan(corrected_share([0.0], [0.0], sums(0, 0, 0, 0), AuditErrors(NONE, NONE, NONE))).all()


def test_clients_whose_posts_err_together_widen_the_interval():
    """The same 40 missed posts, each of its own client or ten of each of four clients."""
    errors = AuditErrors(found(40, 2.0), NONE, NONE)
    apart = corrected_share([280], [4000], sums(4000, 200 + 40 * 4, 280, 4000), errors)
    together = corrected_share([280], [4000], sums(3964, 200 + 4 * 400, 200 + 4 * 200, 3960 + 400), errors)
    assert together[1] < apart[1]
    assert together[2] > apart[2]


def test_a_rate_without_a_miss_is_1_with_a_lower_limit_below_1():
    rate, low, high = weighted_rate(found(30, 3.0), WeightedCount.of([0.0], [0.0], [16.0]))
    assert rate == high == [1]
    assert 0.6 < low < 90 / (90 + 48)  # three posts of weight 16 that none found can hide, beside 90


def test_a_rate_of_equal_weights_lies_near_the_exact_binomial_interval():
    rate, low, high = weighted_rate(found(291, 1.0), found(9, 1.0))
    exact = stats.binomtest(291, 300).proportion_ci(method="exact")
    assert rate == pytest.approx([0.97])
    assert (low[0], high[0]) == pytest.approx((exact.low, exact.high), abs=0.003)


def test_a_rate_of_nothing_found_is_unknown():
    assert np.isnan(weighted_rate(NONE, NONE)).all()


def test_what_is_left_of_equal_sums_in_another_order_is_no_post() -> None:
    """0.1 + 0.2 is not 0.3 in its last digit: a difference of the same posts has a total, limits and no NaN."""
    whole, part = WeightedCount.of([0.1 + 0.2], [0.3 + 1e-17], 1), WeightedCount.of([0.3], [0.3], 1)
    left = whole - part
    assert (left.total[0], left.squares[0]) == (0, 0)
    assert not np.isnan(weighted_count_limits(left)).any()
    five = WeightedCount.of([5], [25], 5) - WeightedCount.of([2], [4], 2)
    assert (five.total[0], five.squares[0], five.unfound) == (3, 21, 5)
