"""The resource that assets share: the configured feed's settings and workspace."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from dagster_project.runs.lock import run_lock
from dagster_project.settings import Settings
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


@dg.definitions
def resources() -> dg.Definitions:
    return dg.Definitions(resources={"feed": Feed()})
