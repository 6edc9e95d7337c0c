"""Clustered proportion intervals and false discovery control, by hand, against libraries, and by their coverage."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from dagster_project.statistics.core.estimates import ClusterSums, design_effect, effective_trials, proportion_interval
from dagster_project.statistics.core.multiplicity import one_sided_q_values


def sums_of(y: np.ndarray, n: np.ndarray) -> ClusterSums:
    """Cluster sums over the last axis of per-client counts."""
    return ClusterSums(
        count=(n > 0).sum(axis=-1).astype(float),
        yy=(y**2).sum(axis=-1).astype(float),
        yn=(y * n).sum(axis=-1).astype(float),
        nn=(n**2).sum(axis=-1).astype(float),
    )


def test_design_effect_of_four_clients_is_the_one_worked_by_hand() -> None:
    # clients (posts, AI posts): (4,4) (4,0) (1,1) (1,0); p = .5; residuals 2, -2, .5, -.5; sum of squares 8.5
    # variance sum: 4/3 * 8.5 = 11.333; binomial: 10 * .25 = 2.5; design effect 4.5333
    y, n = np.array([4, 0, 1, 0]), np.array([4, 4, 1, 1])
    assert design_effect(5, 10, sums_of(y, n)) == pytest.approx(4.533333, abs=1e-6)


def test_posts_of_clients_with_one_post_each_have_nearly_no_design_effect() -> None:
    y = np.array([1] * 30 + [0] * 70)
    assert design_effect(30, 100, sums_of(y, np.ones(100))) == pytest.approx(100 / 99)


def test_a_design_effect_below_one_is_raised_to_one() -> None:
    y, n = np.array([1, 1, 1]), np.array([2, 2, 2])
    assert design_effect(3, 6, sums_of(y, n)) == 1.0


def test_no_success_takes_the_posts_of_a_client_to_be_alike() -> None:
    n = np.array([5, 5, 5, 5])
    assert effective_trials(0, 20, sums_of(np.zeros(4), n)) == pytest.approx(4)


def test_a_single_client_says_nothing_about_the_rate() -> None:
    sums = sums_of(np.array([3]), np.array([8]))
    share, low, high = proportion_interval(3, 8, effective_trials(3, 8, sums))
    assert (share, low, high) == (0.375, 0.0, 1.0)


def test_no_trials_give_no_share_and_no_interval() -> None:
    assert all(np.isnan(value) for value in proportion_interval([0.0], [0.0]))


@pytest.mark.parametrize(("successes", "expected_low", "expected_high"), [(0, 0.0, 0.1611), (20, 0.8389, 1.0)])
def test_ends_of_the_scale_are_exact(successes: int, expected_low: float, expected_high: float) -> None:
    # z^2 / (n + z^2) = 3.8415 / 23.8415 = 0.1611
    _, low, high = proportion_interval(successes, 20)
    assert (float(low), float(high)) == (
        pytest.approx(expected_low, abs=1e-4),
        pytest.approx(expected_high, abs=1e-4),
    )


def test_without_clusters_the_interval_is_that_of_scipy() -> None:
    expected = stats.binomtest(37, 211).proportion_ci(0.95, method="wilson")
    _, low, high = proportion_interval(37, 211)
    assert (low, high) == (pytest.approx(expected.low), pytest.approx(expected.high))


def test_the_effective_sample_carries_the_few_client_correction() -> None:
    # design effect 4.5333 from 4 clients: n_eff = 10/4.5333 * (1.959964/3.182446)^2 = 0.83667
    y, n = np.array([4, 0, 1, 0]), np.array([4, 4, 1, 1])
    n_eff = effective_trials(5, 10, sums_of(y, n))
    assert n_eff == pytest.approx(0.83667, abs=1e-4)
    _, low, high = proportion_interval(5, 10, n_eff)
    assert (low, high) == pytest.approx(proportion_confint(0.5 * n_eff, n_eff, method="wilson"))


def test_a_count_above_its_trials_is_refused() -> None:
    with pytest.raises(ValueError, match="7 of 5"):
        proportion_interval(7, 5)


def test_intervals_cover_the_rate_of_clustered_posts() -> None:
    rng = np.random.default_rng(20251101)
    worlds, clients, rate = 4000, 120, 0.2
    n = 1 + rng.negative_binomial(1, 0.3, (worlds, clients))
    client_rates = rng.beta(rate * 4, (1 - rate) * 4, (worlds, clients))
    y = rng.binomial(n, client_rates)
    sums, total, trials = sums_of(y, n), y.sum(axis=1), n.sum(axis=1)
    _, low, high = proportion_interval(total, trials, effective_trials(total, trials, sums))
    coverage = ((low <= rate) & (rate <= high)).mean()
    _, naive_low, naive_high = proportion_interval(total, trials)
    naive = ((naive_low <= rate) & (rate <= naive_high)).mean()
    assert 0.935 < coverage < 0.965
    assert naive < 0.90


def test_benjamini_hochberg_worked_by_hand() -> None:
    # m = 4: .011 x 4/1 = .044, .045 x 4/2 = .09, .06 x 4/3 = .08, .9; from the largest down the least so far
    assert one_sided_q_values([0.06, 0.011, 0.045, 0.9]) == pytest.approx([0.08, 0.044, 0.08, 0.9])


def test_a_p_value_above_the_largest_allowed_counts_as_one_and_helps_no_other() -> None:
    # only .011 is left of the four: .011 x 4 = .044
    assert one_sided_q_values([0.06, 0.011, 0.045, 0.9], largest_p=0.025) == pytest.approx([1, 0.044, 1, 1])


def test_an_empty_family_finds_nothing() -> None:
    assert one_sided_q_values([]).tolist() == []
