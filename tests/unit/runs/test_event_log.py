"""The event log that `dagster.yaml` names: the files of Dagster's own, which stay open."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy
from dagster._core.storage.event_log import SqliteEventLogStorage

from dagster_project.runs.event_log import EventLog
from dagster_project.storage.workspace import REPOSITORY

MESSAGES = [f"message {number}" for number in range(20)]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def shipped(home: Path) -> Path:
    """The home of an instance with the settings that the command line copies there."""
    shutil.copyfile(REPOSITORY / "dagster.yaml", home / "dagster.yaml")
    return home


@dg.op
def talk(context: dg.OpExecutionContext) -> None:
    for message in MESSAGES:
        context.log.info(message)


@dg.job
def talking() -> None:
    talk()


def _run() -> str:
    """Id of a run whose messages are in the instance's log."""
    with dg.DagsterInstance.get() as instance:
        return talking.execute_in_process(instance=instance).run_id


def _messages(run_id: str) -> list[str]:
    with dg.DagsterInstance.get() as instance:
        return [entry.user_message for entry in instance.all_logs(run_id) if entry.dagster_event is None]


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """Names of the SQLite files below an event log that were opened, one a connection."""
    names: list[str] = []

    def note(connection: object, record: object) -> None:
        file = connection.execute("pragma database_list").fetchone()[2]  # type: ignore[attr-defined]
        names.append(Path(file).name)

    sqlalchemy.event.listen(sqlalchemy.pool.Pool, "connect", note)
    yield names
    sqlalchemy.event.remove(sqlalchemy.pool.Pool, "connect", note)


def test_the_file_of_a_run_stays_open_for_all_its_events(shipped: Path, opened: list[str]) -> None:
    run_id = _run()
    assert 1 <= opened.count(f"{run_id}.db") <= 2, "making its tables takes a second connection"


def test_what_was_logged_is_there_for_the_next_process(shipped: Path) -> None:
    assert _messages(_run()) == MESSAGES


def test_runs_that_dagster_s_own_log_holds_stay(home: Path) -> None:
    with dg.DagsterInstance.get() as plain:
        assert type(plain.event_log_storage) is SqliteEventLogStorage
    run_id = _run()
    shutil.copyfile(REPOSITORY / "dagster.yaml", home / "dagster.yaml")
    assert _messages(run_id) == MESSAGES


def test_a_table_is_looked_for_until_it_is_there(shipped: Path) -> None:
    _run()
    with dg.DagsterInstance.get() as instance:
        log = instance.event_log_storage
        assert isinstance(log, EventLog)
        assert log.has_table("asset_check_executions") and not log.has_table("made_later")
        with log.index_connection() as connection:
            connection.execute(sqlalchemy.text("create table made_later (id integer)"))
        assert log.has_table("made_later")
