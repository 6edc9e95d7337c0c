"""The resources that assets share: the configured feed's settings and workspace, and dbt on its warehouse."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib import metadata
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliResource
from packaging.version import Version

from dagster_project.runs.dbt_project import appended_columns, dbt_executable, dbt_project
from dagster_project.runs.lock import run_lock
from dagster_project.settings import Settings
from dagster_project.storage import warehouse
from dagster_project.storage.workspace import Workspace

WAREHOUSE_POOL = "warehouse"  # DuckDB has one writer process: its limit in dagster.yaml is one


class Feed(dg.ConfigurableResource):
    """The configured feed; settings are read from the environment when an asset asks, not at import."""

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Feed"]:
        """One run at a time works on a workspace, whether it was started from the command line or the UI."""
        with run_lock(self.workspace, (context.log or dg.get_dagster_logger()).warning):
            yield self

    @property
    def settings(self) -> Settings:
        return Settings()

    @property
    def workspace(self) -> Workspace:
        return self.settings.workspace


class WarehouseDbt(DbtCliResource):
    """dbt on the feed's warehouse. Each workspace has its own target folder, so that two feeds can run side by side."""

    @cached_property
    def _cli_version(self) -> Version:
        # dagster-dbt starts a `dbt --version` for it in every step; the installed package tells it for nothing.
        return Version(metadata.version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> Any:
        # dagster-dbt reads all macros for a connection with which it counts rows; no asset here asks for that.
        return None

    def build(self, context: dg.AssetExecutionContext, feed: Feed) -> Iterator[Any]:
        """Build the models that Dagster selected, after any other process has let go of the warehouse."""
        feed.settings.export()
        warehouse.wait_until_free(feed.workspace.warehouse, context.log.warning)
        warehouse.drop_outdated(feed.workspace.warehouse, appended_columns(), context.log.warning)
        target = feed.workspace.root / "dbt_target"
        untested = [] if context.selected_asset_check_keys else ["test"]
        command = ["build", "--indirect-selection", "buildable", "--exclude-resource-types", "unit_test", *untested]
        yield from self.cli(command, context=context, target_path=target).stream()


@dg.definitions
def resources() -> dg.Definitions:
    return dg.Definitions(
        resources={
            "feed": Feed(),
            "dbt": WarehouseDbt(
                project_dir=str(dbt_project.project_dir),
                profiles_dir=str(dbt_project.project_dir),
                dbt_executable=dbt_executable(),
                # dbt's own log file holds every debug event otherwise; writing them takes longer than the models here.
                global_config_flags=["--log-level-file", "info", "--no-write-json"],
            ),
        }
    )
