"""`hiring-pulse report` killed with SIGKILL: readers go on with a whole release, and the next run repairs everything.

Each case kills one run in the midst of a stage and lets a second one finish: about two minutes a case. What the
repaired one must hold comes from one undisturbed run of the same feed. Loading and publishing take less than a second
here: what they leave when killed is tested in `tests/sources/` and `tests/unit/publishing/test_readers_and_kills.py`.
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
from dagster_project.storage.paths import REPOSITORY
from tests.support.job_runs import Place
from tests.support.written_feed import NEXT_MONTH, month_posts, write_posts

pytestmark = pytest.mark.slow

MOMENTS = {
    "staging is built": ("raw gate", 4.0),
    "the report is written": ("marts gate", 0.5),
}
LONGEST_RUN_SECONDS, LOOK_SECONDS = 600, 1


@pytest.fixture(scope="module")
def undisturbed(built: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The built workspace after a file of the next month and one more run."""
    place = built.copy_to(tmp_path_factory.mktemp("undisturbed"))
    _add_next_month(place)
    run = place.run(NEXT_MONTH)
    assert run.succeeded, run.failures
    return place


def _add_next_month(place: Place) -> None:
    write_posts(place.feed / "posts" / "next_month.csv", month_posts(NEXT_MONTH))


Start = Callable[[Place, Path], subprocess.Popen[bytes]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts `hiring-pulse report`; whatever still runs at the end of the test is killed."""
    started: list[subprocess.Popen[bytes]] = []

    def start(place: Place, output: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dagster_project.cli", "report", "--month", NEXT_MONTH]
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


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.replace(" ", "_"))
def test_a_run_killed_while(moment: str, place: Place, undisturbed: Place, start: Start, tmp_path: Path) -> None:
    stage, seconds = MOMENTS[moment]
    _add_next_month(place)
    before, output = place.latest(), tmp_path / "output.txt"
    killed = start(place, output)
    _wait_for_stage(killed, output, stage, place)
    time.sleep(seconds)
    killed.send_signal(signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL
    _assert_latest_is_whole(place)
    assert _run_statuses(place)[0] == dg.DagsterRunStatus.STARTED

    repairing = start(place, tmp_path / "second_output.txt")
    deadline = time.monotonic() + LONGEST_RUN_SECONDS
    while repairing.poll() is None:
        assert time.monotonic() < deadline, "the second run does not end"
        _assert_latest_is_whole(place)
        time.sleep(LOOK_SECONDS)
    assert repairing.returncode == 0, (tmp_path / "second_output.txt").read_text(encoding="utf-8")
    assert _run_statuses(place)[:2] == [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]
    assert place.mart_hashes() == undisturbed.mart_hashes()
    assert place.releases() == sorted({before, undisturbed.latest()})
    assert place.latest() == undisturbed.latest()
    assert [path.name for path in place.workspace.releases.iterdir() if path.name.startswith(".building")] == []
