"""Random streams that depend on seed, month and purpose alone, never on what was drawn before."""

import zlib

import numpy as np

from dagster_project.simulation.market.months import month_number


def stream(seed: int, month: str, purpose: str) -> np.random.Generator:
    """A generator of its own for one purpose of one month."""
    return np.random.default_rng([seed, month_number(month), zlib.crc32(purpose.encode())])


def scrambled(numbers: np.ndarray, salt: int) -> np.ndarray:
    """A fixed pseudo-random uint64 for each whole number (SplitMix64, Steele, Lea and Flood 2014)."""
    with np.errstate(over="ignore"):
        z = numbers.astype(np.uint64) + np.uint64(salt) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def uniform_of(numbers: np.ndarray, salt: int) -> np.ndarray:
    """A fixed uniform number in [0, 1) for each whole number."""
    return (scrambled(numbers, salt) >> np.uint64(11)).astype(np.float64) / float(1 << 53)


def draw_from(shares: dict, uniform: np.ndarray) -> np.ndarray:
    """Positions in `shares` (key: weight) that uniform numbers fall on, by the cumulative weights."""
    cumulative = np.cumsum(np.fromiter(shares.values(), float))
    return np.searchsorted(cumulative / cumulative[-1], uniform, side="right").clip(max=len(shares) - 1)
