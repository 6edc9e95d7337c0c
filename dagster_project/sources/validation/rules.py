"""The rules of a row as SQL: how a value becomes the contract's type, what fails, what the mapping can do."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from dagster_project.sources.contracts import Column, Table
from dagster_project.sources.errors import SourceError
from dagster_project.sources.files.records import PROBLEM, RECORD, SOURCE_ROW
from dagster_project.storage.sql import identifier, literal
from dagster_project.storage.workspace import SEEDS

_SECONDS, _MILLISECONDS = r"^\s*-?\d{9,10}(\.\d+)?( as milliseconds)?\s*$", r"^\s*-?\d{12,13}(\.\d+)?( as seconds)?\s*$"
_FINER = r"^\s*-?\d{15,19}(\.\d+)?( as (milli)?seconds)?\s*$"

_TIMES = (
    (_SECONDS, "looks like seconds since 1970: read it by epoch_s_time(...) in the mapping"),
    (_MILLISECONDS, "looks like milliseconds since 1970: read it by epoch_ms_time(...) in the mapping"),
    (_FINER, "looks like micro- or nanoseconds since 1970: divide it in the mapping, then epoch_s_time(...)"),
    (r"(?i)\d\s*\+.*\bago\b", "is no exact age: such a row has no time; map another column"),
    (
        r"(?i)\b(ago|yesterday|today|now|last (week|month|year))\b",
        "looks like an age in words: map observed_at, the time at which it was seen, or write "
        "ago(column, seen) in the mapping; units are seconds to years",
    ),
    (
        r"^\s*\d{1,2}[./-]\d{1,2}[./-](\d{4}|\d{2})\b",
        "does not say whether day or month comes first: write day_first(...) or month_first(...) in the mapping",
    ),
    (
        r"\d\s+[A-Za-z]{2,5}\s*$",
        "ends in letters that several time zones share: replace them by an offset such as +01:00, or cut them off "
        "and write local_time(column, 'Europe/London') in the mapping",
    ),
    (r"^\s*\d{4}(-?W?\d{2})?\s*$", "names no day: write one into the mapping's expression, such as column || '-01'"),
)
_AMOUNTS = (
    (
        r"\(.* or .*\)$",
        "can be read in two ways: correct it in the source, or say which sign is decimal in the mapping, "
        "money(..., decimal_sign := '.') or ','",
    ),
    (r"\(in .*\)$", "names another currency than its column: correct it in the source, or fix the mapping and replay"),
    (
        r"\d",
        "cannot be read as one amount: money(column) in the mapping understands signs, separators, ranges and K or M; "
        "else correct it in the source, or fix the mapping and replay",
    ),
)
_LISTS = (
    (
        r"[{]",
        "holds objects without a name, label, prefLabel, title, skill or value (keys seen: {keys}): write an "
        "expression that takes the text out of them, or fix the source",
    ),
    (
        r"[^\s\[]",
        "is no list: split_list(column) in the mapping parts a text at bars, semicolons, line ends or commas",
    ),
)


def hints(sql_type: str) -> tuple[tuple[str, str], ...]:
    """Patterns (RE2) of values of a contract's type that are not understood, the first that fits first, and the advice.

    The advice follows the quoted value in a message; it may hold {keys}, the keys of objects.
    """
    if sql_type in ("TIMESTAMP", "DATE"):
        return _TIMES
    if sql_type.startswith("DECIMAL(18,2)"):
        return _AMOUNTS
    return _LISTS if sql_type == "VARCHAR[]" else ()


ROW_NUMBER, PROBLEM_COLUMN, RECORD_COLUMN = identifier(SOURCE_ROW), identifier(PROBLEM), identifier(RECORD)
_SPACE = "' ' || chr(9) || chr(10) || chr(13) || chr(160)"
_REPAIR = "correct it in the source, or fix the mapping and replay"


@dataclass(frozen=True)
class Rule:
    """A row fails where the SQL `condition` is true; `message` may hold {value}, {nearest} and {problem}.

    hints: pairs of a pattern (RE2) that the value may match, and what is then said of it instead of the message.
    """

    field: str
    reason: str
    condition: str
    message: str
    vocabulary: str | None = None
    """Set where the nearest allowed value is to be named."""
    hints: tuple[tuple[str, str], ...] = ()

    @property
    def value(self) -> str:
        """What is named when a row fails, as SQL text."""
        return f"{given(self.field)}::varchar" if self.field else PROBLEM_COLUMN


UNREADABLE = Rule("", "unreadable", f"{PROBLEM_COLUMN} is not null", f"the record {{problem}}: {_REPAIR}")


def given(name: str) -> str:
    """The column that holds the mapping's expression, before any cast."""
    return identifier(f"__given_{name}")


