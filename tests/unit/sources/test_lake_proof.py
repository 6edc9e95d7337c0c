"""Files of the lake that are lost, cut or exchanged are found before a run and read again from their sources."""

from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from dagster_project.sources.errors import SourceError
from dagster_project.sources.lake.load import ingest
from dagster_project.sources.lake.manifests import load_manifests
from dagster_project.sources.lake.publication import damaged_files
from dagster_project.stages.provenance import findings
from tests.support.small_feed import COLUMNS, NOW, Feed

ROWS = [f"{n},2025-0{1 + n % 2}-05,Write text {n},Writing,10" for n in range(40)]


@pytest.fixture
def loaded(feed: Feed) -> Feed:
    feed.write("a.csv", *ROWS, "99,2025-01-07,,Writing,1")
    feed.write("b.csv", "70,2025-01-09,Draw,Writing,10")
    feed.load()
    assert list(findings(feed.workspace)) == []
    return feed


def lake_file(feed: Feed, month: str = "2025-01") -> Path:
    [load] = [one for one in load_manifests(feed.workspace, "job_posts") if one.source_file == "a.csv"]
    return feed.workspace.raw("job_posts") / f"month={month}" / f"load={load.load_id}.parquet"


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-200])


def exchange(file: Path) -> None:
    """Rows of the same number and size of file are exchanged: what only hashes tell."""
    content = bytearray(file.read_bytes())
    content[100] ^= 1
    file.write_bytes(bytes(content))


def lose_rows(file: Path) -> None:
    duckdb.execute(f"copy (from read_parquet('{file}') limit 3) to '{file}.new' (format parquet)")
    Path(f"{file}.new").replace(file)


@pytest.mark.parametrize(
    ("harm", "told"), [(Path.unlink, "is gone; it held 20 rows"), (cut, "bytes, written were"), (lose_rows, "bytes")]
)
def test_a_harmed_file_is_told_set_aside_and_read_again(loaded: Feed, harm: object, told: str) -> None:
    before, file = loaded.accepted(), lake_file(loaded)
    manifests = load_manifests(loaded.workspace, "job_posts")
    harm(file)  # type: ignore[operator]
    [damage] = damaged_files(loaded.workspace, load_manifests(loaded.workspace, "job_posts"))
    assert told in damage.message and damage.path.startswith("raw/job_posts/month=2025-01/load=")
    result = loaded.load()
    assert [load.source_file for load in result.loads] == ["a.csv"]
    assert any("its source is read again" in message for message in loaded.messages)
    assert sorted(loaded.accepted()) == sorted(before)
    assert [one.files for one in load_manifests(loaded.workspace, "job_posts")] == [one.files for one in manifests]
    assert (loaded.workspace.damaged / damage.path).exists() == (harm is not Path.unlink)
    assert list(findings(loaded.workspace)) == []


def test_a_load_read_again_for_a_harmed_file_keeps_its_day_and_its_place_in_the_order(loaded: Feed) -> None:
    before = load_manifests(loaded.workspace, "job_posts")
    cut(lake_file(loaded))
    loaded.load(now=NOW + timedelta(days=3))
    assert load_manifests(loaded.workspace, "job_posts") == before


def test_a_load_read_again_by_another_mapping_is_of_the_day_of_that_reading(loaded: Feed) -> None:
    loaded.map(COLUMNS | {"title": "coalesce(name, 'none')"})
    cut(lake_file(loaded))
    loaded.load(now=NOW + timedelta(days=3))
    assert {one.loaded_at for one in load_manifests(loaded.workspace, "job_posts")} == {NOW + timedelta(days=3)}


def test_whoever_takes_warnings_is_told_of_a_harmed_file(loaded: Feed) -> None:
    cut(lake_file(loaded))
    said: list[str] = []
    warned: list[str] = []
    ingest(
        loaded.workspace,
        loaded.mapping,
        loaded.data,
        now=NOW,
        progress=said.append,
        warn=warned.append,
        memory_limit="500MB",
        seeds=loaded.seeds,
    )
    [warning] = warned
    assert "bytes, written were" in warning and warning.endswith("its source is read again")
    assert warning not in said


def test_another_content_of_the_same_size_is_found_by_its_hash_and_read_again(loaded: Feed) -> None:
    before, file = loaded.accepted(), lake_file(loaded)
    exchange(file)
    [finding] = findings(loaded.workspace)
    assert "has other content than was written; the next run reads a.csv again" in finding
    loaded.load()
    assert sorted(loaded.accepted()) == sorted(before)
    assert list(findings(loaded.workspace)) == []


@pytest.mark.parametrize("source", ["gone", "changed"])
def test_without_its_source_nothing_is_changed_and_the_file_is_named(loaded: Feed, source: str) -> None:
    lake_file(loaded).unlink()
    if source == "gone":
        (loaded.data / "a.csv").unlink()
    else:
        loaded.write("a.csv", *ROWS[:5])
    before = loaded.snapshot()
    with pytest.raises(
        SourceError, match=r"month=2025-01/load=\w+.parquet: is gone.*it came from .*a.csv(?s:.*)backup"
    ):
        loaded.load()
    assert loaded.snapshot() == before


def test_rejects_are_proved_too_and_a_replayed_load_is_read_again_with_its_source(loaded: Feed) -> None:
    loaded.map(COLUMNS | {"title": "coalesce(name, 'none')"})
    loaded.replay()
    [replayed] = [one for one in load_manifests(loaded.workspace, "job_posts") if one.replay_of]
    [path] = replayed.files
    (loaded.workspace.lake / path).unlink()
    loaded.load()
    assert sorted(loaded.accepted()) == sorted([*map(str, range(40)), "70", "99"])
    assert list(findings(loaded.workspace)) == []
