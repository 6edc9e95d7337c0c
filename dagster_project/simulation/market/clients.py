"""Clients: who posts how often in a month, under which id and from which country."""

import numpy as np

from dagster_project.simulation.market.market import Market
from dagster_project.simulation.market.randomness import draw_from, scrambled, uniform_of

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
