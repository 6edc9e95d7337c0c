"""Tables without posts: counts of searches for talent, and figures quoted from others in the file of their month."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pyarrow as pa

from dagster_project.simulation.market.market import between_months, market_size
from dagster_project.simulation.market.months import days_of, first_ms, next_month, previous_month, stream
from dagster_project.simulation.market.posts import World
from dagster_project.simulation.tables.job_posts import instants
from dagster_project.simulation.worlds.planted import SearchSeries

DAY_MS = 86_400_000


def talent_searches(world: World, month: str) -> pa.Table | None:
    """Columns search_month (date), term, search_count, observed_at; None before the first month of the log."""
    searches = world.market.planted.searches
    if month < searches.first_month:
        return None
    seen = first_ms(next_month(month)) + DAY_MS // 4
    tables = [_counted(world, month, 1 - searches.counted_late, seen)]
    if previous_month(month) >= searches.first_month:
        tables.append(_counted(world, previous_month(month), 1.0, seen))
    return pa.concat_tables(tables).sort_by([("search_month", "ascending"), ("term", "ascending")])


def _counted(world: World, month: str, part: float, seen_ms: int) -> pa.Table:
    """The month's counts, of which a first reading knows only a part."""
    rng = stream(world.seed, month, "searches")
    terms: list[str] = []
    counts: list[np.ndarray] = []
    size = market_size(world.market.planted, month) * world.posts_per_month
    for series in world.market.planted.searches.series.values():
        expected = search_level(series, month) * size
        noise = rng.gamma(series.month_noise**-2, series.month_noise**2)
        weights = np.array(list(series.terms.values()), float)
        counts.append(rng.poisson(expected * noise * weights / weights.sum()))
        terms.extend(series.terms)
    return pa.table(
        {
            "search_month": pa.array([days_of(month)[0]] * len(terms), pa.date32()),
            "term": terms,
            "search_count": pa.array(np.floor(np.concatenate(counts) * part).astype(np.int64)),
            "observed_at": instants(np.full(len(terms), seen_ms, np.int64)),
        }
    )


def search_level(series: SearchSeries, month: str) -> float:
    """Expected searches a post of the month: geometric between the planted months, flat outside."""
    return between_months(series.per_post, month)


def quoted_constants(world: World, month: str) -> pa.Table | None:
    """Columns constant_id, value, unit, source, as_of_date; None where the month has none."""
    rows = [row for row in world.market.planted.quoted_constants if row.as_of_date.startswith(month)]
    if not rows:
        return None
    return pa.table(
        {
            "constant_id": [row.constant_id for row in rows],
            "value": pa.array([Decimal(str(row.value)) for row in rows], pa.decimal128(28, 6)),
            "unit": [row.unit for row in rows],
            "source": [row.source for row in rows],
            "as_of_date": [dt.date.fromisoformat(row.as_of_date) for row in rows],
        }
    )
