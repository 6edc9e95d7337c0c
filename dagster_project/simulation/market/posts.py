"""A month's posts as numbers: occupation, client, time, technologies, money. wording.py adds the words."""

from dataclasses import dataclass

import numpy as np

from dagster_project.simulation.market.clients import draw_clients, draw_clusters
from dagster_project.simulation.market.market import Market, expected_posts, market_size
from dagster_project.simulation.market.months import day_factors, first_ms
from dagster_project.simulation.market.randomness import stream, uniform_of
from dagster_project.simulation.market.values import Money, draw_money

TECHNOLOGIES = ("ai", "cloud", "rpa")
# Ids sort by time: milliseconds since this instant, then 22 bits to tell posts of one millisecond apart.
ID_EPOCH_MS = 1_288_834_974_657
ID_SEQUENCE_BITS = 22
DAY_MS = 86_400_000
LATE_SALT = 41


@dataclass(frozen=True)
class World:
    """One simulated marketplace: everything in it follows from these."""

    market: Market
    seed: int
    posts_per_month: int


@dataclass(frozen=True)
class Piece:
    """A part of a month that is drawn on its own, so that the next month's file can repeat it alone.

    `first_sequence` keeps the ids of a month's pieces apart.
    """

    name: str
    first_sequence: int


MAIN = Piece("main", 0)
CARRIED = Piece("carried", 3 << 20)
UNACCEPTABLE = Piece("unacceptable", 7 << 19)


@dataclass(frozen=True)
class Posts:
    """n posts, each array of shape (n,) but `technologies` (n, 3) in the order of TECHNOLOGIES."""

    post_id: np.ndarray
    posted_ms: np.ndarray
    occupation: np.ndarray
    category: np.ndarray
    client: np.ndarray
    technologies: np.ndarray
    money: Money

    def __len__(self) -> int:
        return len(self.post_id)


def piece_share(world: World, piece: Piece) -> float:
    """The piece's part of the month's expected posts (unacceptable rows come on top)."""
    nuisance = world.market.planted.nuisance
    return {
        MAIN.name: 1 - nuisance.repeated_next_month,
        CARRIED.name: nuisance.repeated_next_month,
        UNACCEPTABLE.name: nuisance.unacceptable,
    }[piece.name]


def is_late(world: World, carried: Posts) -> np.ndarray:
    """Which posts of the carried piece are missing in the file of their own month, shape (n,)."""
    return uniform_of(carried.post_id, LATE_SALT) < world.market.planted.nuisance.late


def draw_posts(world: World, month: str, piece: Piece) -> Posts:
    """Draw one piece of a month, ordered by time."""
    market, purpose = world.market, piece.name
    expected = expected_posts(market, world.seed, month, world.posts_per_month) * piece_share(world, piece)
    rng = stream(world.seed, month, f"{purpose}.clients")
    cluster, cluster_occupation = draw_clusters(market, expected, rng)
    cluster_category = market.vocabulary.category_of[cluster_occupation]
    size = market_size(market.planted, month) * world.posts_per_month
    clients = draw_clients(market, cluster_category, size, world.seed, rng)
    posted_ms = _draw_times(world, month, len(cluster), stream(world.seed, month, f"{purpose}.times"))
    technologies = _draw_technologies(
        market, month, cluster, cluster_occupation, stream(world.seed, month, f"{purpose}.technologies")
    )
    category = cluster_category[cluster]
    order = np.argsort(posted_ms, kind="stable")
    sequence = np.arange(len(order)) + piece.first_sequence
    money = draw_money(market, category[order], technologies[order, 0], stream(world.seed, month, f"{purpose}.money"))
    return Posts(
        post_id=((posted_ms[order] - ID_EPOCH_MS) << ID_SEQUENCE_BITS) + sequence,
        posted_ms=posted_ms[order],
        occupation=cluster_occupation[cluster][order],
        category=category[order],
        client=clients[cluster][order],
        technologies=technologies[order],
        money=money,
    )


def _draw_times(world: World, month: str, n: int, rng: np.random.Generator) -> np.ndarray:
    volume = world.market.planted.volume
    factors = day_factors(month, volume.weekday, volume.holiday)
    if volume.day_noise:
        noise = stream(world.seed, month, "days").gamma(volume.day_noise**-2, volume.day_noise**2, len(factors))
        factors = factors * noise
    factors[np.array(world.market.planted.nuisance.outages.get(month, []), int) - 1] = 0.0
    hours = np.array(volume.hour_of_day_utc)
    day = rng.choice(len(factors), n, p=factors / factors.sum())
    hour = rng.choice(24, n, p=hours / hours.sum())
    return first_ms(month) + day * DAY_MS + hour * 3_600_000 + rng.integers(0, 3_600_000, n)


def _draw_technologies(
    market: Market, month: str, cluster: np.ndarray, cluster_occupation: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    same = market.planted.clients.same_technology
    drawn = np.zeros((len(cluster), len(TECHNOLOGIES)), dtype=bool)
    for i, technology in enumerate(TECHNOLOGIES):
        chance = market.technology_chances(technology, month)[cluster_occupation[cluster]]
        # A client's posts of one month share one number with the planted chance, which keeps the expectation.
        shared = rng.random(len(cluster_occupation))[cluster]
        own = rng.random(len(cluster))
        drawn[:, i] = np.where(rng.random(len(cluster)) < same, shared, own) < chance
    return drawn
