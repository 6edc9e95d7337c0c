"""A step is tried again, later each time, where what it needs is away, and only there."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import duckdb
import pytest
import yaml

from dagster_project.defs import resources
from dagster_project.sources.files.connection import load_extension
from dagster_project.storage.warehouse import WarehouseLockedError
from tests.support.job_runs import Place
from tests.support.postgres_server import Server, running_postgres

CONFIG = {"ops": {"read_new_files": {"config": {"uris": []}}}}


@pytest.fixture
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same policy in a hundredth of the time."""
    monkeypatch.setattr(resources, "PATIENCE", resources.PATIENCE._replace(delay=0.3))


@pytest.fixture
def server() -> Iterator[Server]:
    """Postgres with a table of one post; it is away."""
    with running_postgres() as running:
        with duckdb.connect() as connection:
            load_extension(connection, "postgres_scanner")
            connection.execute(f"attach '{running.address}' as base (type postgres)")
            connection.execute(
                "create table base.posts as select 'a' as id, timestamp '2025-01-05' as day, 'b' as name"
            )
        running.stop()
        yield running


def place_of(root: Path, address: str, table: str = "posts") -> Place:
    """A feed that is a table of a database."""
    columns = {"post_id": "id", "posted_at": "day", "title": "name"}
    group = {"files": [address], "format": "database", "options": {"table": table}, "columns": columns}
    mapping = {"name": "written_feed", "title": "A table", "is_simulated": False, "tables": {"job_posts": group}}
    place = Place(root)
    place.mapping_file.write_text(yaml.safe_dump(mapping), encoding="utf-8")
    place.feed.mkdir()
    return place


def load(definitions: dg.Definitions, place: Place) -> tuple[dg.ExecuteInProcessResult, int]:
    """Run the job that reads the feed; how often it was tried again."""
    with place.configured(), dg.DagsterInstance.get() as instance:
        job = definitions.resolve_job_def("load_new_files")
        result = job.execute_in_process(run_config=CONFIG, instance=instance, raise_on_error=False)
        again = [one for one in result.all_events if one.event_type is dg.DagsterEventType.STEP_UP_FOR_RETRY]
        return result, len(again)


def test_a_database_that_comes_back_is_read_at_the_next_attempt(
    definitions: dg.Definitions, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class ComesBack:
        """The policy, while the server is started before the second attempt."""

        max_retries = resources.PATIENCE.max_retries

        def calculate_delay(self, attempt: int) -> float:
            server.start()
            return 0.1

    monkeypatch.setattr(resources, "PATIENCE", ComesBack())
    result, again = load(definitions, place_of(tmp_path, server.address))
    assert (result.success, again) == (True, 1)


@pytest.mark.usefixtures("impatience")
def test_a_database_that_stays_away_fails_after_three_more_attempts_with_its_sentence(
    definitions: dg.Definitions, server: Server, tmp_path: Path
) -> None:
    result, again = load(definitions, place_of(tmp_path, server.address))
    assert not result.success
    assert again == resources.PATIENCE.max_retries
    (failed,) = result.get_step_failure_events()
    said = failed.step_failure_data.error.to_string()
    assert "cannot be read" in said
    assert "secret" not in said


def test_a_table_that_is_not_there_is_not_tried_again(
    definitions: dg.Definitions, server: Server, tmp_path: Path
) -> None:
    server.start()
    result, again = load(definitions, place_of(tmp_path, server.address, table="jobs"))
    assert (result.success, again) == (False, 0)


def test_bad_data_is_not_tried_again(definitions: dg.Definitions, tmp_path: Path) -> None:
    place = Place(tmp_path)
    (place.feed / "posts").mkdir(parents=True)
    (place.feed / "posts" / "a.csv").write_bytes(b"")
    place_of_files = {
        "files": ["posts/*.csv"],
        "format": "csv",
        "columns": {"post_id": "a", "title": "b", "posted_at": "c"},
    }
    mapping = {"name": "written_feed", "title": "x", "is_simulated": False, "tables": {"job_posts": place_of_files}}
    place.mapping_file.write_text(yaml.safe_dump(mapping), encoding="utf-8")
    result, again = load(definitions, place)
    assert (result.success, again) == (False, 0)


def test_a_locked_warehouse_is_waited_for_longer_each_time() -> None:
    waits = []
    for attempt in range(3):
        with pytest.raises(dg.RetryRequested) as asked, resources.patience(_At(attempt)):  # type: ignore[arg-type]
            raise WarehouseLockedError("locked")
        waits.append(asked.value.seconds_to_wait)
    assert waits == [30, 90, 210]
    with pytest.raises(WarehouseLockedError), resources.patience(_At(3)):  # type: ignore[arg-type]
        raise WarehouseLockedError("locked")


class _At:
    """What `patience` asks of a context."""

    log = dg.get_dagster_logger()

    def __init__(self, retry_number: int) -> None:
        self.retry_number = retry_number
