"""A workspace may lie anywhere: characters of its path end no SQL text, are no pattern and become no column."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from dagster_project.quality.engine.session import month_files, open_source
from dagster_project.sources.lake.manifests import load_manifests
from dagster_project.storage.sql import literal, month_of, parquet_file
from dagster_project.storage.workspace import Workspace
from tests.support.small_feed import Feed

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
