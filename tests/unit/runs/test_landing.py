"""The watch of the landing place: what is new, once it is whole, asked for once."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from dagster_project.runs.landing import Watch, files_now, first_watch
from dagster_project.settings import Settings
from dagster_project.sources.errors import SourceAwayError, SourceError
from dagster_project.sources.files.locate import FileState
from dagster_project.stages.ingest import load_everything
from tests.support.job_runs import Place
from tests.support.written_feed import REPORT_MONTH, month_posts, write_mapping, write_posts

WHOLE, LATER, LONGER = FileState(10, 1.0), FileState(10, 2.0), FileState(20, 1.0)


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


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """The written feed with one file."""
    place = Place(tmp_path)
    write_mapping(place.mapping_file)
    write_posts(place.feed / "posts" / "one.csv", month_posts(REPORT_MONTH))
    with place.configured() as configured:
        configured.mapping.tables = {"job_posts": configured.mapping.tables["job_posts"]}
        yield configured


def test_files_of_a_folder_are_seen_with_size_and_time(settings: Settings) -> None:
    ((uri, state),) = files_now(settings).items()
    assert uri.endswith("/posts/one.csv")
    found = Path(uri).stat()
    assert state == (found.st_size, found.st_mtime)


def test_a_folder_that_is_not_there_is_told(settings: Settings) -> None:
    settings.data = "/nowhere"
    with pytest.raises(SourceError, match="DATA=/nowhere: no such folder"):
        files_now(settings)


def test_the_first_look_knows_what_the_lake_has_read_and_takes_what_changed_since_for_new(settings: Settings) -> None:
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
