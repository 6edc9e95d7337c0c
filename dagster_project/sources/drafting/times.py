"""How a column's times are read: by the reader as they are, as numbers, by a format, or as ages in words."""

import re
from dataclasses import dataclass

import duckdb

from dagster_project.sources.contracts import JOB_POSTS
from dagster_project.sources.drafting.export_columns import ExportColumn
from dagster_project.sources.drafting.names import words
from dagster_project.sources.validation.rules import given, given_sql, typed_sql
from dagster_project.storage.sql import literal

_ENOUGH = 0.9
_VALUES_TRIED = 500
_DAYS = ("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y", "%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%Y%m%d")
_DAYS_IN_WORDS = (
    *("%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y", "%a %b %d %Y", "%a, %d %b %Y"),
    *("%A, %B %d, %Y", "%A, %d %B %Y", "%b %d %Y", "%B %d %Y", "%Y/%m/%d", "%Y.%m.%d", "%Y-%m-%d"),
)
_CLOCKS = (
    *("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", ", %H:%M", ", %H:%M:%S", ", %I:%M %p", " at %I:%M %p"),
    *(" %H:%M:%S %z", " %H:%M %z", "T%H:%M:%S"),
)
_FORMATS = [f"{day}{clock}" for day in (*_DAYS, *_DAYS_IN_WORDS) for clock in _CLOCKS]
_OTHER_READING = {"%d/%m": "%m/%d", "%m/%d": "%d/%m", "%d-%m": "%m-%d", "%m-%d": "%d-%m"}
_NUMBER = r"\d+(?:\.\d+)?(?:e\+\d+)?"
_EPOCHS = ((1e9, "epoch_s_time({})"), (1e12, "epoch_ms_time({})"), (1e15, "epoch_ms_time({} / 1000)"))
"""Smallest value of the unit, about 2001, and the expression; a thousand times that is another unit."""
_AGE = re.compile(
    r"(?i)\s*(?:posted |hace |il y a |vor |renewed )?"
    r"(?:(?:an?|one|a few|last|\d+\+?)\s*(?:s|sec|min|minute|hour|hr|h|day|d|week|wk|w|month|mo|year|y|minuto|hora|dia|"
    r"día|semana|mes|jour|heure|stunde|tag|woche|monat)\w*\s*(?:ago)?"
    r"|yesterday|today|just now|last (?:week|month|year)|hoy|ayer|gestern|heute)\s*"
)
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
    sample = column.filled[:_VALUES_TRIED]
    if not sample or column.mean_length > 60:
        return None
    if column.sql_type.startswith(("TIMESTAMP", "DATE")):
        return TimeReading(column.sql, 1.0)
    if column.share(_NUMBER) > _ENOUGH:
        return _epoch(column) or _formatted(connection, column, sample)
    if column.share(r"\D*") == 1 and not column.share(_AGE.pattern) > _ENOUGH:
        return None
    as_it_is = _share_read(connection, sample)
    if as_it_is > _ENOUGH:
        return TimeReading(column.sql, as_it_is)
    return _formatted(connection, column, sample) or _age(column)


def snowflake_time(column: ExportColumn) -> str | None:
    """The time inside an id of 18 or 19 digits, as some marketplaces give it, alone or in a link."""
    if column.share(_SNOWFLAKE) > _ENOUGH:
        return f"snowflake_time({column.sql})"
    if column.is_link and column.share(rf"(?s).*~02{_SNOWFLAKE}(?:\D.*)?") > _ENOUGH:
        return f"snowflake_time(regexp_extract({column.sql}, '~02(\\d+)', 1))"
    return None


def _share_read(connection: duckdb.DuckDBPyConnection, sample: list[str]) -> float:
    """The share that the reader itself takes for a time of these years."""
    posted_at = JOB_POSTS.column("posted_at")
    value = typed_sql(posted_at, "VARCHAR")
    query = f"""
        select count(*) filter (where year({value}) between 1995 and 2100) / count(*)
        from (select {given_sql(posted_at, "text", "VARCHAR")} as {given("posted_at")} from unnest(?) as texts (text))
    """
    row = connection.execute(query, [sample]).fetchone()
    return float(row[0]) if row else 0.0


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
    """The format with most values; where two readings of day and month fit, the one with the shorter span of time."""
    tries = ", ".join(f"try_strptime(trim(text), {literal(text_format)})" for text_format in _FORMATS)
    query = f"""
        select number, count(time) / count(*), max(epoch(time)) - min(epoch(time))
        from (select unnest([{tries}]::timestamptz[]) as time, generate_subscripts([{tries}], 1) as number
              from unnest(?) as texts (text))
        where time is null or year(time) between 1995 and 2100
        group by number
    """
    try:
        found = {
            _FORMATS[number - 1]: (share, span)
            for number, share, span in connection.execute(query, [sample]).fetchall()
        }
    except duckdb.Error:
        return None
    good = {text_format: figures for text_format, figures in found.items() if figures[0] > _ENOUGH}
    if not good:
        return None
    chosen = min(
        good, key=lambda text_format: (-good[text_format][0], good[text_format][1], _FORMATS.index(text_format))
    )
    doubts = []
    other = _OTHER_READING.get(chosen[:5])
    if other and other + chosen[5:] in good:
        doubts.append(f"day and month could be the other way round: {other}{chosen[5:]} reads all values too")
    # a text that is not read stays as it came, so that its reject can show it
    expression = f"coalesce(try_strptime({column.sql}, {literal(chosen)})::varchar, {column.sql})"
    return TimeReading(expression, good[chosen][0], tuple(doubts))


def _age(column: ExportColumn) -> TimeReading | None:
    share = column.share(_AGE.pattern)
    return TimeReading(column.sql, share, is_age=True) if share > _ENOUGH else None


def is_later_state(column: ExportColumn) -> bool:
    """Whether a name speaks of a change rather than of the first publication."""
    return bool({"updated", "modified", "renewed"} & set(words(column.name)))
