"""Intervals and growth: intermediate counts in the warehouse -> registered statistics -> `lake/estimates/`."""

from collections.abc import Callable

import duckdb

from dagster_project.statistics.core.estimates import Statistic
from dagster_project.statistics.registry import STATISTICS, compute
from dagster_project.storage import warehouse
from dagster_project.storage.workspace import Workspace
from ml.atomic import replacing


def estimate_all(workspace: Workspace, *, log: Callable[[str], None]) -> dict[str, int]:
    """Compute every registered statistic from its counts table; returns rows by statistic id."""
    rows = {}
    with warehouse.connect(workspace.warehouse, log=log) as connection:
        for statistic in STATISTICS:
            rows[statistic.id] = _estimate(connection, statistic, workspace)
            log(f"{statistic.id}: {rows[statistic.id]} rows by {statistic.library}")
    return rows


def _estimate(connection: duckdb.DuckDBPyConnection, statistic: Statistic, workspace: Workspace) -> int:
    columns = ", ".join([*statistic.keys, *statistic.inputs])
    counts = connection.execute(f"select {columns} from intermediate.{statistic.counts_table}").df()
    estimates = compute(statistic.id, counts)
    with replacing(workspace.estimates / f"{statistic.id}.parquet") as building:
        estimates.to_parquet(building, index=False)
    return len(estimates)
