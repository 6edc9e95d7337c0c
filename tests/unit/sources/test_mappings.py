"""A mapping is checked before any file is opened; mistakes are named with the nearest valid key."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project.sources.errors import SourceError
from dagster_project.sources.files.connection import MACROS
from dagster_project.sources.mapping.load import SHIPPED_MAPPINGS, load_mapping
from tests.support.small_feed import COLUMNS, Feed


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"colums": {}}, r"colums is not known, the nearest valid key is 'columns'"),
        ({"columns": COLUMNS | {"budget": "price"}}, r"columns\.budget is not known.*'budget_usd'"),
        ({"options": {"delimiter": ";"}}, r"options\.delimiter is not known.*'delim'"),
        ({"columns": {"post_id": "id"}}, r"required but absent: title"),
        ({"format": "xlsx"}, r"format"),
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


@pytest.mark.parametrize(
    ("given", "amount"),
    [
        ("$1,250.00", "1250.00"), ("$15K", "15000.00"), ("$1.1K", "1100.00"), ("$2M", "2000000.00"),
        ("['$50.00']", "50.00"), ("['$50.00', '']", "50.00"), (" $40.00", "40.00"), ("$500.00 ", "500.00"),
        (".5", "0.50"), ("-$5", "-5.00"), ("['']", None), ("[]", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_money_is_understood(given: str | None, amount: str | None) -> None:
    duckdb.execute(MACROS)
    result = duckdb.execute("select money(?)::decimal(18, 2)::varchar", [given]).fetchone()
    assert result == (amount,)


@pytest.mark.parametrize(
    "given", ["['$15.00', '$30.00']", "['15', '300']", "1.250,00", "ten", "$", "1,25", "5 EUR", "9" * 30]
)
def test_money_that_is_not_understood_stays_as_it_came(given: str) -> None:
    duckdb.execute(MACROS)
    assert duckdb.execute("select money(?)", [given]).fetchone() == (given,)


def test_times_are_understood_or_stay_as_they_came() -> None:
    duckdb.execute(MACROS)
    query = "select snowflake_time('1898384758533204970'), epoch_ms_time('1672594409972'), epoch_ms_time('soon')"
    assert duckdb.execute(query).fetchone() == ("2025-03-08 14:46:11.374", "2023-01-01 17:33:29.972", "soon")


def test_the_later_of_two_times_is_taken_and_a_bad_one_is_kept_for_the_reject() -> None:
    duckdb.execute(MACROS)
    duckdb.execute("set timezone = 'UTC'")
    early, late = "2023-01-01 10:00:00+02:00", "2023-01-01 09:00:00"
    query = "select latest_time($early, $late), latest_time($early, null), latest_time($late, 'soon')"
    latest, alone, bad = duckdb.execute(query, {"early": early, "late": late}).fetchone()
    assert (latest[:19], alone[:19], bad) == ("2023-01-01 09:00:00", "2023-01-01 08:00:00", "soon")
