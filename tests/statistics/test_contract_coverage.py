"""How often the intervals of contract values and search growth hold the truth, over 1,000 seeded worlds."""

import numpy as np
import pytest

from dagster_project.statistics.proportions import ClusterSums, effective_trials, proportion_interval
from dagster_project.statistics.search_growth import month_to_month_dispersion, search_growth_interval

WORLDS, MONTHS, RATIO = 1000, 25, 3.85
LEAST, MOST = 0.925, 0.975


def covered(low: np.ndarray, high: np.ndarray, truth: float, what: str) -> float:
    share = float(np.mean((low <= truth) & (truth <= high)))
    print(f"{what}: truth {truth:.4g}, covered {share:.3f}, below {np.mean(truth < low):.3f}")
    return share


@pytest.mark.slow
@pytest.mark.parametrize(("truth", "clients", "concentration"), [(0.58, 300, 2.0), (0.58, 3000, 2.0), (0.86, 200, 4.0)])
def test_the_high_value_share_is_covered_where_clients_differ(truth: float, clients: int, concentration: float) -> None:
    """A client has 1 to 20 contracts and a chance of its own; values are known for nine in ten."""
    rng = np.random.default_rng([2025, clients])
    shape = (WORLDS, clients)
    contracts = rng.choice([1, 2, 3, 6, 20], shape, p=[0.7, 0.17, 0.08, 0.045, 0.005])
    known = rng.binomial(contracts, 0.9)
    high = rng.binomial(known, rng.beta(truth * concentration, (1 - truth) * concentration, shape))
    y, n = high.astype(float), known.astype(float)
    sums = ClusterSums((n > 0).sum(axis=1).astype(float), *((a * b).sum(axis=1) for a, b in ((y, y), (y, n), (n, n))))
    successes, trials = y.sum(axis=1), n.sum(axis=1)
    _, low, high_limit = proportion_interval(successes, trials, effective_trials(successes, trials, sums))
    assert LEAST <= covered(low, high_limit, truth, f"high-value share, {clients} clients") <= MOST


def search_counts(kind: str, level: float, rng: np.random.Generator) -> np.ndarray:
    """Searches (worlds, months), level for 18 months and then RATIO times as many within six."""
    expected = level * np.concatenate([np.ones(MONTHS - 7), RATIO ** (np.arange(7) / 6)])
    shape = (WORLDS, MONTHS)
    if kind == "bursts":  # each searcher searches on average three times: variance three times the mean
        return rng.negative_binomial(np.broadcast_to(expected / 2, shape), 1 / 3)
    return rng.poisson(expected * rng.gamma(400, 1 / 400, shape))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["bursts", "noisy months"])
@pytest.mark.parametrize("level", [200, 1500])
def test_the_growth_of_searches_is_covered_under_over_dispersion(kind: str, level: float) -> None:
    counts = search_counts(kind, level, np.random.default_rng([2025, level, len(kind)]))
    dispersion, deviations = month_to_month_dispersion(counts)
    _, low, high = search_growth_interval(counts[:, -1], counts[:, -7], dispersion, deviations)
    truth = (RATIO - 1) * 100
    assert LEAST <= covered(low, high, truth, f"growth of searches, {kind}, level {level}") <= MOST


@pytest.mark.slow
def test_a_poisson_interval_would_not_cover_bursts() -> None:
    """The dispersion is what makes the difference: without it the interval misses far too often."""
    counts = search_counts("bursts", 1500, np.random.default_rng(7))
    _, low, high = search_growth_interval(counts[:, -1], counts[:, -7], np.ones(WORLDS), np.full(WORLDS, 1e9))
    assert covered(low, high, (RATIO - 1) * 100, "growth of searches, Poisson") < 0.85
