"""`hiring-pulse report` killed with SIGKILL: readers go on with a whole release, and the next run repairs everything.

A run that has everything to build, since its warehouse is gone and files came late, is killed, each time in the midst
of another stage, and then left to finish. What the repaired workspace must hold comes from one undisturbed run
over the warehouse that was not deleted, so that this also shows a warehouse rebuilt from the lake to the same marts.
Loading and publishing take less than a second here: what they leave when killed is tested in `tests/unit/sources/` and
`tests/unit/publishing/test_readers_and_kills.py`.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from dagster_project.publishing.catalog import LATEST, read_release
from dagster_project.storage.workspace import REPOSITORY
from tests.support.job_runs import Place
from tests.support.written_feed import REPORT_MONTH

pytestmark = pytest.mark.slow

EVERY_MOMENT = (("raw gate", 4.0), ("predictions gate", 8.0))
"""The stage after whose end the run is killed, and seconds later: while dbt builds staging, and the tables after it.
"""
MOMENTS = EVERY_MOMENT if os.environ.get("HIRING_PULSE_EVERY_FAULT") else EVERY_MOMENT[1:]
"""`make faults` kills at both; other runs of the tests at the second, with the first's stages behind it."""
LONGEST_RUN_SECONDS, LOOK_SECONDS = 600, 2


Start = Callable[[Place, Path], subprocess.Popen[bytes]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts `hiring-pulse report`; whatever still runs at the end of the test is killed."""
    started: list[subprocess.Popen[bytes]] = []

    def start(place: Place, output: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dagster_project.cli", "report", "--month", REPORT_MONTH]
        environment = os.environ | place.variables()
        with output.open("wb") as target:
            process = subprocess.Popen(
                command, cwd=REPOSITORY, env=environment, stdout=target, stderr=subprocess.STDOUT
            )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def _wait_for_stage(process: subprocess.Popen[bytes], output: Path, stage: str, place: Place) -> None:
    """Return when the stage is done; on the way every look at `latest` finds a whole release."""
    deadline = time.monotonic() + LONGEST_RUN_SECONDS
    while not re.search(rf"{stage} +done", output.read_text(encoding="utf-8", errors="replace")):
        assert process.poll() is None, output.read_text(encoding="utf-8")
        assert time.monotonic() < deadline
        _assert_latest_is_whole(place)
        time.sleep(LOOK_SECONDS)


def _assert_latest_is_whole(place: Place) -> None:
    folder = (place.workspace.releases / LATEST).resolve()
    release = read_release(folder)
    with duckdb.connect(str(folder / "hiring_pulse.duckdb"), read_only=True) as connection:
        for mart, content in release.marts.items():
            assert connection.execute(f"select count(*) from {mart}").fetchall() == [(content.row_count,)]
            assert (folder / "marts" / f"{mart}.parquet").is_file()
    assert (folder / "report" / "hiring_report.html").stat().st_size > 1000


def _run_statuses(place: Place) -> list[dg.DagsterRunStatus]:
    """Statuses of all runs, the latest first."""
    with place.configured(), dg.DagsterInstance.get() as instance:
        return [run.status for run in instance.get_runs()]


def test_a_killed_run_is_repaired_by_the_next(
    built: Place, start: Start, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    place = built.copy_to(tmp_path / "killed")
    place.add_late_files()
    place.workspace.warehouse.unlink()
    for number, (stage, seconds) in enumerate(MOMENTS):
        output = tmp_path / f"output_{number}.txt"
        killed = start(place, output)
        _wait_for_stage(killed, output, stage, place)
        time.sleep(seconds)
        killed.send_signal(signal.SIGKILL)
        assert killed.wait() == -signal.SIGKILL
        assert place.latest() == built.latest()
        assert _run_statuses(place)[0] == dg.DagsterRunStatus.STARTED

    repairing = start(place, tmp_path / "last_output.txt")
    deadline = time.monotonic() + LONGEST_RUN_SECONDS
    while repairing.poll() is None:
        assert time.monotonic() < deadline, "the last run does not end"
        _assert_latest_is_whole(place)
        time.sleep(LOOK_SECONDS)
    assert repairing.returncode == 0, (tmp_path / "last_output.txt").read_text(encoding="utf-8")
    statuses = [dg.DagsterRunStatus.SUCCESS, *[dg.DagsterRunStatus.FAILURE] * len(MOMENTS)]
    assert _run_statuses(place)[: len(statuses)] == statuses
    late: Place = request.getfixturevalue("late")  # asked for last: meanwhile another process may have built it
    assert place.mart_hashes() == late.mart_hashes()
    assert place.releases() == late.releases()
    assert place.latest() == late.latest()
    assert [path.name for path in place.workspace.releases.iterdir() if path.name.startswith(".building")] == []
