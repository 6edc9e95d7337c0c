"""Three dbt steps, because a gate between models needs a step of its own."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets

from dagster_project.defs.partitions import monthly_partitions
from dagster_project.defs.resources import WAREHOUSE_POOL, Feed, WarehouseDbt
from dagster_project.runs.dbt_project import StageTranslator, current_manifest


def dbt_step(name: str, select: str) -> dg.AssetsDefinition:
    """One dbt invocation as a step: the models of `select` for the months of the plan."""

    @dbt_assets(
        manifest=current_manifest(),
        select=select,
        name=name,
        partitions_def=monthly_partitions,
        backfill_policy=dg.BackfillPolicy.single_run(),
        dagster_dbt_translator=StageTranslator(),
        pool=WAREHOUSE_POOL,
    )
    def build(context: dg.AssetExecutionContext, dbt: WarehouseDbt, feed: Feed) -> Iterator[Any]:
        yield from dbt.build(context, feed)

    return build


dbt_staging = dbt_step("dbt_staging", "resource_type:seed fqn:hiring_pulse.staging.*")
dbt_intermediate = dbt_step("dbt_intermediate", "fqn:hiring_pulse.intermediate.*")
dbt_marts = dbt_step("dbt_marts", "fqn:hiring_pulse.marts.*")
