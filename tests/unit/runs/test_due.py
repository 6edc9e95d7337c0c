"""What is asked for without a person: missed months, those that files touch, and files once they are whole."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from dagster_project.runs.due import Watch, due_months, files_now, first_watch, month_before, months_touched_by, spans
from dagster_project.settings import Settings
from dagster_project.sources.errors import SourceAwayError, SourceError
from dagster_project.sources.files.locate import FileState
from dagster_project.stages.ingest import load_everything
from dagster_project.stages.release import SUMMARY_FILE
from dagster_project.storage.holds import Hold, hold
from dagster_project.storage.workspace import Workspace
from tests.support.job_runs import Place
from tests.support.written_feed import REPORT_MONTH, month_posts, write_mapping, write_posts

WHOLE, LATER, LONGER = FileState(10, 1.0), FileState(10, 2.0), FileState(20, 1.0)


def report(workspace: Workspace, *months: str, at: float | None = None) -> None:
    """What a run that ended well leaves of these months."""
    for month in months:
        summary = workspace.report(month) / SUMMARY_FILE
        summary.parent.mkdir(parents=True, exist_ok=True)
        summary.touch()
        if at:
            os.utime(summary, (at, at))


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """The written feed without a file."""
    place = Place(tmp_path)
    write_mapping(place.mapping_file)
    with place.configured() as configured:
        configured.mapping.tables = {"job_posts": configured.mapping.tables["job_posts"]}
        yield configured


def land(settings: Settings, name: str, *months: str, days: int = 2) -> str:
    """A file of posts of these months in the landing place; its uri."""
    posts = [post for month in months for post in month_posts(month, days=days)]
    return str(write_posts(Path(str(settings.data)) / "posts" / name, posts).resolve())


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        (datetime(2025, 12, 2, 6, tzinfo=UTC), "2025-11"),
        (datetime(2026, 1, 1, tzinfo=UTC), "2025-12"),
        (datetime.fromisoformat("2026-01-01T01:00:00+02:00"), "2025-11"),
    ],
)
def test_the_month_just_ended_is_that_of_utc(moment: datetime, month: str) -> None:
    assert month_before(moment) == month


def test_a_workspace_without_a_report_is_due_for_the_month_just_ended_alone(settings: Settings) -> None:
    assert due_months(settings.workspace, "2025-11") == ["2025-11"]


def test_months_without_a_report_since_the_first_one_are_due(settings: Settings) -> None:
    report(settings.workspace, "2025-06", "2025-08")
    assert due_months(settings.workspace, "2025-11") == ["2025-07", "2025-09", "2025-10", "2025-11"]


def test_the_month_just_ended_is_due_although_it_has_a_report(settings: Settings) -> None:
    """Posts of its last day came in since."""
    report(settings.workspace, "2025-10", "2025-11")
    assert due_months(settings.workspace, "2025-11") == ["2025-11"]


def test_a_report_of_long_ago_makes_no_month_due(settings: Settings) -> None:
    report(settings.workspace, "2023-02", "2025-10")
    assert due_months(settings.workspace, "2025-11") == ["2025-11"]


def test_a_month_that_people_hold_and_one_of_which_the_feed_has_nothing_are_not_due(settings: Settings) -> None:
    report(settings.workspace, "2025-06")
    hold(settings.workspace, [Hold("2025-07", "a strike", date(2025, 8, 1))])
    land(settings, "posts.csv", "2025-06", "2025-07", "2025-09")
    load_everything(settings, print)
    assert due_months(settings.workspace, "2025-11") == ["2025-09", "2025-10", "2025-11"]


def test_a_file_touches_its_months_and_those_in_which_its_posts_are_known(settings: Settings) -> None:
    land(settings, "first.csv", "2025-01", "2025-03")
    load_everything(settings, print)
    report(settings.workspace, "2025-01", "2025-02", "2025-03")
    known, new = month_posts("2025-03", days=1)[0], month_posts("2025-02", days=1)[0]
    late = write_posts(Path(str(settings.data)) / "posts" / "late.csv", [new, known | {"published": new["published"]}])
    load_everything(settings, print)
    assert months_touched_by(settings.workspace, [str(late.resolve())], "2025-11") == ["2025-02", "2025-03"]


def test_a_file_with_the_content_of_another_touches_nothing(settings: Settings) -> None:
    land(settings, "first.csv", "2025-01")
    load_everything(settings, print)
    again = land(settings, "again.csv", "2025-01")
    load_everything(settings, print)
    assert months_touched_by(settings.workspace, [again], "2025-11") == []


def test_a_month_that_is_not_over_is_not_asked_for_nor_one_reported_since_nor_one_that_people_hold(
    settings: Settings,
) -> None:
    uri = land(settings, "first.csv", "2025-01", "2025-02", "2025-03", "2025-04")
    load_everything(settings, print)
    report(settings.workspace, "2025-01", at=1.0)
    report(settings.workspace, "2025-02")
    hold(settings.workspace, [Hold("2025-03", "a strike", date(2025, 8, 1))])
    assert months_touched_by(settings.workspace, [uri], "2025-03") == ["2025-01"]


def test_of_a_file_that_came_again_the_last_version_counts(settings: Settings) -> None:
    land(settings, "posts.csv", "2025-01")
    load_everything(settings, print)
    report(settings.workspace, "2025-01")
    uri = land(settings, "posts.csv", "2025-01", "2025-02")
    load_everything(settings, print)
    assert months_touched_by(settings.workspace, [uri], "2025-11") == ["2025-01", "2025-02"]


def test_neighbouring_months_are_one_span_across_a_new_year() -> None:
    assert spans(["2025-01", "2024-12", "2025-03"]) == [("2024-12", "2025-01"), ("2025-03", "2025-03")]
    assert spans([]) == []


def looked(*listings: dict[str, FileState], watch: Watch | None = None) -> tuple[Watch, list[list[str]]]:
    """A watch after several looks, and what each asked for."""
    watch, asked = watch or Watch(), []
    for listing in listings:
        watch, new = watch.look(listing)
        asked.append(new)
    return watch, asked


def test_a_file_is_asked_for_when_two_looks_saw_it_the_same_and_never_again() -> None:
    _, asked = looked(*[{"a.csv": WHOLE}] * 4)
    assert asked == [[], ["a.csv"], [], []]


def test_nothing_is_asked_for_while_a_file_is_being_written() -> None:
    _, asked = looked({"a": WHOLE}, {"a": LONGER}, {"a": LONGER, "b": WHOLE}, {"a": LONGER, "b": WHOLE})
    assert asked == [[], [], [], ["a", "b"]]


@pytest.mark.parametrize("changed", [LATER, LONGER])
def test_a_file_that_changed_is_new_and_one_that_went_is_not(changed: FileState) -> None:
    watch, _ = looked(*[{"a": WHOLE, "b": WHOLE}] * 2)
    _, asked = looked(*[{"a": changed}] * 2, {}, {}, watch=watch)
    assert asked == [[], ["a"], [], []]


def test_the_same_look_has_the_same_key_and_a_state_that_comes_back_has_another() -> None:
    first, _ = looked(*[{"a": WHOLE}] * 2)
    assert Watch.model_validate_json(first.model_dump_json()).look({"a": LATER}) == first.look({"a": LATER})
    back, _ = looked(*[{"a": LATER}] * 2, *[{"a": WHOLE}] * 2, watch=first)
    assert len({Watch().key, first.key, back.key}) == 3


def test_files_of_a_folder_are_seen_with_size_and_time(settings: Settings) -> None:
    land(settings, "one.csv", REPORT_MONTH)
    ((uri, state),) = files_now(settings).items()
    assert uri.endswith("/posts/one.csv")
    found = Path(uri).stat()
    assert state == (found.st_size, found.st_mtime)


def test_a_folder_that_is_not_there_is_told(settings: Settings) -> None:
    settings.data = "/nowhere"
    with pytest.raises(SourceError, match="DATA=/nowhere: no such folder"):
        files_now(settings)


def test_the_first_look_knows_what_the_lake_has_read_and_takes_what_changed_since_for_new(settings: Settings) -> None:
    land(settings, "one.csv", REPORT_MONTH)
    load_everything(settings, print)
    files = files_now(settings)
    assert first_watch(settings, files).handled == files
    (path,) = map(Path, files)
    write_posts(path, month_posts(REPORT_MONTH, days=3))
    assert first_watch(settings, files_now(settings)).handled == {}


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadedMotoServer]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    yield server
    server.stop()


def test_files_of_an_object_store_are_seen_and_a_store_that_is_away_is_told_from_a_wrong_name(
    settings: Settings, bucket: ThreadedMotoServer
) -> None:
    url = "http://{}:{}".format(*bucket.get_host_and_port())
    client = boto3.client("s3", endpoint_url=url)
    client.create_bucket(Bucket="feed")
    client.put_object(Bucket="feed", Key="month=2024-01/posts 1.csv", Body=b"id\n")
    read_from(settings, "s3://feed/*/*.csv", url)
    ((uri, state),) = files_now(settings).items()
    assert (uri, state.size) == ("s3://feed/month=2024-01/posts 1.csv", 3)
    assert state.changed > 1.7e9
    read_from(settings, "s3://another/*/*.csv", url)
    with pytest.raises(SourceError) as wrong:
        files_now(settings)
    assert not isinstance(wrong.value, SourceAwayError)
    bucket.stop()
    with pytest.raises(SourceAwayError):
        files_now(settings)


def read_from(settings: Settings, files: str, endpoint: str) -> None:
    """Let the mapping's posts be these files of an object store."""
    group = settings.mapping.tables["job_posts"][0]
    options = group.options.model_copy(update={"endpoint": endpoint})
    settings.mapping.tables = {"job_posts": [group.model_copy(update={"files": [files], "options": options})]}
