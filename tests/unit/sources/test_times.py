"""Times as people write them become UTC; what says too little is explained and never guessed."""

import email.utils
from datetime import UTC, datetime, timedelta, timezone

import duckdb
import pytest

from dagster_project.sources.errors import SourceError
from dagster_project.sources.values.functions import define_functions
from dagster_project.sources.values.times import read_time
from tests.support.small_feed import COLUMNS, Feed

MOMENT = "2025-11-10 19:16:48"


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    define_functions(connection)
    return connection


def one(connection: duckdb.DuckDBPyConnection, expression: str, *values: object) -> str | None:
    row = connection.execute(f"select ({expression})::varchar", list(values)).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("given", "utc"),
    [
        ("2025-11-10", "2025-11-10 00:00:00"), ("20251110", "2025-11-10 00:00:00"),
        ("2025-W46-1", "2025-11-10 00:00:00"), ("2025W461", "2025-11-10 00:00:00"),
        ("2025-314", "2025-11-10 00:00:00"), ("2025314", "2025-11-10 00:00:00"), ("2024-366", "2024-12-31 00:00:00"),
        ("2025-11-10T19", "2025-11-10 19:00:00"), ("2025-11-10T19:16", "2025-11-10 19:16:00"),
        ("2025-11-10T19:16:48Z", MOMENT), ("2025-11-10t19:16:48z", MOMENT), ("2025-11-10 19:16:48 UTC", MOMENT),
        ("20251110T191648Z", MOMENT), ("20251110T1916", "2025-11-10 19:16:00"), ("20251110191648", MOMENT),
        ("2025-W46-1T19:16:48Z", MOMENT), ("2025-314T191648+0000", MOMENT), ("2025-11-10T24:00", "2025-11-11 00:00:00"),
        ("2025-11-10T19:16:48,5Z", MOMENT + ".5"), ("2025-11-10T19:16:48.123456789Z", MOMENT + ".123456"),
        ("2025-11-11T00:46:48+0530", MOMENT), ("2025-11-11 00:46:48 +05:30", MOMENT),
        ("2025-11-10 20:16:48+01", MOMENT), ("2025-11-10T14:16:48−05:00", MOMENT), ("20251110T141648-05", MOMENT),
        ("  2025-11-10  ", "2025-11-10 00:00:00"),
        ("2025-11-10+01:00", "2025-11-09 23:00:00"), ("2025-11-10Z", "2025-11-10 00:00:00"),
        ("2025-11-10 14:16:48 America/New_York", MOMENT), ("2025-11-10 14:16:48 EST", MOMENT),
        ("Mon, 10 Nov 2025 19:16:48 +0000", MOMENT), ("10 Nov 2025 14:16:48 EST", MOMENT),
        ("Mon, 10 Nov 2025 19:16:48 +0000 (UTC)", MOMENT), ("Mon, 10 Nov 25 19:16 GMT", "2025-11-10 19:16:00"),
        ("Fri, 31 Oct 2025 23:30:00 -0500", "2025-11-01 04:30:00"), ("Monday, 10-Nov-25 19:16:48 GMT", MOMENT),
        ("Nov 10, 2025", "2025-11-10 00:00:00"), ("November 10, 2025 at 7:16 PM", "2025-11-10 19:16:00"),
        ("10 November 2025", "2025-11-10 00:00:00"), ("2025-11-10 12:05 am", "2025-11-10 00:05:00"),
    ],
)  # fmt: skip
def test_a_time_is_understood(connection: duckdb.DuckDBPyConnection, given: str, utc: str) -> None:
    assert one(connection, "utc_time(?)", given) == utc


@pytest.mark.parametrize(
    "given",
    ["soon", "", "2025", "2025-11", "2025-W46", "2025-02-30", "2025-13-01", "2025-366", "2025-W53-1", "30 Feb 2025",
     "10/11/2025", "1762000000", "1712123112", "1762000000123", "2025-11-10 13:05 PM", "2025-11-10 25:00",
     "2025-11-10 19:16:48 BST", "2025-11-10 19:16:48 IST", "Mon, 10 Nov 2025 19:16:48 CEST", "10 Foo 2025"],
)  # fmt: skip
def test_what_is_no_time_or_may_be_several_is_not_guessed(connection: duckdb.DuckDBPyConnection, given: str) -> None:
    assert one(connection, "utc_time(?)", given) is None


