"""A workspace belongs to one feed, and may lie anywhere: characters of its path end no SQL text and are no pattern."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from dagster_project.quality.engine.session import month_files, open_source
from dagster_project.settings import Settings
from dagster_project.sources.lake.manifests import load_manifests
from dagster_project.stages.ingest import take_in
from dagster_project.storage.sql import literal, month_of, parquet_file
from dagster_project.storage.workspace import (
    REPOSITORY,
    FeedOrigin,
    ForeignWorkspaceError,
    Workspace,
    absolute_data,
    record_origin,
    recorded_origin,
    require_own_feed,
)
from tests.support.job_runs import Place
from tests.support.small_feed import Feed

CASE = REPOSITORY / "tests" / "feeds" / "15-one-name-two-feeds"
MONTH = "2025-11"
NORTH = FeedOrigin("/mappings/town.yml", "text", "/data/north")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace that was filled from NORTH."""
    workspace = Workspace(tmp_path / "town")
    record_origin(workspace, NORTH)
    return workspace


@pytest.mark.parametrize(
    "same",
    [
        NORTH,
        FeedOrigin("/mappings/town.yml", "edited", "/data/north"),
        FeedOrigin("/moved/town.yml", "text", "/data/north"),
        FeedOrigin("/mappings/town.yml", "text", None),
    ],
    ids=["the same", "an edited mapping", "a copy of the mapping", "DATA is not given"],
)
def test_the_feed_of_a_workspace_is_let_in(workspace: Workspace, same: FeedOrigin) -> None:
    require_own_feed(workspace, same)


@pytest.mark.parametrize(
    "other",
    [
        FeedOrigin("/mappings/other.yml", "other", "/data/north"),
        FeedOrigin("/mappings/town.yml", "text", "/data/south"),
    ],
    ids=["another mapping", "another DATA"],
)
def test_another_feed_is_refused_with_both_places(workspace: Workspace, other: FeedOrigin) -> None:
    with pytest.raises(ForeignWorkspaceError) as refused:
        require_own_feed(workspace, other)
    parts = (
        "town",
        str(workspace.root),
        "/mappings/town.yml",
        "/data/north",
        other.mapping,
        str(other.data),
        "--rebind",
    )
    assert all(part in str(refused.value) for part in parts)
    record_origin(workspace, other)
    require_own_feed(workspace, other)


def test_data_that_is_not_given_stays_what_it_was(workspace: Workspace) -> None:
    record_origin(workspace, FeedOrigin("/moved/town.yml", "text", None))
    assert recorded_origin(workspace) == FeedOrigin("/moved/town.yml", "text", "/data/north")


def test_an_unreadable_record_is_named(workspace: Workspace) -> None:
    workspace.belongs_to.write_text("{")
    with pytest.raises(ForeignWorkspaceError, match=r"belongs_to\.json: unreadable"):
        require_own_feed(workspace, NORTH)


def test_a_place_is_the_same_from_wherever_it_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    monkeypatch.chdir(tmp_path)
    assert absolute_data("real") == absolute_data("./link/") == str(tmp_path / "real")
    assert absolute_data("s3://bucket/feed/") == "s3://bucket/feed"
    assert absolute_data(None) is None


@contextmanager
def town(root: Path, mapping: str = "mapping.yml", data: Path = CASE / "files" / "north") -> Iterator[Settings]:
    with Place(root, sources=str(CASE / mapping), data=data).configured() as settings:
        yield settings


def snapshot(workspace: Workspace) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in workspace.lake.rglob("*") if path.is_file()}


def test_two_feeds_of_one_name_are_not_mixed(tmp_path: Path) -> None:
    with town(tmp_path) as settings:
        assert take_in(settings, [MONTH], print).loaded.rows_read == 40
        workspace, before = settings.workspace, snapshot(settings.workspace)
        settings.data = str(CASE / "files" / "south")
        with pytest.raises(ForeignWorkspaceError, match=r"(?s)feed_15_town_market: .*north.*south"):
            take_in(settings, [MONTH], print)
    with pytest.raises(ForeignWorkspaceError), town(tmp_path, "mapping_south.yml", CASE / "files" / "south"):
        pytest.fail("the command line let another feed in")
    assert snapshot(workspace) == before


