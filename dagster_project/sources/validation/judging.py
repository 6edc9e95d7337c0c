"""Judging a file's rows: evaluate the mapping, cast to the contract, split by the first failing rule, count."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

import duckdb

from dagster_project.sources.contracts import HISTORY_START, Table
from dagster_project.sources.errors import SourceError
from dagster_project.sources.files.formats import read_columns, relation, unreadable
from dagster_project.sources.files.locate import SourceFile
from dagster_project.sources.mapping.model import FileGroup
from dagster_project.sources.validation.expressions import explain_failure, expression_types
from dagster_project.sources.validation.month_files import write_accepted, write_rejects
from dagster_project.sources.validation.rules import (
    ROW_NUMBER,
    Rule,
    given,
    given_sql,
    seen_sql,
    table_rules,
    typed,
    typed_sql,
    vocabularies_of,
)
from dagster_project.sources.validation.unusable import why_no_month
from dagster_project.storage.sql import identifier, literal
from dagster_project.storage.workspace import Workspace

_SHOWN_VALUE_LENGTH = 200


@dataclass(frozen=True)
class Session:
    """One load of a feed: `now` is UTC without a zone, `vocabularies` by name, `staged` receives the files."""

    connection: duckdb.DuckDBPyConnection
    vocabularies: dict[str, list[str]]
    now: datetime
    staged: Workspace


@dataclass(frozen=True)
class Rows:
    """Rows to judge: a select statement of `__source_row` and `columns`, and what they are labelled with."""

    query: str
    columns: dict[str, str]
    source_file: str
    load_id: str
    reject_load_id: str
    """The load that the rows which are (still) rejected belong to."""
    main_month: str | None = None
    """The month of rows without a usable date; None takes the month that most rows have."""


@dataclass
class RowCounts:
    """What became of the rows: counts by month, `accepted` and `rejected`, and reject reasons."""

    columns: dict[str, str]
    accepted: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    reasons_by_month: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    @property
    def rows_read(self) -> int:
        return self.accepted.total() + self.rejected.total()


def judge_rows(session: Session, rows: Rows, group: FileGroup, table: Table) -> RowCounts:
    """Writes accepted and rejected rows below `session.staged`, a file a month, and counts them."""
    connection = session.connection
    vocabularies = vocabularies_of(table, session.vocabularies)
    for name, values in vocabularies.items():
        connection.execute(f"set variable {identifier(name)} = ?", [values])
    rules = table_rules(table, list(group.columns), session.now)
    types = expression_types(connection, rows.source_file, group, table, rows.columns)
    connection.execute(_judging_sql(rows, group, table, types, rules, session.now))
    counts = _count(connection, rows, table, rules)
    labels = {"source_file": rows.source_file, "load_id": rows.load_id}
    write_accepted(connection, table, labels, sorted(counts.accepted), session.staged)
    labels["load_id"] = rows.reject_load_id
    write_rejects(connection, table, labels, rules, vocabularies, sorted(counts.rejected), session.staged)
    connection.execute("drop table judged_rows")
    return counts


def _judging_sql(
    rows: Rows, group: FileGroup, table: Table, types: dict[str, str], rules: list[Rule], now: datetime
) -> str:
    """The table `judged_rows`: contract columns, row_month, rule_number, rejected_value, raw_row; a row a row."""
    provided = [column for column in table.columns if column.name in group.columns]
    givens = [f"{given_sql(c, group.columns[c.name], types[c.name])} as {given(c.name)}" for c in provided]
    typeds = [f"{typed_sql(c, types[c.name], seen_sql(table, c, types))} as {typed(c.name)}" for c in provided]
    first_failed = " ".join(f"when {rule.condition} then {number}" for number, rule in enumerate(rules))
    values = " ".join(f"when {number} then {given(rule.field)}::varchar" for number, rule in enumerate(rules))
    raw = ", ".join(f"{identifier(name)} := {identifier(name)}" for name in rows.columns)
    return f"""
        create or replace temp table judged_rows as
        with source_rows as ({rows.query}),
        given_rows as (select *, {", ".join(givens)} from source_rows),
        typed_rows as (select *, {", ".join(typeds)} from given_rows),
        ruled_rows as (select *, (case {first_failed} end)::usmallint as rule_number from typed_rows)
        select
            {ROW_NUMBER} as source_row,
            {_contract_columns(table, set(group.columns))},
            {_month_sql(table, now)} as row_month,
            rule_number,
            left(case rule_number {values} end, {_SHOWN_VALUE_LENGTH}) as rejected_value,
            case when rule_number is not null then to_json(struct_pack({raw}))::varchar end as raw_row
        from ruled_rows
    """


def _month_sql(table: Table, now: datetime) -> str:
    """The month of a row, or NULL where its date is no date of the history."""
    moment = typed(table.month_field)
    earliest = f"{literal(str(HISTORY_START))}::timestamp"
    latest = f"{literal(now.isoformat(sep=' '))}::timestamp + interval 1 day"
    return f"case when {moment} between {earliest} and {latest} then strftime({moment}, '%Y-%m') end"


def _contract_columns(table: Table, provided: set[str]) -> str:
    """The columns of the contract; one that the mapping does not provide is a typed NULL or its stand-in."""
    selected = []
    for column in table.columns:
        source = typed(column.name) if column.name in provided else f"null::{column.sql_type}"
        if column.default_field is not None:
            source = f"coalesce({source}, {typed(column.default_field)})"
        selected.append(f"{source} as {identifier(column.name)}")
    return ", ".join(selected)


def _count(connection: duckdb.DuckDBPyConnection, rows: Rows, table: Table, rules: list[Rule]) -> RowCounts:
    """Counts by month; rows whose month cannot be known are counted where most rows of the file are."""
    query = "select row_month, rule_number, count(*) from judged_rows group by all order by all"
    found: list[tuple[str | None, int | None, int]] = connection.execute(query).fetchall()
    counts = RowCounts(rows.columns)
    if not found:
        return counts
    main_month = rows.main_month or _main_month(found)
    if main_month is None:
        raise SourceError(
            f"{rows.source_file}: no row has a usable {table.month_field}: "
            f"{why_no_month(connection, rules, table.month_field)}"
        )
    connection.execute("update judged_rows set row_month = ? where row_month is null", [main_month])
    for month, rule_number, count in found:
        if rule_number is None:
            counts.accepted[month or main_month] += count
        else:
            counts.rejected[month or main_month] += count
            counts.reasons_by_month[month or main_month][rules[rule_number].reason] += count
    return counts


def _main_month(counts: list[tuple[str | None, int | None, int]]) -> str | None:
    by_month: Counter[str] = Counter()
    for month, _, count in counts:
        if month is not None:
            by_month[month] += count
    return by_month.most_common(1)[0][0] if by_month else None


def read_file(session: Session, file: SourceFile, group: FileGroup, table: Table) -> RowCounts:
    """Writes the file's rows below `session.staged` and counts them.

    Raises SourceError for a file that cannot be read to its end, a column it lacks, an expression that fails.
    """
    columns = read_columns(session.connection, file, group)
    source = relation(file, group, columns)
    numbered = f"select row_number() over () as {ROW_NUMBER}, * from ({source})"
    rows = Rows(numbered, columns, file.name, load_id=file.load_id, reject_load_id=file.load_id)
    try:
        return judge_rows(session, rows, group, table)
    except duckdb.Error as error:
        _require_readable(session.connection, file, group, source)
        failure = explain_failure(session.connection, file, group, source)
        raise failure or unreadable(file, group, error) from error


def _require_readable(connection: duckdb.DuckDBPyConnection, file: SourceFile, group: FileGroup, source: str) -> None:
    try:
        connection.execute(f"select count(columns(*)) from ({source})")
    except duckdb.Error as error:
        raise unreadable(file, group, error) from error
