"""What makes a file as a whole unusable stops the load before the lake changes, and says where and what to do."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from dagster_project.sources.errors import SourceError
from tests.support.small_feed import COLUMNS, HEADER, Feed

GOOD = "1,2025-01-05,Write a text,Writing,10"


def assert_stops(feed: Feed, *patterns: str) -> None:
    before = feed.snapshot()
    with pytest.raises(SourceError) as caught:
        feed.load()
    for pattern in patterns:
        assert re.search(pattern, str(caught.value)), f"{pattern!r} not in {caught.value}"
    assert feed.snapshot() == before


@pytest.fixture
def loaded(feed: Feed) -> Feed:
    """A lake that holds one good file, and a second good file that is still to be read."""
    feed.write("a.csv", GOOD)
    feed.load()
    feed.write("b.csv", "2,2025-02-05,Write more,Writing,20")
    return feed


def test_a_missing_column_is_named_with_the_nearest_one(loaded: Feed) -> None:
    loaded.write("c.csv", "1,2025-01-05,T,Writing,10", header="id,publishd,name,topic,price")
    assert_stops(loaded, r"c\.csv", "posted_at", "'published'", "nearest that exists is 'publishd'")


def test_a_file_of_another_kind_is_not_mended_by_a_column_that_is_not_alike(loaded: Feed) -> None:
    loaded.write("deals.csv", "7,US,900", header="Deal,country,paid")
    with pytest.raises(SourceError, match=r"deals.csv does not have; none is called alike.*narrow the `files`") as told:
        loaded.load()
    assert "mended" not in str(told.value)


def test_a_wrong_expression_is_named_by_its_field(loaded: Feed) -> None:
    loaded.map(COLUMNS | {"budget_usd": "mony(price)"})
    assert_stops(loaded, r"a\.csv", "budget_usd", r"mony\(price\)", "correct the mapping")


def test_an_expression_of_a_type_that_cannot_be_cast_is_named(loaded: Feed) -> None:
    loaded.map(COLUMNS | {"posted_at": "try_cast(id as bigint)"})
    assert_stops(loaded, r"a\.csv", "posted_at", "BIGINT")


def test_an_expression_of_two_values_is_refused(loaded: Feed) -> None:
    loaded.map(COLUMNS | {"title": "name, topic"})
    assert_stops(loaded, "title", "STRUCT")


def test_an_expression_that_fails_on_a_row_is_named_by_its_field(loaded: Feed) -> None:
    loaded.write("c.csv", "1,2025-01-05,T,Writing,ten")
    loaded.map(COLUMNS | {"budget_usd": "cast(price as integer)"})
    assert_stops(loaded, r"c\.csv", "budget_usd", "try_cast")


def _cut_gz(content: bytes) -> bytes:
    return gzip.compress(content)[:-6]


def _cut_zst(content: bytes) -> bytes:
    return pa.compress(content, codec="zstd", asbytes=True)[:-5]


@pytest.mark.parametrize(("name", "cut"), [("c.csv.gz", _cut_gz), ("c.csv.zst", _cut_zst)])
def test_a_compressed_file_without_its_end_is_refused(loaded: Feed, name: str, cut: Callable[[bytes], bytes]) -> None:
    rows = "\n".join(f"{number},2025-01-05,Title {number},Writing,10" for number in range(20_000))
    loaded.write_bytes(name, cut(f"{HEADER}\n{rows}\n".encode()))
    assert_stops(loaded, name.replace(".", r"\."), "truncated", "fetch it again")


def test_a_file_of_another_encoding_is_refused(loaded: Feed) -> None:
    loaded.write_bytes("c.csv", f"{HEADER}\n1,2025-01-05,Café,Writing,10\n".encode("latin-1"))
    assert_stops(loaded, r"c\.csv", "encoding utf-8", "options in the mapping")


def test_the_same_file_is_read_with_its_encoding_declared(feed: Feed) -> None:
    feed.write_bytes("c.csv", f"{HEADER}\n1,2025-01-05,Café,Writing,10\n".encode("latin-1"))
    feed.map(options={"encoding": "latin-1"})
    feed.load()
    assert feed.accepted("title") == ["Café"]


def test_an_empty_file_is_refused(loaded: Feed) -> None:
    loaded.write_bytes("c.csv", b"")
    assert_stops(loaded, r"c\.csv", "empty")


@pytest.mark.parametrize(
    ("format_name", "content"),
    [("parquet", b"PAR1 cut before its end"), ("jsonl", b'{"id": "1", "published": "2025-01-')],
)
def test_a_cut_parquet_or_json_file_is_refused(loaded: Feed, format_name: str, content: bytes) -> None:
    loaded.write_bytes(f"c.{format_name}", content)
    loaded.map(files=[f"*.{format_name}"], format=format_name)
    assert_stops(loaded, rf"c\.{format_name}", f"cannot be read as {format_name}")


def test_files_without_a_match_are_named_with_their_folder(loaded: Feed) -> None:
    loaded.map(files=["*.tsv"])
    assert_stops(loaded, r"\*\.tsv", str(loaded.data), "DATA")


def test_a_table_whose_first_file_comes_later_may_be_absent_until_then(feed: Feed) -> None:
    feed.write("posts.csv", GOOD)
    columns = {name: name for name in ("constant_id", "value", "unit", "source", "as_of_date")}
    constants = {"files": ["quoted*.csv"], "format": "csv", "columns": columns}
    posts = {"files": ["posts.csv"], "format": "csv", "columns": COLUMNS}
    feed.map_tables({"job_posts": posts, "quoted_constants": constants})
    assert_stops(feed, r"quoted\*\.csv", "may_be_absent")
    feed.map_tables({"job_posts": posts, "quoted_constants": constants | {"may_be_absent": True}})
    feed.load()
    assert feed.accepted(table="job_posts") == ["1"]
    feed.write("quoted.csv", "size,1.5e12,USD,An institute,2024-12-31", header=",".join(columns))
    feed.load()
    assert feed.accepted("month", "quoted_constants") == ["2024-12"]


def test_a_folder_that_is_not_there_is_named(loaded: Feed) -> None:
    loaded.data = Path("/nowhere/to/be/found")
    assert_stops(loaded, "/nowhere/to/be/found", "no such folder")


def test_a_file_without_one_usable_date_is_a_mistake_of_the_mapping(loaded: Feed) -> None:
    loaded.write("c.csv", "1,soon,T,Writing,10", "2,later,T,Writing,10")
    assert_stops(loaded, r"c\.csv", "no row has a usable posted_at")


def test_a_file_of_two_groups_is_refused(loaded: Feed) -> None:
    group = {"files": ["*.csv"], "format": "csv", "columns": COLUMNS}
    loaded.map_tables({"job_posts": [group, group | {"files": ["a.csv"]}]})
    assert_stops(loaded, r"a\.csv", "two groups")
