"""Sensors on a real instance: what lands in the feed's folder is read, and exactly its months are asked for."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from dagster_project.defs.jobs import failed_run_sensor, new_files_sensor, touched_months_sensor
from dagster_project.runs.job import partition_tags
from dagster_project.settings import Settings
from dagster_project.sources.errors import SourceError
from dagster_project.stages.release import SUMMARY_FILE
from tests.support.job_runs import Place, new_place
from tests.support.web_hook import web_hook
from tests.support.written_feed import FIRST_MONTH, NEXT_MONTH, REPORT_MONTH, month_posts, write_posts

JOB = "monthly_hiring_report"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """The written feed, of which nothing was read yet, while its settings are in the environment."""
    place = new_place(tmp_path)
    with place.configured():
        yield place


@pytest.fixture
def instance(place: Place) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.get() as of_workspace:
        yield of_workspace


class Landing:
    """The sensor of new files, tick by tick, with the cursor that Dagster keeps."""

    def __init__(self, definitions: dg.Definitions, instance: dg.DagsterInstance) -> None:
        self.repository, self.instance, self.cursor = definitions.get_repository_def(), instance, None

    def tick(self) -> Any:
        context = dg.build_sensor_context(self.instance, self.cursor, repository_def=self.repository)
        data = new_files_sensor.evaluate_tick(context)
        self.cursor = data.cursor
        return data

    def asked(self) -> list[list[str]]:
        """File names of each request of two ticks."""
        requests = [*(self.tick().run_requests or []), *(self.tick().run_requests or [])]
        found = [request.run_config["ops"]["read_new_files"]["config"]["uris"] for request in requests]
        return [[Path(uri).name for uri in uris] for uris in found]


def read_and_ask(definitions: dg.Definitions, instance: dg.DagsterInstance, *files: Path) -> list[tuple[str, ...]]:
    """Run the job that reads new files as the sensor asks for it; the spans that are asked for once it is done."""
    job = definitions.resolve_job_def("load_new_files")
    config = {"ops": {"read_new_files": {"config": {"uris": [str(file.resolve()) for file in files]}}}}
    result = job.execute_in_process(run_config=config, instance=instance)
    run = instance.get_run_by_id(result.run_id)
    assert run
    (event,) = [one for one in result.all_events if one.event_type is dg.DagsterEventType.RUN_SUCCESS]
    context = dg.build_run_status_sensor_context(
        "touched_months_sensor", event, instance, run, repository_def=definitions.get_repository_def()
    )
    found = [*touched_months_sensor(context)]
    return [tuple(one.tags[tag] for tag in partition_tags("", "")) for one in found if isinstance(one, dg.RunRequest)]


def test_a_run_that_failed_is_told_with_the_sentence_that_says_what_to_do(
    definitions: dg.Definitions, instance: dg.DagsterInstance, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place.feed / "posts" / "empty.csv").touch()
    job = definitions.resolve_job_def("load_new_files")
    config = {"ops": {"read_new_files": {"config": {"uris": []}}}}
    result = job.execute_in_process(run_config=config, instance=instance, raise_on_error=False)
    run = instance.get_run_by_id(result.run_id)
    (event,) = [one for one in result.all_events if one.event_type is dg.DagsterEventType.RUN_FAILURE]
    assert run
    context = dg.build_run_status_sensor_context("failed_run_sensor", event, instance, run).for_run_failure()
    with web_hook() as (address, posted):
        monkeypatch.setenv("HIRING_PULSE_ALERT_URLS", f"json://{address}/hook")
        failed_run_sensor(context)
    (told,) = posted
    assert told["title"].split() == ["written_feed:", "load_new_files", "failed"]
    assert re.fullmatch(r"read new files: \S+empty\.csv: the file is empty; fetch it again.*", told["message"], re.S)


def report(*months: str) -> None:
    for month in months:
        summary = Settings().workspace.report(month) / SUMMARY_FILE
        summary.parent.mkdir(parents=True)
        summary.touch()


def test_new_files_are_asked_for_once_they_are_whole_and_once_a_state(
    definitions: dg.Definitions, instance: dg.DagsterInstance, place: Place
) -> None:
    landing = Landing(definitions, instance)
    assert landing.tick().run_requests == []
    assert len(landing.tick().run_requests[0].run_config["ops"]["read_new_files"]["config"]["uris"]) == 6
    assert landing.asked() == []
    write_posts(place.feed / "posts" / "late.csv", month_posts(FIRST_MONTH, days=1))
    landing.tick()
    write_posts(place.feed / "posts" / "late.csv", month_posts(FIRST_MONTH, days=2))
    assert landing.asked() == [["late.csv"]]
    assert landing.asked() == []


def test_a_tick_that_is_made_again_asks_with_the_same_key(
    definitions: dg.Definitions, instance: dg.DagsterInstance
) -> None:
    landing = Landing(definitions, instance)
    landing.tick()
    before = landing.cursor
    first = landing.tick().run_requests[0].run_key
    landing.cursor = before
    assert landing.tick().run_requests[0].run_key == first


def test_a_landing_place_that_is_gone_fails_the_tick(
    definitions: dg.Definitions, instance: dg.DagsterInstance, place: Place
) -> None:
    place.feed.rename(place.root / "elsewhere")
    with pytest.raises(SourceError, match="no such folder"):
        Landing(definitions, instance).tick()


def test_a_late_file_asks_for_its_months_only(
    definitions: dg.Definitions, instance: dg.DagsterInstance, place: Place
) -> None:
    read_and_ask(definitions, instance)
    report("2024-01", "2024-02", "2024-03", REPORT_MONTH, NEXT_MONTH)
    place.add_late_files()
    searches, posts = place.feed / "searches" / "later.csv", place.feed / "posts" / "came_late.csv"
    touched = {"2024-11", "2024-12", "2025-01", REPORT_MONTH, NEXT_MONTH}
    assert read_and_ask(definitions, instance, searches, posts) == [(min(touched), max(touched))]
    assert read_and_ask(definitions, instance, posts) == [("2025-01", NEXT_MONTH)]


def test_months_that_a_waiting_run_builds_are_not_asked_for_again(
    definitions: dg.Definitions, instance: dg.DagsterInstance, place: Place
) -> None:
    late = write_posts(place.feed / "posts" / "late.csv", month_posts(FIRST_MONTH, days=1))
    write_posts(late, [*month_posts("2023-11", days=1), *month_posts("2023-12", days=1)])
    waiting = dg.DagsterRunStatus.NOT_STARTED
    instance.add_run(dg.DagsterRun(JOB, status=waiting, tags=partition_tags("2023-10", "2023-11")))
    assert read_and_ask(definitions, instance, late) == [("2023-12", "2023-12")]


def test_the_simulated_marketplace_lands_no_files(
    definitions: dg.Definitions, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIRING_PULSE_SOURCES", "simulated_marketplace")
    assert "simulated" in Landing(definitions, instance).tick().skip_message
