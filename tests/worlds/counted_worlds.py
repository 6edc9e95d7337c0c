"""Worlds of the simulated marketplace as monthly counts of US posts by sub-category, with what truly changed.

The counts come from the generator's posts, the taxonomy from the seeds; no text, file or model takes part.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dagster_project.simulation.market.clients import client_countries
from dagster_project.simulation.market.ledger import make_world
from dagster_project.simulation.market.market import Market, monthly_volume
from dagster_project.simulation.market.months import days_of, month_range
from dagster_project.simulation.market.posts import CARRIED, DAY_MS, MAIN, World, draw_posts
from dagster_project.simulation.worlds.load import load_world
from dagster_project.statistics.growth.panel import Panel, standard_days
from dagster_project.storage.paths import REPOSITORY

UNITED_STATES = "United States"
SEEDS = REPOSITORY / "dbt" / "seeds"
FIRST_MONTH, LAST_MONTH = "2020-01", "2025-11"


@dataclass(frozen=True)
class CountedWorld:
    """panel: what is observed; change: true log growth of (series, months) beyond season, calendar and trend."""

    panel: Panel
    change: np.ndarray


def counted_world(seed: int, posts_per_month: int, world: str, last_month: str = LAST_MONTH) -> CountedWorld:
    """The counts of every month of a world, all posts known."""
    drawn = make_world(seed, posts_per_month, load_world(world, seed))
    names, series_of = _sub_categories(drawn.market)
    months = month_range(FIRST_MONTH, last_month)
    counts = [_month_counts(drawn, month, series_of, len(names)) for month in months]
    posts, squares = (np.array([count[part] for count in counts], float).T for part in (0, 1))
    daily = [count[2].tolist() for count in counts]
    complete = np.ones(len(months), bool)
    index = pd.DatetimeIndex(months)
    panel = Panel(
        series=pd.DataFrame({"level": "sub_category", "series_id": names, "population": "us"}),
        parent=np.arange(len(names)),
        months=index,
        posts=posts,
        dispersion=np.where(posts > 0, np.maximum(squares / np.maximum(posts, 1), 1), 1),
        late=np.zeros((3, *posts.shape)),
        maturity=np.full(len(months), 31),
        status=np.full(len(months), "complete", dtype=object),
        reason=np.full(len(months), None, dtype=object),
        standard_days=np.tile(standard_days(index, daily, complete), (len(names), 1)),
    )
    return CountedWorld(panel, _true_change(drawn.market, months, series_of, len(names)))


def _sub_categories(market: Market) -> tuple[list[str], np.ndarray]:
    """Ids of the sub-categories, and the position of each occupation's."""
    seed = pd.read_csv(SEEDS / "occupations.csv").set_index("occupation")["sub_category_id"]
    names = sorted(set(seed[list(market.vocabulary.occupations)]))
    return names, np.array([names.index(seed[name]) for name in market.vocabulary.occupations])


def _month_counts(
    world: World, month: str, series_of: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Posts and sums of squared posts a client by series, and posts by day, of US clients."""
    pieces = [draw_posts(world, month, piece) for piece in (MAIN, CARRIED)]
    client, occupation, posted = (
        np.concatenate([getattr(piece, name) for piece in pieces]) for name in ("client", "occupation", "posted_ms")
    )
    country = list(world.market.planted.clients.countries).index(UNITED_STATES)
    is_us = client_countries(world.market, client) == country
    series, client = series_of[occupation[is_us]], client[is_us]
    _, clusters = np.unique(np.column_stack([series, client]), axis=0, return_inverse=True)
    sizes = np.bincount(clusters.ravel())
    of_cluster = np.zeros(len(sizes), int)
    of_cluster[clusters.ravel()] = series
    day = (posted[is_us] // DAY_MS - posted.min() // DAY_MS).astype(int)
    return (
        np.bincount(series, minlength=count),
        np.bincount(of_cluster, sizes**2, minlength=count),
        np.bincount(day, minlength=len(days_of(month))),
    )


def _true_change(market: Market, months: list[str], series_of: np.ndarray, count: int) -> np.ndarray:
    levels = [
        np.bincount(series_of, market.expected_shares(month) / monthly_volume(market.planted, month), count)
        for month in months
    ]
    return np.diff(np.log(levels), axis=0, prepend=np.log(levels[:1])).T
