"""Times as people write them; the connection must be in UTC.

`utc_time` is what a column of times is read by. Most texts are DuckDB's own cast, the rest is read in Python: DuckDB's
`strptime` brings 30 February to March, and its regular expressions took longer. The other macros turn a text that
alone says too little (an epoch, a day before its month, an age, a local time) into one that `utc_time` understands.
What is not understood comes back as it is, or with what it was taken for, and becomes a reject.
"""

import re
from datetime import datetime, timedelta
from functools import lru_cache

import duckdb
import pyarrow as pa
from duckdb.func import ARROW, SPECIAL

_ISO = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2}|\d{8}|\d{4}-?W\d{2}-?\d|(?P<ordinal>\d{4}-?\d{3}))"
    r"(?:(?:T| +)(?P<clock>\d{2}(?::?\d{2}){0,2}(?:[.,]\d+)?))? ?(?P<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?"
)
_DIGITS_ALONE = re.compile(r"(?:19|20)\d{12}")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]*[.,]?"
_DAY_WRITTEN = (
    rf"(?P<day>\d{{1,2}})[ -](?P<month>{_MONTH})[ -](?P<year>\d{{4}}|\d\d)"
    rf"|(?P<month_before>{_MONTH}) (?P<day_after>\d{{1,2}}),? (?P<year_after>\d{{4}})|(?P<iso>\d{{4}}-\d\d-\d\d)"
)
_WRITTEN = re.compile(
    rf"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?(?:{_DAY_WRITTEN})"
    r"(?:(?:,|,? at)?\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*(?P<half>am|pm)?"
    r"(?:\s+(?P<zone>[a-z]+|[+-]\d{4})(?:\s+\([^)]*\))?)?)?",
    re.IGNORECASE,
)
_HOURS_AHEAD = {"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}
"""The zones that RFC 2822 knows by letters, beside UTC; others mean several zones each and are not guessed."""


def read_time(text: str) -> datetime | None:
    """The time in UTC, without a zone; None for what is neither ISO 8601 nor written out as in RFC 2822.

    A time without a zone is UTC, a day alone its midnight. Weeks and months are no times.
    """
    plain = " ".join(text.replace("−", "-").split())
    try:
        return _iso_time(plain.upper()) or _written_time(plain)
    except (ValueError, OverflowError):
        return None


def _iso_time(text: str) -> datetime | None:
    """Raises ValueError for a day or hour that does not exist."""
    if _DIGITS_ALONE.fullmatch(text):
        text = f"{text[:8]}T{text[8:]}"
    parts = _ISO.fullmatch(text)
    if parts is None:
        return None
    day, ordinal, clock, zone = parts.groups()
    if ordinal:
        first = datetime(int(day[:4]), 1, 1)
        found = first + timedelta(days=int(day[-3:]) - 1)
        if found.year != first.year:
            raise ValueError(f"{day}: no such day of the year")
        day = found.date().isoformat()
    return datetime.fromisoformat(f"{day}T{clock}" if clock else day) - _offset(zone)


def _written_time(text: str) -> datetime | None:
    """Raises ValueError for a day, hour or zone that does not exist."""
    parts = _WRITTEN.fullmatch(text)
    if parts is None:
        return None
    hour, minute, second, half, zone = parts.group("hour", "minute", "second", "half", "zone")
    hours = int(hour or 0)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError(f"{text}: no such hour")
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    return datetime(*_written_day(parts), hours, int(minute or 0), int(second or 0)) - _offset(zone)


def _written_day(parts: re.Match[str]) -> tuple[int, int, int]:
    """Year, month, day."""
    iso, day, month, year = parts.group("iso", "day", "month", "year")
    if iso:
        return int(iso[:4]), int(iso[5:7]), int(iso[8:])
    if not day:
        day, month, year = parts.group("day_after", "month_before", "year_after")
    return int(year) + (2000 if len(year) == 2 else 0), _MONTHS.index(month[:3].lower()) + 1, int(day)


@lru_cache(1 << 10)
def _offset(zone: str | None) -> timedelta:
    """What the zone is ahead of UTC. Raises ValueError for letters that mean several zones."""
    if zone is None or zone.lower() in ("z", "utc", "gmt", "ut"):
        return timedelta(0)
    if zone[0] in "+-":
        ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:].strip(":") or 0))
        return -ahead if zone[0] == "-" else ahead
    if zone.lower() not in _HOURS_AHEAD:
        raise ValueError(f"{zone}: several zones have these letters")
    return timedelta(hours=_HOURS_AHEAD[zone.lower()])


_AGE = re.compile(
    r"(?:(?:posted|published|listed|created):?\s+)?(?:(?:about|around|almost|over|less than)\s+)?"
    r"(?P<number>an?|\d{1,4})\s*(?P<unit>[a-z]+)\s+ago",
    re.IGNORECASE,
)
_UNITS = {
    "second": "s sec secs second seconds", "minute": "m min mins minute minutes", "hour": "h hr hrs hour hours",
    "day": "d day days", "week": "w wk wks week weeks", "month": "mo mos mth mths month months",
    "year": "y yr yrs year years",
}  # fmt: skip
_UNIT_OF = {name: unit for unit, names in _UNITS.items() for name in names.split()}
_AGES_IN_WORDS = {
    "just now": "0 seconds", "now": "0 seconds", "moments ago": "0 seconds", "a moment ago": "0 seconds",
    "a few seconds ago": "0 seconds", "today": "0 seconds", "yesterday": "1 day", "last week": "1 week",
    "last month": "1 month", "last year": "1 year",
}  # fmt: skip