def typed(name: str) -> str:
    """The column that holds the value in the contract's type, NULL where the cast failed."""
    return identifier(f"__typed_{name}")


def given_sql(column: Column, expression: str, sql_type: str) -> str:
    """The expression; text of anything but free text is trimmed and NULL when nothing is left."""
    if sql_type != "VARCHAR" or column.is_plain_text:
        return f"({expression})"
    return f"nullif(trim(({expression}), {_SPACE}), '')"


def typed_sql(column: Column, sql_type: str, seen: str | None = None) -> str:
    """The given value, of DuckDB type `sql_type`, in the contract's type; a time with an offset is brought to UTC.

    seen: SQL of the time against which an age in words is told. A day keeps the date that was written, whatever zone.
    """
    value = given(column.name)
    if column.sql_type == "TIMESTAMP" and sql_type == "VARCHAR":
        return f"utc_time({value})" if seen is None else f"coalesce(utc_time({value}), time_before({value}, {seen}))"
    if column.sql_type == "TIMESTAMP" and sql_type.startswith("TIMESTAMP WITH"):
        return f"({value} at time zone 'UTC')"
    if column.sql_type == "DATE" and sql_type == "VARCHAR":
        moment = f"utc_time({value})"
        return f"case when {moment} is not null then coalesce(try_cast({value} as date), {moment}::date) end"
    if column.sql_type == "VARCHAR[]":
        items = value if sql_type == "VARCHAR[]" else f"listed({value})"
        return f"names_of({items if sql_type.startswith('VARCHAR') else f'listed(to_json({value})::varchar)'})"
    return f"try_cast({value} as {column.sql_type})"


def seen_sql(table: Table, column: Column, provided: Iterable[str]) -> str | None:
    """The time against which an age in words is told: that of observation, for the time that stands in for it."""
    for observed in table.columns:
        if observed.default_field == column.name and observed.name in provided:
            return given(observed.name)
    return None


def table_rules(table: Table, provided: list[str], now: datetime, history_start: date) -> list[Rule]:
    """A record must be readable; then the rules of the provided columns in the order of the contract.

    `now` is UTC without a zone. A row whose own date lies before `history_start` breaks no rule: it is counted apart.
    """
    columns = [column for column in table.columns if column.name in provided]
    rules = [rule for column in columns for rule in _column_rules(column, now)]
    early = [_too_early(c, history_start) for c in columns if c.is_in_history and c.name != table.month_field]
    return [UNREADABLE, *rules, *early]


def _too_early(column: Column, history_start: date) -> Rule:
    message = f"{column.name} {{value}} lies before the history start, {history_start}: {_REPAIR}"
    return Rule(column.name, "out_of_range", f"{typed(column.name)} < {moment_sql(history_start)}", message)


def moment_sql(moment: date | datetime) -> str:
    """A date or a moment of UTC as SQL."""
    return f"{literal(moment.isoformat())}::timestamp"


