"""Whole worlds of the simulated marketplace as monthly counts of US posts, drawn without drawing a single post.

The law is that of `draw_posts`: clients arrive at random with the planted number of posts each, a client is American
with the planted chance, and a post falls on a day of its own. Only a client who comes back within a month counts twice.
"""

import numpy as np
import pandas as pd

from dagster_project.simulation.market.market import Market, expected_posts
from dagster_project.simulation.market.months import day_factors, month_range, stream
from dagster_project.simulation.market.posts import World, make_world, mean_cluster_size
from dagster_project.simulation.worlds.planted import load_world
from dagster_project.storage.workspace import REPOSITORY

FIRST_MONTH, LAST_MONTH = "2020-01", "2025-11"
UNITED_STATES = "United States"
TOTAL = "all_posts"
SERIES = ["level", "series_id", "parent_series_id"]


def market_counts(seed: int, posts_per_month: int, world: str, last_month: str = LAST_MONTH) -> pd.DataFrame:
    """Counts as `growth.panel.panel` takes them: a row a month and series, the world's seed as the population."""
    drawn = make_world(seed, posts_per_month, load_world(world, seed))
    months = month_range(FIRST_MONTH, last_month)
    by_month = [_occupation_counts(drawn, month) for month in months]
    series, holds = _series(drawn.market)
    posts, squares = (np.array([counts[part] for counts in by_month]) @ holds.T for part in (0, 1))
    daily = [_posts_by_day(drawn, month, int(counts[0].sum())) for month, counts in zip(months, by_month, strict=True)]
    rows = series.loc[np.tile(series.index, len(months))].reset_index(drop=True)
    return rows.assign(
        population=str(seed),
        posted_month=np.repeat(pd.to_datetime(months), len(series)),
        post_count=posts.ravel(),
        sum_client_squares=squares.ravel(),
        daily_post_counts=[days for days in daily for _ in series.index],
        late_count_1=0,
        late_count_2=0,
        late_count_3=0,
        maturity_days=31,
        status="complete",
        status_reason=None,
    )


def us_share(market: Market) -> float:
    """Chance that a client says to be American."""
    clients = market.planted.clients
    return clients.countries[UNITED_STATES] / sum(clients.countries.values()) * (1 - clients.country_unknown)


def _occupation_counts(world: World, month: str) -> tuple[np.ndarray, np.ndarray]:
    """US posts and sums of squared posts a client, each (occupations,)."""
    market, sizes = world.market, world.market.planted.clients.cluster_sizes
    size, weight = np.array(list(sizes)), np.array(list(sizes.values())) / sum(sizes.values())
    clients = expected_posts(market, world.seed, month, world.posts_per_month) / mean_cluster_size(market)
    arrived = stream(world.seed, month, "counts").poisson(clients[:, None] * weight * us_share(market))
    return arrived @ size, arrived @ size**2


def _posts_by_day(world: World, month: str, posts: int) -> list[int]:
    volume, rng = world.market.planted.volume, stream(world.seed, month, "counts by day")
    factors = day_factors(month, volume.weekday, volume.holiday)
    factors = factors * rng.gamma(volume.day_noise**-2, volume.day_noise**2, len(factors))
    factors[np.array(world.market.planted.nuisance.outages.get(month, []), int) - 1] = 0.0
    return rng.multinomial(posts, factors / factors.sum()).tolist()


def _series(market: Market) -> tuple[pd.DataFrame, np.ndarray]:
    """Total, categories and sub-categories with the series above each; which occupations each holds, (series, n)."""
    taxonomy = pd.read_csv(REPOSITORY / "dbt" / "seeds" / "occupations.csv").set_index("occupation")
    places = taxonomy.loc[list(market.vocabulary.occupations)].assign(total=TOTAL)
    levels = {
        "total": ("total", "total"),
        "category": ("category_id", "total"),
        "sub_category": ("sub_category_id", "category_id"),
    }
    rows, holds = [], []
    for level, (key, above) in levels.items():
        for series_id, members in places.groupby(key):
            rows.append((level, series_id, members[above].iloc[0]))
            holds.append(places.index.isin(members.index))
    return pd.DataFrame(rows, columns=SERIES), np.array(holds, dtype=int)


MARKETING, ECOMMERCE = "sales_marketing", "ecommerce_development"


def composite_counts(counts: pd.DataFrame) -> pd.DataFrame:
    """Marketing and e-commerce of every world as one series, which is the total of a population of its own."""
    parts = counts[counts["series_id"].isin([MARKETING, ECOMMERCE])]
    summed = parts.groupby(["population", "posted_month"])[["post_count", "sum_client_squares"]].sum()
    totals = counts[counts["level"] == "total"].set_index(["population", "posted_month"])
    return totals.assign(**summed).reset_index()
