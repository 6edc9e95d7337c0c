"""What a person sees of a run that waits, and reads of one that failed."""

import io
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import dagster as dg
import pytest
from rich.console import Console

from dagster_project.defs.resources import Feed
from dagster_project.runs import progress
from dagster_project.runs.progress import StageProgress, failure_messages, failure_traces
from dagster_project.settings import Settings

HOLD = """
import sys, time
from pathlib import Path
from dagster_project.runs.lock import run_lock
from dagster_project.storage.workspace import Workspace
with run_lock(Workspace(Path(sys.argv[1])), print):
    print("holding", flush=True)
    time.sleep(3)
"""


@dg.op
def needs_the_workspace(feed: Feed) -> None:
    """Nothing: its resource waits for the workspace."""


@dg.job(resource_defs={"feed": Feed()})
def waiting_job() -> None:
    needs_the_workspace()


def test_a_run_that_waits_for_another_says_for_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIRING_PULSE_DATA_ROOT", str(tmp_path))
    screen, run_id = io.StringIO(), str(uuid4())
    command = [sys.executable, "-c", HOLD, str(Settings().workspace.root)]
    with (
        dg.DagsterInstance.local_temp(str(tmp_path)) as instance,
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder,
    ):
        assert holder.stdout and holder.stdout.readline() == "holding\n"
        with StageProgress(instance, run_id, 1, Console(file=screen)):
            assert waiting_job.execute_in_process(instance=instance, run_id=run_id).success
    first, *_, last = screen.getvalue().splitlines()
    assert f"is in use by process {holder.pid}; waiting for that run to end" in first
    assert "needs the workspace" in last and "done" in last


@dg.op
def slow_stage(context: dg.OpExecutionContext) -> None:
    context.log.info("3 of 9 models")
    time.sleep(1.5)


@dg.job
def slow_job() -> None:
    slow_stage()


def test_a_long_stage_says_how_far_it_is_where_no_line_can_be_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "QUIET_SECONDS", 0.5)
    screen, run_id = io.StringIO(), str(uuid4())
    with (
        dg.DagsterInstance.local_temp(str(tmp_path)) as instance,
        StageProgress(instance, run_id, 1, Console(file=screen)),
    ):
        assert slow_job.execute_in_process(instance=instance, run_id=run_id).success
    *before, last = screen.getvalue().splitlines()
    assert "1/1 slow stage" in last and "done" in last
    assert all(re.fullmatch(r"  1/1 slow stage \(\d+ s\)( 3 of 9 models)?", line) for line in before)
    assert any("3 of 9 models" in line for line in before)


def gate_result(severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR) -> dg.AssetCheckResult:
    record = dg.TableRecord({"expectation": "posts_arrived", "reason": "Without posts: nothing.", "observed": "0 rows"})
    metadata = {
        "failing_expectations": dg.MetadataValue.table([record]),
        "data_docs": dg.MetadataValue.url("file:///d"),
    }
    return dg.AssetCheckResult(passed=False, severity=severity, metadata=metadata)


def test_a_failed_gate_names_its_expectation_what_was_observed_and_what_to_do() -> None:
    @dg.asset
    def posts() -> None: ...

    @dg.asset_check(asset=posts, blocking=True)
    def posts_suite() -> dg.AssetCheckResult:
        return gate_result()

    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize([posts, posts_suite], instance=instance, raise_on_error=False)
        (message,) = failure_messages(instance, result.run_id)
    assert message.startswith("posts posts suite: posts_arrived: Without posts: nothing. Observed: 0 rows\n")
    assert "file:///d shows the rows" in message
    assert "hiring-pulse hold" in message


@dg.op
def stumbling() -> None:
    raise IndexError("index -1 is out of bounds")


@dg.op
def giving_up() -> None:
    raise dg.Failure("2025-08: 70 of 698 rows were rejected")


@dg.job
def broken_job() -> None:
    stumbling()
    giving_up()


def test_of_what_broke_the_console_has_the_sentence_and_the_log_the_place_in_the_code() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        run_id = broken_job.execute_in_process(instance=instance, raise_on_error=False).run_id
        messages, traces = failure_messages(instance, run_id), failure_traces(instance, run_id)
    assert sorted(messages) == [
        "giving up: 2025-08: 70 of 698 rows were rejected",
        "stumbling: IndexError: index -1 is out of bounds",
    ]
    assert any("IndexError: index -1 is out of bounds" in trace and "in stumbling" in trace for trace in traces)


def test_a_log_that_has_grown_large_is_put_aside_and_what_runs_print_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "LOG_BYTES", 20)
    log = tmp_path / "logs" / "last_runs.log"
    for run in ("first", "second", "third"):
        with progress.console_beside_log(log):
            os.write(1, f"{run} of three runs\n".encode())
    assert log.read_text(encoding="utf-8") == "third of three runs\n"
    assert (
        log.with_name("earlier_runs.log").read_text(encoding="utf-8") == "first of three runs\nsecond of three runs\n"
    )
