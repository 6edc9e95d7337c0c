"""How a column's times are read: as they are, as numbers, day or month first, by a format, or as ages in words."""

import re
from dataclasses import dataclass

import duckdb

from dagster_project.sources.contracts import JOB_POSTS
from dagster_project.sources.drafting.export_columns import ExportColumn, words
from dagster_project.sources.validation.rules import given, given_sql, typed_sql
from dagster_project.sources.values.times import read_age
from dagster_project.storage.sql import literal

_ENOUGH = 0.9
_VALUES_TRIED = 500
_LONGEST = 60
_BY_PLACE = ("day_first", "month_first")
_FORMATS = ("%Y.%m.%d", "%a %b %d %Y", "%Y-%m-%d %I:%M:%S %p")
"""What neither the reader nor its macros take for a time."""
_NUMBER = r"\d+(?:\.\d+)?(?:e\+\d+)?"
_EPOCHS = (
    (1e9, "epoch_s_time({})"),
    (1e12, "epoch_ms_time({})"),
    (1e15, "epoch_ms_time(try_cast({} as double) / 1000)"),
)
"""Smallest value of the unit, about 2001, and the expression; a thousand times that is another unit."""
_SNOWFLAKE = r"\d{18,19}"


@dataclass(frozen=True)
class TimeReading:
    """`share` of the filled values that it understands, 0..1; `is_age` needs the time of looking as well."""

    expression: str
    share: float
    doubts: tuple[str, ...] = ()
    is_age: bool = False


def read_time(connection: duckdb.DuckDBPyConnection, column: ExportColumn) -> TimeReading | None:
    """The reading that understands most of a column; None where the column is no time."""
    if column.sql_type.startswith(("TIMESTAMP", "DATE")):
        return TimeReading(column.sql, 1.0)
    sample = column.filled[:_VALUES_TRIED]
    if not sample or column.mean_length > _LONGEST:
        return None
    if column.share(_NUMBER) > _ENOUGH and (epoch := _epoch(column)):
        return epoch
    if is_age(column):
        return TimeReading(column.sql, 1.0, is_age=True)
    if not any(character.isdigit() for value in sample for character in value):
        return None
    as_it_is = _tried(connection, sample, "text").share
    if as_it_is > _ENOUGH:
        return TimeReading(column.sql, as_it_is)
    return _by_place(connection, column, sample) or _formatted(connection, column, sample)


def snowflake_time(column: ExportColumn) -> str | None:
    """The time inside an id of 18 or 19 digits, as some marketplaces give it, alone or in a link."""
    if column.share(_SNOWFLAKE) > _ENOUGH:
        return f"snowflake_time({column.sql})"
    if column.is_link and column.share(rf"(?s).*~02{_SNOWFLAKE}(?:\D.*)?") > _ENOUGH:
        return f"snowflake_time(regexp_extract({column.sql}, '~02(\\d+)', 1))"
    return None


@dataclass(frozen=True)
class _Tried:
    share: float
    span: float
    """Seconds from the first to the last."""


def _tried(connection: duckdb.DuckDBPyConnection, sample: list[str], expression: str) -> _Tried:
    """What the reader itself makes of an expression over `text`: times of these years count."""
    posted_at = JOB_POSTS.column("posted_at")
    row = connection.execute(
        f"""
        select count(time) / ?, max(epoch(time)) - min(epoch(time))
        from (
            select {typed_sql(posted_at, "VARCHAR")} as time
            from (
                select {given_sql(posted_at, f"({expression})::varchar", "VARCHAR")} as {given("posted_at")}
                from unnest(?) as texts (text)
            )
        )
        where year(time) between 1995 and 2100
        """,
        [len(sample), sample],
    ).fetchone()
    return _Tried(row[0] or 0.0, row[1] or 0.0) if row else _Tried(0.0, 0.0)


def _by_place(connection: duckdb.DuckDBPyConnection, column: ExportColumn, sample: list[str]) -> TimeReading | None:
    """10/11/2025: by the macro that reads all; where both do, by the one that gives the shorter span of time."""
    tried = {macro: _tried(connection, sample, f"{macro}(text)") for macro in _BY_PLACE}
    good = sorted((macro for macro in tried if tried[macro].share > _ENOUGH), key=lambda macro: tried[macro].span)
    if not good:
        return None
    alike = len(good) > 1 and tried[good[0]].share == tried[good[1]].share
    chosen = good[0] if alike else max(good, key=lambda macro: tried[macro].share)
    doubts = (f"day and month could be the other way round: {good[1]} reads all values too",) if alike else ()
    return TimeReading(f"{chosen}({column.sql})", tried[chosen].share, doubts)


def _epoch(column: ExportColumn) -> TimeReading | None:
    numbers = [float(value) for value in column.filled if re.fullmatch(_NUMBER, value)]
    for smallest, expression in _EPOCHS:
        inside = sum(1 for number in numbers if smallest <= number < 2.5 * smallest)
        if inside > _ENOUGH * len(column.filled):
            doubts = (
                () if inside == len(column.filled) else (f"{len(column.filled) - inside} values are of another unit",)
            )
            return TimeReading(expression.format(column.sql), inside / len(column.filled), doubts)
    return None


def _formatted(connection: duckdb.DuckDBPyConnection, column: ExportColumn, sample: list[str]) -> TimeReading | None:
    """The first format that reads the values; a text that is not read stays as it came, so that its reject shows it."""
    for text_format in _FORMATS:
        pattern = "coalesce(try_strptime({0}, {1})::varchar, {0})"
        share = _tried(connection, sample, pattern.format("text", literal(text_format))).share
        if share > _ENOUGH:
            return TimeReading(pattern.format(column.sql, literal(text_format)), share)
    return None


def is_age(column: ExportColumn) -> bool:
    """Whether the values are ages in words, such as '3 days ago'."""
    sample = column.filled[:_VALUES_TRIED]
    return sum(1 for value in sample if read_age(value)) > _ENOUGH * len(sample)


def is_later_state(column: ExportColumn) -> bool:
    """Whether a name speaks of a change rather than of the first publication."""
    return bool({"updated", "modified", "renewed"} & set(words(column.name)))