def test_a_place_that_was_never_read_binds_nobody(tmp_path: Path) -> None:
    with town(tmp_path, data=tmp_path / "nowhere") as settings, pytest.raises(Exception, match="no such folder"):
        take_in(settings, [MONTH], print)
    with town(tmp_path) as settings:
        assert take_in(settings, [MONTH], print).loaded.rows_read == 40


def test_a_feed_that_moved_is_let_in_when_that_is_said(tmp_path: Path) -> None:
    with town(tmp_path) as settings:
        take_in(settings, [MONTH], print)
    shutil.copytree(CASE / "files" / "north", tmp_path / "moved")
    with town(tmp_path / "unused") as settings:
        settings.data_root, settings.data = tmp_path / "data", str(tmp_path / "moved")
        record_origin(settings.workspace, settings.origin)
        moved = take_in(settings, [MONTH], print).loaded
    assert (moved.rows_read, moved.unchanged_files) == (0, 1), "a file is known by its content, wherever it lies"


def test_a_shipped_mapping_is_known_by_its_name_and_the_simulated_feed_has_no_data(tmp_path: Path) -> None:
    with Place(tmp_path, sources="simulated_marketplace", data=tmp_path).configured() as settings:
        assert settings.origin == FeedOrigin(
            "the shipped mapping simulated_marketplace", settings.mapping.text_hash, None
        )


ODD = 'it\'s a "test" é [1] #/month=2020-01/technology=x'


@pytest.fixture
def odd_feed(tmp_path: Path) -> Feed:
    """A feed whose files, mapping and workspace lie below folders with such names."""
    place = tmp_path / ODD
    (place / "data").mkdir(parents=True)
    feed = Feed(place / "data", Workspace(place / "workspace"), seeds(tmp_path), place / "mapping.yml")
    feed.map()
    return feed


def seeds(root: Path) -> Path:
    folder = root / "seeds"
    folder.mkdir()
    header = "category_id,category,is_technical,valid_from,valid_to\n"
    (folder / "categories.csv").write_text(f"{header}1,Writing,false,2020-01-01,\n")
    for name in ("pulse_questions", "study_questions"):
        (folder / f"{name}.csv").write_text("question_id,wording_version\nhires,1\n")
    return folder


def test_months_of_loads_are_not_those_of_folders_above(odd_feed: Feed) -> None:
    odd_feed.write("a.csv", "1,2025-02-05,Write,Writing,10")
    odd_feed.load()
    odd_feed.write("b.csv", "1,2025-03-05,Write,Writing,10", "2,2025-03-06,Write,Writing,10")
    odd_feed.load()
    loads = {manifest.source_file: manifest for manifest in load_manifests(odd_feed.workspace, "job_posts")}
    assert loads["b.csv"].touched_months == ["2025-02", "2025-03"]
    assert replace(odd_feed, messages=[]).load().unchanged_files == 2


def test_gates_see_the_month_of_a_file_and_no_column_of_the_folders_above(odd_feed: Feed) -> None:
    odd_feed.write("a.csv", "1,2025-02-05,Write,Writing,10")
    odd_feed.load()
    files = month_files(odd_feed.workspace.raw("job_posts"), ["2025-02"])
    with open_source(parquet={"raw.job_posts": files}) as source:
        rows = source.connection.sql("select post_id, month from raw.job_posts").fetchall()
        columns = source.connection.sql("from raw.job_posts").columns
    assert rows == [("1", "2025-02")]
    assert "technology" not in columns


def test_the_month_of_a_path_is_that_of_its_last_folder() -> None:
    path = "/data/month=2020-01/lake/raw/job_posts/month=2025-11/load=a.parquet"
    assert duckdb.execute(f"select {month_of('$path')}", {"path": path}).fetchone() == ("2025-11",)


def test_a_file_keeps_its_column_below_a_folder_of_its_name(tmp_path: Path) -> None:
    """DuckDB would take the category of every row of a released mart from the folder."""
    path = tmp_path / "it's [1] *" / "category=Legal" / "mart.parquet"
    path.parent.mkdir(parents=True)
    duckdb.execute(f"copy (select 'Writing' as category) to {literal(str(path))}")
    assert duckdb.execute(f"from {parquet_file(path)}").fetchall() == [("Writing",)]
    assert duckdb.execute(f"from {literal(str(path))}").fetchall() == [("Legal",)], "what is guarded against"
