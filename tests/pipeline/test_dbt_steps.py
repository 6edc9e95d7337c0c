"""dbt inside a step: what it says of a failure and an interruption, and that it lets go of the warehouse."""

import os
import signal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import duckdb
import pytest
from dagster._utils.interrupts import raise_interrupts_as
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.adapters.duckdb.environments.local import LocalEnvironment

from dagster_project.runs.dbt_command import DbtError, run_dbt
from dagster_project.storage.plan import read_plan, write_plan
from tests.support.job_runs import Place
from tests.support.written_feed import REPORT_MONTH

pytestmark = pytest.mark.slow


def test_a_failed_data_test_fails_the_step_and_is_named_with_the_log(place: Place) -> None:
    plan = read_plan(place.workspace)
    write_plan(place.workspace, [*plan, plan[-1]])
    run = place.run(REPORT_MONTH, select=dg.AssetSelection.assets(["intermediate", "int_month_states"]))
    assert run.steps == {"dbt_intermediate": "failure"}
    log = place.workspace.root / "dbt_target" / "dbt.log"
    first, *reasons = run.failures.splitlines()
    assert first == f"dbt intermediate: dbt failed; its whole log: {log}"
    assert reasons == [
        "Failure in test unique_combination_int_month_states_posted_month"
        " (models/intermediate/collection/int_month_states.yml)",
        "Got 1 result, configured to fail if != 0",
    ]


def test_models_are_told_as_they_end_and_the_warehouse_is_free_afterwards(place: Place) -> None:
    told: list[str] = []
    with place.configured():
        outcome = run_dbt(["build", "--select", "technologies"], place.root / "dbt", told.append)
    outcome.raise_errors()
    assert len(told) == 1
    assert "seeds.technologies" in told[0]
    assert {event.raw_event["info"]["name"] for event in outcome.events} == {"LogSeedResult", "LogTestResult"}
    duckdb.connect(str(place.workspace.warehouse), read_only=True).close()


def test_an_interruption_ends_dbt_between_its_models(place: Place) -> None:
    told: list[str] = []

    def interrupt(line: str) -> None:
        if not told:
            os.kill(os.getpid(), signal.SIGINT)
        told.append(line)

    as_in_a_step = raise_interrupts_as(dg.DagsterExecutionInterruptedError)
    with place.configured(), as_in_a_step, pytest.raises(KeyboardInterrupt):
        run_dbt(["build", "--select", "resource_type:seed"], place.root / "dbt", interrupt)
    seeds = len(list((Path(__file__).parents[2] / "dbt" / "seeds").glob("*.csv")))
    assert len(told) < seeds
    duckdb.connect(str(place.workspace.warehouse), read_only=True).close()


def test_a_connection_that_closed_before_dbt_cancels_it_lets_dbt_go_on_to_wait_for_its_threads(place: Place) -> None:
    with place.configured():
        run_dbt(["build", "--select", "technologies"], place.root / "dbt", print).raise_errors()
    closed: Any = SimpleNamespace(name="seed", handle=duckdb.connect())
    closed.handle.close()
    with pytest.raises(duckdb.ConnectionException, match="already closed"):
        LocalEnvironment.cancel(closed)
    manager: Any = SimpleNamespace(_ENV=LocalEnvironment)
    DuckDBConnectionManager.cancel(manager, closed)


def test_a_command_that_dbt_does_not_know_says_what_it_is(place: Place) -> None:
    with place.configured():
        outcome = run_dbt(["build", "--no-such-flag"], place.root / "dbt", print)
    with pytest.raises(DbtError, match="no-such-flag"):
        outcome.raise_errors()
