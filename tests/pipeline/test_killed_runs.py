"""What a killed run leaves in the Dagster instance, without running the job: see `test_kills.py` for real kills."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from dagster_project.runs import orphaned_runs
from dagster_project.runs.lock import run_lock
from dagster_project.runs.orphaned_runs import PROCESS_TAG, close_killed_runs, close_killed_runs_of_daemon
from dagster_project.storage.workspace import Workspace

POOL = "warehouse"


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    (tmp_path / "dagster.yaml").write_text("concurrency: {pools: {default_limit: 1, granularity: op}}\n")
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        instance.event_log_storage.initialize_concurrency_limit_to_default(POOL)
        yield instance


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


def _started_run(instance: dg.DagsterInstance, process: int | None) -> str:
    """A started run that asked for the pool."""

    @dg.op
    def step() -> None: ...

    @dg.job
    def job() -> None:
        step()

    run = instance.create_run_for_job(
        job, tags={PROCESS_TAG: str(process)} if process else {}, status=dg.DagsterRunStatus.STARTED
    )
    instance.event_log_storage.claim_concurrency_slot(POOL, run.run_id, "step")
    return run.run_id


def _status(instance: dg.DagsterInstance, run_id: str) -> dg.DagsterRunStatus:
    run = instance.get_run_by_id(run_id)
    assert run
    return run.status


@pytest.fixture
def dead_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_killed_runs_are_closed_and_leave_the_pool_to_the_next_run(
    instance: dg.DagsterInstance, workspace: Workspace, dead_process: int
) -> None:
    """The first killed run holds the place, the second one was killed while it waited for it."""
    killed = [_started_run(instance, dead_process) for _ in range(2)]
    close_killed_runs(instance, workspace)
    assert [_status(instance, run_id) for run_id in killed] == [dg.DagsterRunStatus.FAILURE] * 2
    claim = instance.event_log_storage.claim_concurrency_slot(POOL, "the next run", "step")
    assert claim.is_claimed


def test_a_run_whose_process_lives_keeps_its_place(instance: dg.DagsterInstance, workspace: Workspace) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as living:
        run_id = _started_run(instance, living.pid)
        close_killed_runs(instance, workspace)
        living.communicate(b"\n")
    assert _status(instance, run_id) == dg.DagsterRunStatus.STARTED
    assert not instance.event_log_storage.claim_concurrency_slot(POOL, "the next run", "step").is_claimed


def test_a_run_of_the_ui_is_closed_once_nobody_uses_the_workspace(
    instance: dg.DagsterInstance, workspace: Workspace
) -> None:
    run_id = _started_run(instance, process=None)
    with run_lock(workspace, print):
        close_killed_runs(instance, workspace)
        assert _status(instance, run_id) == dg.DagsterRunStatus.STARTED
    close_killed_runs(instance, workspace)
    assert _status(instance, run_id) == dg.DagsterRunStatus.FAILURE


def test_the_daemon_closes_a_killed_run_and_none_that_begins_waits_or_ends(
    instance: dg.DagsterInstance, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ending, killed = (_started_run(instance, process=None) for _ in range(2))
    for run_id in (ending, killed):
        _report(instance, run_id, dg.DagsterEventType.RUN_START)
    assert close_killed_runs_of_daemon(instance, workspace) == []
    monkeypatch.setattr(orphaned_runs, "STARTING_SECONDS", -1)
    with run_lock(workspace, print):
        assert close_killed_runs_of_daemon(instance, workspace) == []
    success = dg.DagsterEventType.RUN_SUCCESS
    monkeypatch.setattr(orphaned_runs.time, "sleep", lambda _: _report(instance, ending, success))
    assert close_killed_runs_of_daemon(instance, workspace) == [killed]
    assert _status(instance, ending) == dg.DagsterRunStatus.SUCCESS
    assert _status(instance, killed) == dg.DagsterRunStatus.FAILURE


def _report(instance: dg.DagsterInstance, run_id: str, event: dg.DagsterEventType) -> None:
    run = instance.get_run_by_id(run_id)
    assert run
    instance.report_dagster_event(dg.DagsterEvent(event_type_value=event.value, job_name=run.job_name), run_id)