def _column_rules(column: Column, now: datetime) -> list[Rule]:
    name, value = column.name, typed(column.name)
    rules = []
    if column.is_required:
        empty = f"{given(name)} is null"
        if column.sql_type == "VARCHAR":
            empty += f" or trim({given(name)}::varchar, {_SPACE}) = ''"
        rules.append(Rule(name, "missing", empty, f"{name} is required and came empty: {_REPAIR}"))
    if column.sql_type != "VARCHAR":
        unparsable = f"{given(name)} is not null and {value} is null"
        message = f"{name} {{value}} cannot be read as {column.sql_type}: {_REPAIR}"
        rules.append(Rule(name, "unparsable", unparsable, message, hints=hints(column.sql_type)))
    return rules + _range_rules(column, now) + _vocabulary_rules(column)


def _range_rules(column: Column, now: datetime) -> list[Rule]:
    name, value = column.name, typed(column.name)
    rules = []
    if column.minimum is not None:
        condition = f"{value} < {column.minimum}"
        message = f"{name} {{value}} is below {column.minimum}: {_REPAIR}"
        rules.append(Rule(name, "negative", condition, message))
    if column.is_above_zero:
        message = f"{name} {{value}} is not above 0: {_REPAIR}"
        rules.append(Rule(name, "out_of_range", f"{value} <= 0", message))
    if column.maximum is not None:
        message = f"{name} {{value}} is above {column.maximum}: {_REPAIR}"
        rules.append(Rule(name, "out_of_range", f"{value} > {column.maximum}", message))
    if column.is_in_history:
        message = f"{name} {{value}} is more than a day after loading on {now.date()}: {_REPAIR}"
        rules.append(Rule(name, "out_of_range", f"{value} > {latest_sql(now)}", message))
    if column.is_first_of_month:
        condition = f"day({value}) <> 1"
        message = f"{name} {{value}} is not the first day of a month: {_REPAIR}"
        rules.append(Rule(name, "out_of_range", condition, message))
    return rules


def latest_sql(now: datetime) -> str:
    """The latest moment that a date may have: one day after loading, as SQL."""
    return f"({moment_sql(now)} + interval 1 day)"


def _vocabulary_rules(column: Column) -> list[Rule]:
    name = column.name
    vocabulary = column.vocabulary or (name if column.allowed else None)
    if vocabulary is None:
        return []
    condition = f"not list_contains(getvariable({literal(vocabulary)}), {typed(name)})"
    reason = f"unknown_{column.vocabulary}" if column.vocabulary else "unknown_value"
    message = f"{name} {{value}} is not a known value, the nearest is {{nearest}}: {_REPAIR}"
    return [Rule(name, reason, condition, message, vocabulary)]


def vocabularies_of(table: Table, loaded: dict[str, list[str]]) -> dict[str, list[str]]:
    """The vocabularies that the rules of `table` name: those of the seeds and the contract's closed lists."""
    closed = {column.name: list(column.allowed) for column in table.columns if column.allowed}
    named = {column.vocabulary for column in table.columns if column.vocabulary}
    return closed | {name: loaded[name] for name in named}


_SEED_COLUMNS = {
    "category": ("categories.csv", "category"),
    "pulse_question": ("pulse_questions.csv", "question_id"),
    "study_question": ("study_questions.csv", "question_id"),
}


def load_vocabularies(seeds: Path = SEEDS) -> dict[str, list[str]]:
    """Allowed values by vocabulary name, sorted; every version of a renamed value counts."""
    return {name: _distinct(seeds / file, column) for name, (file, column) in _SEED_COLUMNS.items()}


def _distinct(path: Path, column: str) -> list[str]:
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            values = {row[column] for row in csv.DictReader(stream)}
    except FileNotFoundError as error:
        raise SourceError(f"{path}: the seed file is absent; restore it from the repository") from error
    except KeyError as error:
        raise SourceError(f"{path}: column {column!r} is absent") from error
    if not values:
        raise SourceError(f"{path}: no rows, so every value would be unknown")
    return sorted(values)
