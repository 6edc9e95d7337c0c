"""Intervals and growth: intermediate counts in the warehouse -> registered statistics -> `lake/estimates/`."""

from collections.abc import Callable

import duckdb

from dagster_project.statistics.core.statistic import Statistic
from dagster_project.statistics.registry import STATISTICS, compute
from dagster_project.storage import warehouse
from dagster_project.storage.workspace import Home


def estimate_all(home: Home, *, say: Callable[[str], None]) -> dict[str, int]:
    """Compute every registered statistic from its counts table; returns rows by statistic id."""
    home.estimates.mkdir(parents=True, exist_ok=True)
    rows = {}
    with warehouse.connect(home.warehouse, say=say) as connection:
        for statistic in STATISTICS:
            rows[statistic.id] = _estimate(connection, statistic, home)
            say(f"{statistic.id}: {rows[statistic.id]} rows by {statistic.library}")
    return rows


def _estimate(connection: duckdb.DuckDBPyConnection, statistic: Statistic, home: Home) -> int:
    columns = ", ".join([*statistic.keys, *statistic.inputs])
    counts = connection.execute(f"select {columns} from intermediate.{statistic.counts_table}").df()
    estimates = compute(statistic.id, counts)
    target = home.estimates / f"{statistic.id}.parquet"
    building = target.with_suffix(".building")
    estimates.to_parquet(building, index=False)
    building.replace(target)
    return len(estimates)
