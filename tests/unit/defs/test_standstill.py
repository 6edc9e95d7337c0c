"""People hear of what stands still although no run fails: Dagster's daemons tick and judge, a web server listens."""

import json
import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.test_utils import create_test_daemon_workspace_context, freeze_time
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import PythonFileTarget
from dagster._daemon.freshness import FreshnessDaemon
from dagster._daemon.sensor import execute_sensor_iteration

from dagster_project.defs.jobs import standstill_sensor
from dagster_project.defs.resources import monthly_freshness
from dagster_project.runs import alerts
from tests.support.web_hook import web_hook

DAY = 86_400
PROJECT = """
import dagster as dg
from datetime import timedelta
from pathlib import Path

@dg.asset(key=["releases", "bi_release"], freshness_policy=dg.FreshnessPolicy.time_window(timedelta(days=34)))
def bi_release(): ...

@dg.sensor(minimum_interval_seconds=1, default_status=dg.DefaultSensorStatus.RUNNING, asset_selection="*")
def looking_sensor():
    if not Path(__file__).with_name("landing").exists():
        raise ValueError("landing: no such folder")
    return dg.SkipReason("all there")

defs = dg.Definitions(assets=[bi_release], sensors=[looking_sensor])
"""


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[WorkspaceProcessContext]:
    """What daemons work on: the small project in a code server of its own, and an instance in a folder."""
    (tmp_path / "project.py").write_text(PROJECT, encoding="utf-8")
    target = PythonFileTarget(str(tmp_path / "project.py"), None, str(tmp_path), "project")
    with (
        dg.DagsterInstance.local_temp(str(tmp_path)) as instance,
        create_test_daemon_workspace_context(target, instance) as context,
    ):
        yield context


def tick(daemon: WorkspaceProcessContext, at: float) -> None:
    """Let the daemon of sensors and that of freshness work once, at a time."""
    with freeze_time(at), ThreadPoolExecutor(1) as pool, ThreadPoolExecutor(1) as submitting:
        futures: dict[str, object] = {}
        list(execute_sensor_iteration(daemon, logging.getLogger(), pool, submitting, futures))  # type: ignore[arg-type]
        for future in futures.values():
            future.result()  # type: ignore[attr-defined]
        list(FreshnessDaemon().run_iteration(daemon))


def test_a_sensor_that_keeps_failing_and_a_late_release_are_told_once_each(
    daemon: WorkspaceProcessContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(alerts.FAILURES_IN_A_ROW, alerts.InstigatorType.SENSOR, 2)
    monkeypatch.setenv("HIRING_PULSE_SOURCES", "simulated_marketplace")

    @dg.asset(key=["releases", "bi_release"], freshness_policy=monthly_freshness)
    def bi_release() -> None: ...

    assert dg.materialize([bi_release], instance=daemon.instance).success
    repository, now, cursor = dg.Definitions(assets=[bi_release]).get_repository_def(), time.time(), None

    def told_at(day: float) -> list[dict[str, str]]:
        nonlocal cursor
        tick(daemon, now + day * DAY)
        with web_hook() as (address, posted):
            monkeypatch.setenv("HIRING_PULSE_ALERT_URLS", f"json://{address}/hook")
            context = dg.build_sensor_context(daemon.instance, cursor, repository_def=repository)
            standstill_sensor(context)
            cursor = context.cursor
            return posted

    assert told_at(0) == []
    (failing,) = told_at(1)
    assert failing["title"] == "simulated_marketplace stands still: looking_sensor"
    assert failing["message"].startswith("looking_sensor failed 2 times in a row, last at ")
    assert failing["message"].endswith("asks for nothing meanwhile: ValueError: landing: no such folder")
    assert told_at(2) == []
    (tmp_path / "landing").mkdir()
    assert told_at(33) == [] and json.loads(cursor or "") == []
    (late,) = told_at(35)
    assert late["message"].startswith("releases/bi_release is late: no run made it in time.")
    assert told_at(36) == []