def test_whatever_python_writes_as_iso_or_mail_date_is_read_back() -> None:
    for hours in range(0, 24 * 500, 37):
        moment = datetime(2024, 12, 1, 0, 0, hours % 60, tzinfo=UTC) + timedelta(hours=hours)
        local = moment.astimezone(timezone(timedelta(hours=hours % 25 - 12, minutes=15 * (hours % 4))))
        week = "{}-W{:02}-{}T{:%H:%M:%S%z}".format(*local.isocalendar(), local)
        written = [local.isoformat(), f"{local:%Y%m%dT%H%M%S%z}", f"{local:%Y-%jT%H%M%S%z}", week]
        for text in [*written, email.utils.format_datetime(local)]:
            assert read_time(text) == moment.replace(tzinfo=None), text


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("epoch_s_time('1762000000')", "2025-11-01 12:26:40"), ("epoch_s_time(1762000000.5)", "2025-11-01 12:26:40.5"),
        ("epoch_ms_time('1762000000123')", "2025-11-01 12:26:40.123"), ("epoch_ms_time('soon')", "soon"),
        ("epoch_ms_time('1762000000')", "1762000000 as milliseconds"), ("epoch_s_time('0')", "0 as seconds"),
        ("epoch_s_time('1762000000123')", "1762000000123 as seconds"), ("epoch_s_time(null)", None),
        ("snowflake_time('1898384758533204970')", "2025-03-08 14:46:11.374"),
        ("day_first('10/11/2025')", "2025-11-10"), ("day_first('1.2.25, 7:05 PM')", "2025-02-01 7:05 PM"),
        ("month_first('11/10/2025 19:16')", "2025-11-10 19:16"), ("day_first('2025-11-10')", "2025-11-10"),
        ("utc_time(day_first('1.2.25 7:05 PM'))", "2025-02-01 19:05:00"), ("utc_time(day_first('31/11/2025'))", None),
        ("utc_time(local_time('2025-07-10 12:00', 'Europe/Berlin'))", "2025-07-10 10:00:00"),
        ("utc_time(local_time('2025-01-10 12:00', 'Europe/Berlin'))", "2025-01-10 11:00:00"),
        ("utc_time(local_time('2025-07-10T12:00Z', 'Europe/Berlin'))", "2025-07-10 12:00:00"),
        ("utc_time(local_time('2025-07-10 12:00+05', 'Europe/Berlin'))", "2025-07-10 07:00:00"),
        ("utc_time(local_time('Thu, 10 Jul 2025 12:00:00 GMT', 'Europe/Berlin'))", "2025-07-10 12:00:00"),
        ("utc_time(local_time('2025-07-10', 'Europe/Berlin'))", "2025-07-09 22:00:00"),
        ("utc_time(local_time(day_first('10.7.2025 2:05 PM'), 'America/New_York'))", "2025-07-10 18:05:00"),
        ("local_time('soon', 'Europe/Berlin')", "soon"),
    ],
)  # fmt: skip
def test_a_declaration_makes_a_time_of_a_text(
    connection: duckdb.DuckDBPyConnection, expression: str, text: str | None
) -> None:
    assert one(connection, expression) == text


@pytest.mark.parametrize(
    ("age", "then"),
    [
        ("3 days ago", "2025-03-28 12:00:00"), ("13 hours ago", "2025-03-30 23:00:00"),
        ("2h ago", "2025-03-31 10:00:00"), ("yesterday", "2025-03-30 12:00:00"),
        ("2 weeks ago", "2025-03-17 12:00:00"), ("just now", "2025-03-31 12:00:00"),
        ("last month", "2025-02-28 12:00:00"), ("a month ago", "2025-02-28 12:00:00"),
        ("1 mo ago", "2025-02-28 12:00:00"),
        ("Posted 45 minutes ago", "2025-03-31 11:15:00"), ("an hour ago", "2025-03-31 11:00:00"),
        ("about 2 years ago", "2023-03-31 12:00:00"), ("5 mins ago", "2025-03-31 11:55:00"),
        ("30+ days ago", "30+ days ago"), ("3 moons ago", "3 moons ago"), ("2025-03-01", "2025-03-01"),
    ],
)  # fmt: skip
def test_an_age_is_told_from_the_time_at_which_it_was_seen(
    connection: duckdb.DuckDBPyConnection, age: str, then: str
) -> None:
    assert one(connection, "ago(?, '2025-03-31 12:00:00')", age) == then


