"""Another process holds the warehouse: who it is is said, and the work waits for it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from dagster_project.storage import warehouse
from tests.support.job_runs import Place
from tests.support.written_feed import REPORT_MONTH

HOLD = """
import sys, time, duckdb
connection = duckdb.connect(sys.argv[1])
print("holding", flush=True)
time.sleep(float(sys.argv[2]))
"""


@contextmanager
def _holder(database: Path, seconds: float) -> Iterator[subprocess.Popen[str]]:
    """A process that writes to the database for some seconds."""
    command = [sys.executable, "-c", HOLD, str(database), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "holding\n"
        yield process
        process.kill()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    duckdb.connect(str(path)).close()
    return path


@pytest.mark.parametrize(
    "opens", [warehouse.wait_until_free, lambda path, log: warehouse.connect(path, log=log).close()]
)
def test_who_comes_second_names_the_holder_and_waits(database: Path, opens: Callable[..., None]) -> None:
    messages: list[str] = []
    with _holder(database, seconds=1.5) as holder:
        opens(database, messages.append)
        assert holder.wait(5) == 0
    assert messages
    assert str(database) in messages[0]
    assert f"(PID {holder.pid})" in messages[0]


def test_a_wait_that_is_too_long_ends_with_the_holder_and_what_to_do(database: Path) -> None:
    with _holder(database, seconds=60) as holder, pytest.raises(warehouse.WarehouseLockedError) as error:
        warehouse.connect(database, log=lambda message: None, wait_seconds=0.2)
    assert f"(PID {holder.pid})" in str(error.value)
    assert "releases/latest" in str(error.value)


def test_an_error_that_is_no_lock_is_not_waited_for(tmp_path: Path) -> None:
    damaged = tmp_path / "warehouse.duckdb"
    damaged.write_bytes(b"no database" * 1000)
    messages: list[str] = []
    with pytest.raises(warehouse.WarehouseDamagedError):
        warehouse.connect(damaged, log=messages.append)
    assert messages == []


def test_a_warehouse_that_is_not_there_yet_is_free(tmp_path: Path) -> None:
    warehouse.wait_until_free(tmp_path / "workspace" / "warehouse.duckdb", lambda message: None)


def _messages(place: Place) -> list[str]:
    """What the last run on the place has logged so far."""
    with dg.DagsterInstance.from_config(str(place.workspace.dagster)) as instance:
        (record,) = instance.get_runs(limit=1)
        return [entry.user_message for entry in instance.all_logs(record.run_id)]


def _end_when_named(holder: subprocess.Popen[str], place: Place) -> None:
    while holder.poll() is None:
        if any(f"(PID {holder.pid})" in message for message in _messages(place)):
            holder.kill()
        time.sleep(0.5)


@pytest.mark.slow
def test_a_dbt_step_says_who_holds_the_warehouse_waits_and_goes_on(place: Place) -> None:
    """One dbt step of one table on a copy of the built workspace; the holder ends as soon as it was named."""
    with place.configured(), _holder(place.workspace.warehouse, seconds=120) as holder:
        watcher = threading.Thread(target=_end_when_named, args=(holder, place))
        watcher.start()
        run = place.run(REPORT_MONTH, select=dg.AssetSelection.assets(["seeds", "technologies"]))
        watcher.join()
        assert any("waiting" in message for message in _messages(place))
    assert run.succeeded, run.failures
    assert holder.returncode == -signal.SIGKILL, "the run did not name the holder"


def test_the_holder_is_found_in_the_message_that_this_duckdb_writes(database: Path) -> None:
    """The wording is DuckDB's: a version that changes it would make the wait nameless."""
    with _holder(database, seconds=60) as holder, pytest.raises(duckdb.IOException) as error:
        duckdb.connect(str(database))
    named = warehouse.lock_holder(str(error.value))
    assert f"(PID {holder.pid})" in named
    assert Path(sys.executable).name[:6] in named
    assert os.getpid() != holder.pid
