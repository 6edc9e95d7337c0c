"""Worlds of the simulated marketplace as monthly counts of US posts of all, by category and by sub-category.

The counts come from the generator's posts, the taxonomy from the seeds; no text, file or model takes part.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dagster_project.simulation.market.market import Market, monthly_volume, season_drift
from dagster_project.simulation.market.months import days_of, month_range
from dagster_project.simulation.market.posts import (
    CARRIED,
    DAY_MS,
    MAIN,
    World,
    client_countries,
    draw_posts,
    make_world,
)
from dagster_project.simulation.worlds.planted import load_world
from dagster_project.statistics.growth.panel import Panel, standard_days
from dagster_project.storage.workspace import REPOSITORY

UNITED_STATES = "United States"
SEEDS = REPOSITORY / "dbt" / "seeds"
FIRST_MONTH, LAST_MONTH = "2020-01", "2025-11"


@dataclass(frozen=True)
class CountedWorld:
    """panel: what is observed; of (series, months) the true log change on the month before: change, beyond season,
    calendar and trend; season, of the seasonal factor."""

    panel: Panel
    change: np.ndarray
    season: np.ndarray


def counted_world(seed: int, posts_per_month: int, world: str, last_month: str = LAST_MONTH) -> CountedWorld:
    """The counts of every month of a world, all posts known; the total, its categories, their sub-categories."""
    drawn = make_world(seed, posts_per_month, load_world(world, seed))
    names, members, parent = _series(drawn.market)
    months = month_range(FIRST_MONTH, last_month)
    counts = [_month_counts(drawn, month, members) for month in months]
    posts, squares = (np.array([count[part] for count in counts], float).T for part in (0, 1))
    daily = [count[2].tolist() for count in counts]
    complete = np.ones(len(months), bool)
    index = pd.DatetimeIndex(months)
    panel = Panel(
        series=names.assign(population="us"),
        parent=parent,
        months=index,
        posts=posts,
        dispersion=np.where(posts > 0, np.maximum(squares / np.maximum(posts, 1), 1), 1),
        late=np.zeros((3, *posts.shape)),
        maturity=np.full(len(months), 31),
        status=np.full(len(months), "complete", dtype=object),
        reason=np.full(len(months), None, dtype=object),
        held=np.zeros(posts.shape, bool),
        standard_days=np.tile(standard_days(index, daily, complete), (len(names), 1)),
    )
    change, season = _true_change(drawn.market, months, members), _true_season(drawn, months, members)
    return CountedWorld(panel, change, season)


def _series(market: Market) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """level and series_id of every series, its occupations as a mask of (series, occupations), and its parent's row."""
    seed = pd.read_csv(SEEDS / "occupations.csv").set_index("occupation").loc[list(market.vocabulary.occupations)]
    above = seed.groupby("sub_category_id")["category_id"].first()
    categories = sorted(set(above))
    levels = {"total": ["all_posts"], "category": categories, "sub_category": above.index}
    names = pd.DataFrame([(level, one) for level, ids in levels.items() for one in ids], columns=["level", "series_id"])
    masks = [np.ones(len(seed), bool), *(seed["category_id"] == name for name in categories),
             *(seed["sub_category_id"] == name for name in above.index)]  # fmt: skip
    parent = [0, *(0 for _ in categories), *(1 + categories.index(name) for name in above)]
    return names, np.array(masks), np.array(parent)


def _month_counts(world: World, month: str, members: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Posts and sums of squared posts a client by series, and posts by day, of US clients."""
    pieces = [draw_posts(world, month, piece) for piece in (MAIN, CARRIED)]
    client, occupation, posted = (
        np.concatenate([getattr(piece, name) for piece in pieces]) for name in ("client", "occupation", "posted_ms")
    )
    country = list(world.market.planted.clients.countries).index(UNITED_STATES)
    is_us = client_countries(world.market, client) == country
    occupation, client = occupation[is_us], client[is_us]
    posts, squares = [], []
    for mask in members:
        sizes = np.unique(client[mask[occupation]], return_counts=True)[1]
        posts.append(sizes.sum())
        squares.append((sizes**2).sum())
    day = (posted[is_us] // DAY_MS - posted.min() // DAY_MS).astype(int)
    return np.array(posts), np.array(squares), np.bincount(day, minlength=len(days_of(month)))


def _true_change(market: Market, months: list[str], members: np.ndarray) -> np.ndarray:
    levels = [members @ (market.expected_shares(month) / monthly_volume(market.planted, month)) for month in months]
    return _log_change(levels)


def _true_season(world: World, months: list[str], members: np.ndarray) -> np.ndarray:
    """Change of the planted factor of the calendar month and of what each occupation's has drifted from it."""
    market = world.market
    planted, shares = market.planted.volume.month_of_year, market.expected_shares(months[0])
    factors = [
        planted[int(month[5:7]) - 1] * (members @ (shares * np.exp(season_drift(market, world.seed, month))))
        for month in months
    ]
    return _log_change(factors)


def _log_change(levels: list[np.ndarray]) -> np.ndarray:
    """(series, months) from a list of (series,), 0 in the first month."""
    return np.diff(np.log(levels), axis=0, prepend=np.log(levels[:1])).T
