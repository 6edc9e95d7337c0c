"""A month's posts as numbers: occupation, client, time, technologies, money; `wording.py` adds the words."""

from dataclasses import dataclass

import numpy as np

from dagster_project.simulation.market.market import Market, expected_posts, market_size
from dagster_project.simulation.market.months import day_factors, draw_from, first_ms, scrambled, stream, uniform_of
from dagster_project.simulation.market.values import Money, draw_money
from dagster_project.simulation.vocabulary import load_vocabulary
from dagster_project.simulation.worlds.planted import Planted, load_planted

# Recurring clients: low ranks of a category's pool are drawn more often.
RANK_POWER = 1.6
_POOL_STRIDE = 1 << 32


def mean_cluster_size(market: Market) -> float:
    sizes = market.planted.clients.cluster_sizes
    return sum(size * weight for size, weight in sizes.items()) / sum(sizes.values())


def draw_clusters(market: Market, expected: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw a compound Poisson month: clusters of one client each.

    `expected` posts by occupation, shape (occupations,). Returns the cluster of each post and the occupation
    of each cluster.
    """
    clusters = rng.poisson(expected / mean_cluster_size(market))
    occupation = np.repeat(np.arange(len(expected)), clusters)
    sizes = np.array(list(market.planted.clients.cluster_sizes))
    size = sizes[draw_from(market.planted.clients.cluster_sizes, rng.random(len(occupation)))]
    return np.repeat(np.arange(len(occupation)), size), occupation


def draw_clients(
    market: Market, category: np.ndarray, posts_per_month: float, seed: int, rng: np.random.Generator
) -> np.ndarray:
    """A client number for each cluster of the given category, int64; a client may come back in any month.

    posts_per_month: size of the marketplace in that month, which its known clients grow with.
    """
    planted = market.planted.clients
    share = np.array([market.planted.category_share[name] for name in market.vocabulary.categories])
    roams = rng.random(len(category)) < planted.several_categories
    pool = np.where(roams, len(share), category)
    size = planted.pool_per_post * posts_per_month * np.where(roams, planted.several_categories, share[category])
    rank = np.floor(np.maximum(size, 1.0) * rng.random(len(category)) ** RANK_POWER).astype(np.int64)
    return pool * _POOL_STRIDE + rank + seed % 1000 * (64 * _POOL_STRIDE)


def client_ids(clients: np.ndarray) -> np.ndarray:
    """Ids of 18 or 19 digits as marketplaces give them, int64."""
    return ((scrambled(clients, 1) >> np.uint64(4)) | np.uint64(1 << 59)).astype(np.int64)


def client_countries(market: Market, clients: np.ndarray) -> np.ndarray:
    """Position in the planted countries for each client; -1 where the client does not say."""
    country = draw_from(market.planted.clients.countries, uniform_of(clients, 2))
    return np.where(uniform_of(clients, 3) < market.planted.clients.country_unknown, -1, country)


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


def make_world(seed: int, posts_per_month: int, planted: Planted | None = None) -> World:
    """The marketplace of a seed and size, with another planted table where one is given."""
    if posts_per_month < 1 or seed < 0:
        raise ValueError(
            f"posts_per_month is {posts_per_month}, seed {seed}: give a size above 0 and a seed of 0 or more"
        )
    return World(Market(planted or load_planted(), load_vocabulary()), seed, posts_per_month)
