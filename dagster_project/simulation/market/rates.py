"""The rate at which a month's posts arrive: what the market expects, a season that drifts, disturbances that last."""

from functools import lru_cache

import numpy as np

from dagster_project.simulation.market.market import Market
from dagster_project.simulation.market.months import days_of, month_name, month_number
from dagster_project.simulation.market.randomness import stream

# The noise of earlier months that still counts: 0.75 to this power is a thousandth.
MONTHS_REMEMBERED = 24
FIRST_YEAR = 2020


@lru_cache(maxsize=256)
def expected_posts(market: Market, seed: int, month: str, posts_per_month: int) -> np.ndarray:
    """Expected posts of each occupation, given the world's season and disturbances, shape (occupations,)."""
    log_rate = _season_drift(market, seed, month) + _disturbance(market, seed, month)
    return market.expected_shares(month) * posts_per_month * np.exp(log_rate) * collected_part(market, month)


def collected_part(market: Market, month: str) -> float:
    """The part of the month's days that no outage took."""
    lost = market.planted.nuisance.outages.get(month, [])
    return 1 - len(lost) / len(days_of(month))


def _season_drift(market: Market, seed: int, month: str) -> np.ndarray:
    """How far the calendar month's factors have wandered since the first year, by occupation, as logs."""
    step, (year, name) = market.planted.volume.season_drift, month.split("-")
    count = len(market.vocabulary.category_of)
    steps = [stream(seed, f"{y}-{name}", "season").normal(0, step, count) for y in range(FIRST_YEAR + 1, int(year) + 1)]
    return np.sum(steps, axis=0) if steps else np.zeros(count)


def _disturbance(market: Market, seed: int, month: str) -> np.ndarray:
    """First-order autoregressive noise by occupation and of the whole market, as logs with the planted deviations.

    Summed from the innovations of the months before, so that a month follows from seed and month alone.
    """
    volume, count = market.planted.volume, len(market.vocabulary.category_of)
    total = np.zeros(count)
    for age in range(MONTHS_REMEMBERED):
        rng = stream(seed, month_name(month_number(month) - age), "rate")
        fresh = rng.normal(0, volume.month_noise, count) + rng.normal(0, volume.market_noise)
        total += volume.month_persistence**age * fresh
    return total * np.sqrt(1 - volume.month_persistence**2)
