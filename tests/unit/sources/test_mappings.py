"""A mapping is checked before any file is opened; mistakes are named with the nearest valid key."""

from pathlib import Path
from typing import Any

import pytest

from dagster_project.sources.errors import SourceError
from dagster_project.sources.mapping.load import SHIPPED_MAPPINGS, load_mapping
from tests.support.small_feed import COLUMNS, Feed


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"colums": {}}, r"colums is not known, the nearest valid key is 'columns'"),
        ({"columns": COLUMNS | {"budget": "price"}}, r"columns\.budget is not known.*'budget_usd'"),
        ({"options": {"delimiter": ";"}}, r"options\.delimiter is not known.*'delim'"),
        ({"columns": {"post_id": "id"}}, r"required but absent: title"),
        ({"format": "xls"}, r"format"),
        ({"options": {"encoding": "windows-1253x"}}, r"options\.encoding: .*not known.*windows-1252"),
        ({"options": {"delim": "||"}}, r"options\.delim: .*one character"),
        ({"reject_limit": 5}, r"reject_limit"),
        ({"files": []}, r"files"),
        ({"may_be_absent": True}, r"job_posts: a feed without posts"),
    ],
)
def test_a_mistake_names_file_key_and_nearest_key(feed: Feed, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        feed.map(**changes)
    assert str(feed.mapping_file) in str(caught.value)


def test_an_unknown_table_names_the_nearest(feed: Feed) -> None:
    with pytest.raises(SourceError, match=r"job_post is not known.*'job_posts'"):
        feed.map_tables({"job_post": {"files": ["*"], "format": "csv", "columns": COLUMNS}})


def test_a_key_given_twice_is_refused(feed: Feed) -> None:
    feed.mapping_file.write_text(feed.mapping_file.read_text() + "name: again\n")
    with pytest.raises(SourceError, match="given twice"):
        load_mapping(feed.mapping_file)


def test_an_unknown_name_lists_what_is_shipped() -> None:
    with pytest.raises(SourceError, match="the nearest is 'upwork_general_2023'"):
        load_mapping("upwork_general_2024")


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such mapping file"):
        load_mapping(tmp_path / "mine.yml")


@pytest.mark.parametrize("path", sorted(SHIPPED_MAPPINGS.glob("*.yml")), ids=lambda path: path.stem)
def test_a_shipped_mapping_is_valid_and_called_like_its_file(path: Path) -> None:
    assert load_mapping(path.stem).name == path.stem


def test_the_hash_changes_with_expressions_and_not_with_titles_or_limits(feed: Feed) -> None:
    first = feed.map().mapping_hash
    assert feed.map(reject_limit=0.5).mapping_hash == first
    assert feed.map(COLUMNS | {"title": "trim(name)"}).mapping_hash != first
