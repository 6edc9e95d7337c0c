"""What the planted table expects of a month: posts by occupation, chances of technologies, season, disturbances."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dagster_project.simulation.market.months import (
    day_factors,
    days_of,
    month_name,
    month_number,
    month_range,
    previous_month,
    stream,
)
from dagster_project.simulation.vocabulary import Vocabulary
from dagster_project.simulation.worlds.planted import Planted, Shares, SubCategory, Technology

# An occupation is never a technology's alone, whatever its affinity.
LARGEST_CHANCE = 0.95


@dataclass(frozen=True, eq=False)
class Market:
    """Planted truths and vocabulary together; arrays are over the vocabulary's occupations."""

    planted: Planted
    vocabulary: Vocabulary

    def expected_shares(self, month: str) -> np.ndarray:
        """Expected posts of each occupation relative to `posts_per_month`, shape (occupations,)."""
        shares = _base_shares(self) * monthly_volume(self.planted, month)
        for sub_category in self.planted.sub_categories:
            shares[_positions(self.vocabulary, sub_category)] *= growth_index(self.planted, sub_category, month)
        return shares

    def category_shares(self, month: str) -> np.ndarray:
        """The same by category, shape (categories,)."""
        return np.bincount(self.vocabulary.category_of, self.expected_shares(month), len(self.vocabulary.categories))

    def technology_chances(self, technology: str, month: str) -> np.ndarray:
        """Chance that a post of each occupation is of the technology, shape (occupations,)."""
        planted = self.planted.technologies[technology]
        shares = self.expected_shares(month)
        wanted = prevalence(planted, month) * shares.sum()
        affinity = np.array([planted.affinity.get(name, 1.0) for name in self.vocabulary.occupations])
        chances = np.zeros(len(shares))
        for i, category in enumerate(self.vocabulary.categories):
            rows = self.vocabulary.category_of == i
            target = wanted * composition(planted, month)[category]
            chances[rows] = _spread(target, shares[rows], affinity[rows], f"{technology} in {category} in {month}")
        return chances


def _positions(vocabulary: Vocabulary, sub_category: SubCategory) -> np.ndarray:
    missing = set(sub_category.occupations) - set(vocabulary.occupations)
    if missing:
        raise ValueError(f"planted.yml, sub_categories, {sub_category.name}: vocabulary_files/ lacks {sorted(missing)}")
    return np.array([vocabulary.occupations.index(name) for name in sub_category.occupations])


@lru_cache
def _cached_base_shares(market: Market) -> np.ndarray:
    vocabulary, planted = market.vocabulary, market.planted
    category_share = np.array([planted.category_share[name] for name in vocabulary.categories])
    fixed = np.zeros(len(vocabulary.occupations))
    for sub_category in planted.sub_categories:
        rows = _positions(vocabulary, sub_category)
        fixed[rows] = sub_category.post_share * vocabulary.weight[rows] / vocabulary.weight[rows].sum()
    remaining = category_share - np.bincount(vocabulary.category_of, fixed, len(category_share))
    weight = np.where(fixed > 0, 0.0, vocabulary.weight)
    total = np.bincount(vocabulary.category_of, weight, len(category_share))
    return fixed + weight * (remaining / total)[vocabulary.category_of]


def _base_shares(market: Market) -> np.ndarray:
    return _cached_base_shares(market).copy()


def monthly_volume(planted: Planted, month: str) -> float:
    """All posts of a month relative to `posts_per_month`: size of the marketplace, season, working days."""
    volume = planted.volume
    season = volume.month_of_year[month_number(month) % 12] / np.mean(volume.month_of_year)
    days = day_factors(month, volume.weekday, volume.holiday).sum() / (np.mean(volume.weekday) * 365.25 / 12)
    return float(market_size(planted, month) * season * days)


def market_size(planted: Planted, month: str) -> float:
    """How large the marketplace is in a month relative to `posts_per_month`, without season and working days."""
    return between_months(planted.volume.size, month)


def between_months(levels: Shares, month: str) -> float:
    """Level of a month: geometric between the named months, flat outside."""
    anchors = [month_number(anchor) for anchor in levels]
    return float(np.exp(np.interp(month_number(month), anchors, np.log(list(levels.values())))))


def growth_index(planted: Planted, sub_category: SubCategory, month: str) -> float:
    """Level of a sub-category on top of the market's; see `growth_basis` in the planted table."""
    index = 1.0
    for grown, growth in sub_category.growth.items():
        if grown <= month:
            market = monthly_volume(planted, grown) / monthly_volume(planted, previous_month(grown))
            index *= (1 + growth) / (market if planted.growth_basis == "raw" else 1.0)
    return index


def prevalence(technology: Technology, month: str) -> float:
    """Share of all posts: geometric between the planted months, flat outside."""
    return between_months(technology.prevalence, month)


def composition(technology: Technology, month: str) -> dict[str, float]:
    """Share of the technology's posts by category, in force in that month."""
    since = max((since for since in technology.composition if since <= month), default=min(technology.composition))
    return technology.composition[since]


def _spread(target: float, shares: np.ndarray, affinity: np.ndarray, what: str) -> np.ndarray:
    """Chances proportional to affinity, capped, that give `target` expected posts in total."""
    if target > LARGEST_CHANCE * shares.sum():
        raise ValueError(f"planted.yml: {what} needs {target:.4f} of all posts, its category has {shares.sum():.4f}")
    chances = np.zeros(len(shares))
    free = np.ones(len(shares), dtype=bool)
    while True:
        scale = (target - (chances * shares)[~free].sum()) / (affinity * shares)[free].sum()
        chances[free] = scale * affinity[free]
        over = free & (chances > LARGEST_CHANCE)
        if not over.any():
            return chances
        chances[over], free = LARGEST_CHANCE, free & ~over


def pooled_posts(market: Market, technology: str, period: str) -> np.ndarray:
    """Expected technology posts by category in 'YYYY-MM..YYYY-MM', relative to `posts_per_month`."""
    total = np.zeros(len(market.vocabulary.categories))
    for month in month_range(*period.split("..")):
        posts = market.expected_shares(month) * market.technology_chances(technology, month)
        total += np.bincount(market.vocabulary.category_of, posts, len(total))
    return total


# The noise of earlier months that still counts: 0.75 to this power is a thousandth.
MONTHS_REMEMBERED = 24
FIRST_YEAR = 2020


@lru_cache(maxsize=256)
def expected_posts(market: Market, seed: int, month: str, posts_per_month: int) -> np.ndarray:
    """Expected posts of each occupation, given the world's season and disturbances, shape (occupations,)."""
    log_rate = season_drift(market, seed, month) + _disturbance(market, seed, month)
    return market.expected_shares(month) * posts_per_month * np.exp(log_rate) * collected_part(market, month)


def collected_part(market: Market, month: str) -> float:
    """The part of the month's days that no outage took."""
    lost = market.planted.nuisance.outages.get(month, [])
    return 1 - len(lost) / len(days_of(month))


def season_drift(market: Market, seed: int, month: str) -> np.ndarray:
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
