"""Intervals and growth of every registered statistic, from counts."""

from collections.abc import Iterator

import dagster as dg

from dagster_project.defs.resources import WAREHOUSE_POOL, Feed, monthly_partitions, patience
from dagster_project.stages.estimate import estimate_all
from dagster_project.statistics.registry import STATISTICS


@dg.multi_asset(
    name="estimate",
    specs=[
        dg.AssetSpec(
            ["estimates", statistic.id],
            deps=[["intermediate", statistic.counts_table]],
            description=f"{statistic.definition} Unit: {statistic.unit}. Method: {statistic.method}.",
            group_name="estimate",
            owners=["team:research"],
            kinds={"python", "parquet"},
            metadata={"library": statistic.library, "mart": statistic.mart},
        )
        for statistic in STATISTICS
    ],
    partitions_def=monthly_partitions,
    backfill_policy=dg.BackfillPolicy.single_run(),
    pool=WAREHOUSE_POOL,
)
def estimate(context: dg.AssetExecutionContext, feed: Feed) -> Iterator[dg.MaterializeResult]:
    """Compute every registered statistic."""
    with patience(context):
        rows_by_statistic = estimate_all(feed.workspace, log=context.log.info)
    for statistic_id, rows in rows_by_statistic.items():
        yield dg.MaterializeResult(["estimates", statistic_id], metadata={"rows": rows})
