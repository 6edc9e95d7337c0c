"""How often the intervals of contract values and search growth hold the truth, over 1,000 seeded worlds."""

import numpy as np
import pytest

from dagster_project.statistics.searches import search_growth_interval
from tests.worlds.contract_worlds import (
    SEARCH_GROWTH_PCT,
    covered,
    high_value_limits,
    search_counts,
    search_growth_limits,
)

pytestmark = pytest.mark.slow

WORLDS = 1000
LEAST, MOST = 0.925, 0.975


@pytest.mark.parametrize(("truth", "clients", "concentration"), [(0.58, 300, 2.0), (0.58, 3000, 2.0), (0.86, 200, 4.0)])
def test_the_high_value_share_is_covered_where_clients_differ(truth: float, clients: int, concentration: float) -> None:
    share = covered(high_value_limits(truth, clients, concentration, WORLDS, seed=2025), truth)
    print(f"high-value share {truth}, {clients} clients: covered {share:.3f}")
    assert LEAST <= share <= MOST


@pytest.mark.parametrize("kind", ["bursts", "noisy months"])
@pytest.mark.parametrize("level", [200, 1500])
def test_the_growth_of_searches_is_covered_under_over_dispersion(kind: str, level: float) -> None:
    share = covered(search_growth_limits(kind, level, WORLDS, seed=2025), SEARCH_GROWTH_PCT)
    print(f"growth of searches, {kind}, level {level}: covered {share:.3f}")
    assert LEAST <= share <= MOST


def test_a_poisson_interval_would_not_cover_bursts() -> None:
    """The dispersion is what makes the difference: without it the interval misses far too often."""
    counts = search_counts("bursts", 1500, WORLDS, np.random.default_rng(7))
    limits = search_growth_interval(counts[:, -1], counts[:, -7], np.ones(WORLDS), np.full(WORLDS, 1e9))[1:]
    assert covered(limits, SEARCH_GROWTH_PCT) < 0.85
