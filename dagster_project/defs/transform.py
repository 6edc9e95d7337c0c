"""Three dbt steps, because a gate between models needs a step of its own."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, dbt_assets
from dagster_dbt.asset_utils import get_updated_cli_invocation_params_for_context

from dagster_project.defs.resources import WAREHOUSE_POOL, Feed, monthly_partitions, patience
from dagster_project.runs.dbt_command import run_dbt
from dagster_project.runs.dbt_project import appended_columns, current_manifest
from dagster_project.storage import warehouse


class StageTranslator(DagsterDbtTranslator):
    """Asset keys are [stage, model]; the group is the stage; the owner is that of the dbt group."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        props = dbt_resource_props
        stage = props["source_name"] if props["resource_type"] == "source" else props["schema"]
        return dg.AssetKey([stage, props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        return str(dbt_resource_props["schema"])


def dbt_step(name: str, select: str) -> dg.AssetsDefinition:
    """One dbt command as a step: the models of `select` for the months of the plan."""

    @dbt_assets(
        manifest=current_manifest(),
        select=select,
        name=name,
        partitions_def=monthly_partitions,
        backfill_policy=dg.BackfillPolicy.single_run(),
        dagster_dbt_translator=StageTranslator(),
        pool=WAREHOUSE_POOL,
    )
    def build(context: dg.AssetExecutionContext, feed: Feed) -> Iterator[Any]:
        with patience(context):
            yield from _build(context, feed)

    return build


def _build(context: dg.AssetExecutionContext, feed: Feed) -> Iterator[Any]:
    """Build the models that Dagster selected, after any other process has let go of the warehouse."""
    feed.settings.export()
    warehouse.wait_until_free(feed.workspace.warehouse, context.log.warning)
    warehouse.drop_outdated(feed.workspace.warehouse, appended_columns(), context.log.warning)
    selection = get_updated_cli_invocation_params_for_context(context, {}, StageTranslator())
    untested = [] if context.selected_asset_check_keys else ["test"]
    command = ["build", "--indirect-selection", "buildable", "--exclude-resource-types", "unit_test", *untested]
    # Each workspace has its own target folder, so that two feeds can run side by side.
    folder = feed.workspace.root / "dbt_target"
    outcome = run_dbt([*command, *selection.selection_args], folder, context.log.info)
    for event in outcome.events:
        yield from event.to_default_asset_events(selection.manifest, selection.dagster_dbt_translator, context)
    outcome.raise_errors()


dbt_staging = dbt_step("dbt_staging", "resource_type:seed fqn:hiring_pulse.staging.*")
dbt_intermediate = dbt_step("dbt_intermediate", "fqn:hiring_pulse.intermediate.*")
dbt_marts = dbt_step("dbt_marts", "fqn:hiring_pulse.marts.*")
