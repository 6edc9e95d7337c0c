"""What assets share: the configured feed, the one partition, how old results may be, and patience with what is away."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import dagster as dg

from dagster_project.publishing.postgres import PostgresAwayError
from dagster_project.runs.lock import run_lock
from dagster_project.settings import Settings
from dagster_project.sources.errors import SourceAwayError
from dagster_project.storage.warehouse import WarehouseLockedError
from dagster_project.storage.workspace import Workspace

# The UTC calendar month of a post's first posting
monthly_partitions = dg.MonthlyPartitionsDefinition(start_date=f"{Settings().history_start:%Y-%m}", fmt="%Y-%m")

# Inputs, reports and releases come once a month: the longest has 31 days, and a run may wait for its retries.
monthly_freshness = dg.FreshnessPolicy.time_window(warn_window=timedelta(days=32), fail_window=timedelta(days=34))

WAREHOUSE_POOL = "warehouse"  # DuckDB has one writer process: its limit in dagster.yaml is one

AWAY = (SourceAwayError, WarehouseLockedError, PostgresAwayError)
"""What may be over in a while; anything else fails for good, since the same step would meet it again."""
PATIENCE = dg.RetryPolicy(max_retries=3, delay=30, backoff=dg.Backoff.EXPONENTIAL)


@contextmanager
def patience(context: dg.OpExecutionContext | dg.AssetExecutionContext) -> Iterator[None]:
    """Try the step again, later each time, where what it needs is away."""
    try:
        yield
    except AWAY as error:
        attempt = context.retry_number + 1
        if attempt > PATIENCE.max_retries:
            raise
        seconds = PATIENCE.calculate_delay(attempt)
        context.log.warning(f"{error}; attempt {attempt} of {PATIENCE.max_retries} more follows in {seconds:.0f} s")
        raise dg.RetryRequested(PATIENCE.max_retries, seconds) from error


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
