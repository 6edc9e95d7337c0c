"""Contracts of clients that differ, and search logs that burst, with known truths, many worlds at once."""

import numpy as np

from dagster_project.statistics.core.estimates import ClusterSums, effective_trials, proportion_interval
from dagster_project.statistics.searches import month_to_month_dispersion, search_growth_interval

MONTHS, RATIO = 25, 3.85
SEARCH_GROWTH_PCT = (RATIO - 1) * 100
Limits = tuple[np.ndarray, np.ndarray]


def high_value_limits(truth: float, clients: int, concentration: float, worlds: int, seed: int) -> Limits:
    """Limits of the high-value share; a client has 1 to 20 contracts and a chance of its own, nine in ten are known."""
    rng = np.random.default_rng([seed, clients])
    shape = (worlds, clients)
    contracts = rng.choice([1, 2, 3, 6, 20], shape, p=[0.7, 0.17, 0.08, 0.045, 0.005])
    known = rng.binomial(contracts, 0.9)
    high = rng.binomial(known, rng.beta(truth * concentration, (1 - truth) * concentration, shape))
    y, n = high.astype(float), known.astype(float)
    sums = ClusterSums((n > 0).sum(axis=1).astype(float), *((a * b).sum(axis=1) for a, b in ((y, y), (y, n), (n, n))))
    successes, trials = y.sum(axis=1), n.sum(axis=1)
    return proportion_interval(successes, trials, effective_trials(successes, trials, sums))[1:]


def search_counts(kind: str, level: float, worlds: int, rng: np.random.Generator) -> np.ndarray:
    """Searches (worlds, months), level for 18 months and then RATIO times as many within six."""
    expected = level * np.concatenate([np.ones(MONTHS - 7), RATIO ** (np.arange(7) / 6)])
    shape = (worlds, MONTHS)
    if kind == "bursts":  # each searcher searches on average three times: variance three times the mean
        return rng.negative_binomial(np.broadcast_to(expected / 2, shape), 1 / 3)
    return rng.poisson(expected * rng.gamma(400, 1 / 400, shape))


def search_growth_limits(kind: str, level: float, worlds: int, seed: int) -> Limits:
    """Limits in percent of the growth over six months."""
    counts = search_counts(kind, level, worlds, np.random.default_rng([seed, int(level), len(kind)]))
    dispersion, deviations = month_to_month_dispersion(counts)
    return search_growth_interval(counts[:, -1], counts[:, -7], dispersion, deviations)[1:]


def covered(limits: Limits, truth: float) -> float:
    """Share of the worlds whose interval holds the truth."""
    low, high = limits
    return float(np.mean((low <= truth) & (truth <= high)))