def test_the_later_of_two_times_is_taken_and_a_bad_one_is_kept_for_the_reject(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    early, late = "2023-01-01 10:00:00+02:00", "2023-01-01 09:00:00"
    assert one(connection, "latest_time(?, ?)", early, late) == "2023-01-01 09:00:00"
    assert one(connection, "latest_time(?, null)", early) == "2023-01-01 08:00:00"
    assert one(connection, "latest_time(?, 'soon')", late) == "soon"


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ("1736000000", r"looks like seconds since 1970.*epoch_s_time"),
        ("1736000000123", r"looks like milliseconds since 1970.*epoch_ms_time"),
        ("1736000000123456", r"looks like micro"),
        ("3 days ago", r"looks like an age in words: map observed_at.*ago\(column, seen\)"),
        ("30+ days ago", r"is no exact age"),
        ("01/02/2025", r"whether day or month comes first.*day_first.*month_first"),
        ("2025-01-05 10:00 IST", r"several time zones share.*local_time"),
        ("2025-01", r"names no day"),
        ("soon", r"cannot be read as TIMESTAMP"),
    ],
)
def test_a_reject_says_what_the_text_looks_like(feed: Feed, value: str, advice: str) -> None:
    feed.write("a.csv", "g,2025-01-05,T,Writing,", f"1,{value},T,Writing,")
    feed.load()
    [message] = feed.rejects("message")
    assert message.startswith(f"posted_at '{value}' ")
    assert duckdb.execute("select regexp_matches(?, ?)", [message, advice]).fetchone() == (True,), message


def test_a_file_without_any_time_says_what_most_look_like(feed: Feed) -> None:
    feed.map(COLUMNS | {"posted_at": "epoch_ms_time(published)"})
    feed.write("a.csv", "1,soon,T,,", "2,1736000000,T,,", "3,1736000001,T,,")
    with pytest.raises(SourceError, match=r"a\.csv: no row has a usable posted_at: .*'1736000000 as milliseconds'"
                       r".*looks like seconds.*epoch_s_time.*row 2, and so in 2 rows"):  # fmt: skip
        feed.load()


def test_a_file_whose_rows_fail_before_their_time_says_so(feed: Feed) -> None:
    feed.write("a.csv", ",soon,T,,")
    with pytest.raises(SourceError, match="no row has a usable posted_at: every row was rejected before"):
        feed.load()


def test_a_column_of_numbers_names_the_functions_that_read_it(feed: Feed) -> None:
    path = feed.data / "a.parquet"
    duckdb.execute(f"copy (select '1' as id, 1736000000 as published, 'T' as name) to '{path}'")
    columns = {"post_id": "id", "posted_at": "published", "title": "name"}
    feed.map(columns, files=["*.parquet"], format="parquet")
    with pytest.raises(SourceError, match=r"gives INTEGER of a\.parquet where TIMESTAMP is needed; write epoch_s_time"):
        feed.load()
    feed.map(columns | {"posted_at": "epoch_s_time(published)"}, files=["*.parquet"], format="parquet")
    feed.load()
    assert feed.accepted("posted_at::varchar") == ["2025-01-04 14:13:20"]


def test_a_zone_that_does_not_exist_is_named_with_its_field(feed: Feed) -> None:
    feed.map(COLUMNS | {"posted_at": "local_time(published, 'Mars/Base')"})
    feed.write("a.csv", "1,2025-01-05 10:00,T,,")
    with pytest.raises(SourceError, match=r"posted_at .*fails on a\.csv: .*Mars/Base"):
        feed.load()


@pytest.mark.parametrize(
    ("given", "day"),
    [("2025-01-31T23:30:00-05:00", "2025-01-31"), ("20250131", "2025-01-31"), ("31 Jan 2025", "2025-01-31")],
)
def test_a_day_is_the_one_that_was_written(feed: Feed, given: str, day: str) -> None:
    columns = {"contract_id": "id", "started_on": "published", "state": "name"}
    feed.map_tables({"contracts": {"files": ["*.csv"], "format": "csv", "columns": columns}})
    feed.write("a.csv", f"1,{given},open,,", "2,2025-01-31 or so,open,,")
    feed.load()
    assert feed.accepted("started_on::varchar", table="contracts") == [day]
    assert feed.rejects(table="contracts") == [("started_on", "unparsable", "2025-01-31 or so")]