@lru_cache(1 << 12)
def read_age(text: str) -> str | None:
    """'3 days ago', 'yesterday', '2h ago' as DuckDB writes an interval; None for what is no age or an open one."""
    words = " ".join(text.split()).lower()
    if words in _AGES_IN_WORDS:
        return _AGES_IN_WORDS[words]
    parts = _AGE.fullmatch(words)
    unit = _UNIT_OF.get(parts["unit"]) if parts else None
    if parts is None or unit is None:
        return None
    return f"{1 if parts['number'].startswith('a') else parts['number']} {unit}"


_LOCAL_DAY = r"'^\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?:,?\s+(.*\S))?\s*$'"
_HAS_ZONE = r"'(?i)[:T]\d{2}.*(?:Z|[+-]\d{2}(?::?\d{2})?|\s[A-Z]{2,4}|[A-Z]/[A-Z_/]+)\s*$'"
_HAS_HALF_OF_DAY = r"'(?i)[ap]m\s*$'"


def _numbered_day(name: str, day: int, month: int) -> str:
    """A macro that writes 10/11/2025 as DuckDB's cast reads it, whatever follows the day."""
    parts = f"regexp_extract(given::varchar, {_LOCAL_DAY}, ['first', 'second', 'year', 'clock'])"
    first, second = ("part.second", "part.first") if (day, month) == (1, 2) else ("part.first", "part.second")
    return f"""
create or replace temp macro {name}(given) as list_transform([{parts}], lambda part:
    case when part.year = '' then given::varchar else trim(concat(
        right('20' || part.year, 4), '-', lpad({first}, 2, '0'), '-', lpad({second}, 2, '0'), ' ', part.clock
    )) end)[1];"""


MACROS = rf"""
-- DuckDB takes any letters after a time for a zone of its choice: BST is Bangladesh, not Britain.
create or replace temp macro utc_time(given) as coalesce(
    case
        when not regexp_matches(given, '[A-Za-z]\s*$') or regexp_matches(given, '\d[Zz]$|[a-z]/[A-Za-z_]+$')
        then try_cast(given as timestamptz) at time zone 'UTC'
    end,
    _read_time(given)
);

create or replace temp macro utc_day(given) as strftime(utc_time(given::varchar), '%Y-%m-%d');

create or replace temp macro time_before(given, seen) as utc_time(seen::varchar) - _read_age(given)::interval;

create or replace temp macro ago(given, seen) as coalesce(time_before(given, seen)::varchar, given::varchar);

create or replace temp macro local_time(given, zone) as
    case
        when regexp_matches(given::varchar, {_HAS_ZONE}) and not regexp_matches(given::varchar, {_HAS_HALF_OF_DAY})
        then given::varchar
        else coalesce(timezone(zone, utc_time(given::varchar))::varchar, given::varchar)
    end;

create or replace temp macro epoch_s_time(given) as
    case
        when abs(try_cast(given as double)) >= 1e8 and abs(try_cast(given as double)) < 1e11
        then make_timestamp((try_cast(given as double) * 1000000)::bigint)::varchar
        when try_cast(given as double) is not null then given::varchar || ' as seconds'
        else given::varchar
    end;

create or replace temp macro epoch_ms_time(given) as
    case
        when abs(try_cast(given as double)) >= 1e11 and abs(try_cast(given as double)) < 1e14
        then make_timestamp((try_cast(given as double) * 1000)::bigint)::varchar
        when try_cast(given as double) is not null then given::varchar || ' as milliseconds'
        else given::varchar
    end;

create or replace temp macro snowflake_time(id) as
    case
        when try_cast(id as bigint) >= 0
        then make_timestamp(((try_cast(id as bigint) >> 22) + 1288834974657) * 1000)::varchar
        else id::varchar
    end;

create or replace temp macro latest_time(first_time, second_time) as
    case
        when trim(first_time::varchar) <> '' and utc_time(first_time::varchar) is null then first_time::varchar
        when trim(second_time::varchar) <> '' and utc_time(second_time::varchar) is null then second_time::varchar
        else greatest(utc_time(first_time::varchar), utc_time(second_time::varchar))::varchar
    end;
{_numbered_day("day_first", 1, 2)}
{_numbered_day("month_first", 2, 1)}
"""


def register_times(connection: duckdb.DuckDBPyConnection) -> None:
    """The functions behind the macros: batches of texts in, batches of times or intervals out."""

    def times(texts: pa.ChunkedArray) -> pa.Array:
        return pa.array([read_time(text) if text else None for text in texts.to_pylist()], pa.timestamp("us"))

    def ages(texts: pa.ChunkedArray) -> pa.Array:
        return pa.array([read_age(text) if text else None for text in texts.to_pylist()], pa.string())

    connection.create_function("_read_time", times, ["VARCHAR"], "TIMESTAMP", type=ARROW, null_handling=SPECIAL)
    connection.create_function("_read_age", ages, ["VARCHAR"], "VARCHAR", type=ARROW, null_handling=SPECIAL)
