"""Judging a file's rows: evaluate the mapping, cast to the contract, split by the first failing rule, count."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

import duckdb

from dagster_project.sources.contracts import Table
from dagster_project.sources.errors import SourceError
from dagster_project.sources.files.locate import SourceFile
from dagster_project.sources.files.opened import open_file, unreadable
from dagster_project.sources.mapping.model import FileGroup
from dagster_project.sources.validation.expressions import (
    absent_columns,
    absent_message,
    explain_failure,
    expression_types,
)
from dagster_project.sources.validation.month_files import message_sql, write_accepted, write_rejects
from dagster_project.sources.validation.rules import (
    PROBLEM_COLUMN,
    RECORD_COLUMN,
    ROW_NUMBER,
    Rule,
    given,
    given_sql,
    latest_sql,
    moment_sql,
    seen_sql,
    table_rules,
    typed,
    typed_sql,
    vocabularies_of,
)
from dagster_project.storage.sql import identifier
from dagster_project.storage.workspace import Workspace


def why_no_month(connection: duckdb.DuckDBPyConnection, rules: list[Rule], field: str) -> str:
    """What is wrong with most values of `field` in `judged_rows`, with one of them, for the end of an error's text."""
    numbers = [number for number, rule in enumerate(rules) if rule.field == field]
    found = connection.execute(
        f"""
        select first(said order by source_row), count(*), min(source_row)
        from (
            select {message_sql(rules)} as said, source_row, regexp_replace(said, '''.*''', '') as kind
            from judged_rows
            where list_contains($numbers, rule_number)
        )
        group by kind
        order by count(*) desc, min(source_row)
        limit 1
        """,
        {"numbers": numbers},
    ).fetchone()
    if found is None:
        return f"every row was rejected before its {field} was looked at; see the columns before it in the mapping"
    said, count, row = found
    return f"{said} (row {row}, and so in {count:,} rows)"


_SHOWN_VALUE_LENGTH = 200


@dataclass(frozen=True)
class Session:
    """One load of a feed: `now` is UTC without a zone, `vocabularies` by name, `staged` receives the files.

    `log` is told what a person should know of a file that is read all the same; `types` are those of expressions over
    columns that some file had.
    """

    connection: duckdb.DuckDBPyConnection
    vocabularies: dict[str, list[str]]
    now: datetime
    history_start: date
    staged: Workspace
    log: Callable[[str], None]
    types: dict[tuple[object, ...], dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Rows:
    """Rows to judge, and what they are labelled with.

    `query` selects `__source_row`, `__problem`, `__record` and `columns`; see `files.opened.OpenedFile`.
    """

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
    """What became of the rows: counts by month, `accepted` and `rejected`, and reject reasons.

    `undated` is the part of `rejected` whose month cannot be known; `before_history` are rows older than the history,
    which no month holds.
    """

    columns: dict[str, str]
    accepted: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    undated: Counter[str] = field(default_factory=Counter)
    before_history: int = 0
    reasons_by_month: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    @property
    def rows_read(self) -> int:
        return self.accepted.total() + self.rejected.total() + self.before_history


def judge_rows(session: Session, rows: Rows, group: FileGroup, table: Table) -> RowCounts:
    """Writes accepted and rejected rows below `session.staged`, a file a month, and counts them."""
    connection = session.connection
    vocabularies = vocabularies_of(table, session.vocabularies)
    for name, values in vocabularies.items():
        connection.execute(f"set variable {identifier(name)} = ?", [values])
    rules = table_rules(table, list(group.columns), session.now, session.history_start)
    schema = table.name, *group.columns.items(), *rows.columns.items()
    if (types := session.types.get(schema)) is None:
        types = session.types[schema] = expression_types(connection, rows.source_file, group, table, rows.columns)
    connection.execute(_judging_sql(session, rows, group, table, types, rules))
    counts = _count(connection, rows, table, rules)
    labels = {"source_file": rows.source_file, "load_id": rows.load_id}
    write_accepted(connection, table, labels, sorted(counts.accepted), session.staged)
    labels["load_id"] = rows.reject_load_id
    write_rejects(connection, table, labels, rules, vocabularies, sorted(counts.rejected), session.staged)
    connection.execute("drop table judged_rows")
    return counts


def _judging_sql(
    session: Session, rows: Rows, group: FileGroup, table: Table, types: dict[str, str], rules: list[Rule]
) -> str:
    """The table `judged_rows`, a row a row.

    Contract columns, row_month (NULL for a date that is none of the history), is_before_history, rule_number,
    rejected_value, raw_row.
    """
    provided = [column for column in table.columns if column.name in group.columns]
    givens = [f"{given_sql(c, group.columns[c.name], types[c.name])} as {given(c.name)}" for c in provided]
    typeds = [f"{typed_sql(c, types[c.name], seen_sql(table, c, types))} as {typed(c.name)}" for c in provided]
    first_failed = " ".join(f"when {rule.condition} then {number}" for number, rule in enumerate(rules))
    values = " ".join(f"when {number} then {rule.value}" for number, rule in enumerate(rules))
    raw = ", ".join(f"{identifier(name)} := {identifier(name)}" for name in rows.columns)
    raw_row = f"case when {PROBLEM_COLUMN} is null then to_json(struct_pack({raw})) else to_json({RECORD_COLUMN}) end"
    moment = typed(table.month_field)
    is_before = f"coalesce({moment} < {moment_sql(session.history_start)}, false)"
    return f"""
        create or replace temp table judged_rows as
        with source_rows as ({rows.query}),
        given_rows as (select *, {", ".join(givens)} from source_rows),
        typed_rows as (select *, {", ".join(typeds)} from given_rows),
        ruled_rows as (select *, (case {first_failed} end)::usmallint as rule_number from typed_rows)
        select
            {ROW_NUMBER} as source_row,
            {_contract_columns(table, set(group.columns))},
            case
                when not {is_before} and {moment} <= {latest_sql(session.now)} then strftime({moment}, '%Y-%m')
            end as row_month,
            {is_before} as is_before_history,
            rule_number,
            left(case rule_number {values} end, {_SHOWN_VALUE_LENGTH}) as rejected_value,
            case when rule_number is not null then ({raw_row})::varchar end as raw_row
        from ruled_rows
    """


def _contract_columns(table: Table, provided: set[str]) -> str:
    """The columns of the contract; one that the mapping does not provide is a typed NULL or its stand-in."""
    selected = []
    for column in table.columns:
        source = typed(column.name) if column.name in provided else f"null::{column.sql_type}"
        if column.default_field is not None:
            source = f"coalesce({source}, {typed(column.default_field)})"
        if column.default_sql is not None:
            others = {name: typed(name) if name in provided else "null" for name in table.column_names}
            source = f"coalesce({source}, {column.default_sql.format_map(others)})"
        selected.append(f"{source} as {identifier(column.name)}")
    return ", ".join(selected)


def _count(connection: duckdb.DuckDBPyConnection, rows: Rows, table: Table, rules: list[Rule]) -> RowCounts:
    """Counts by month; rows whose month cannot be known are counted where most rows of the file are."""
    query = """
        select row_month, rule_number, count(*) from judged_rows where not is_before_history group by all order by all
    """
    found: list[tuple[str | None, int | None, int]] = connection.execute(query).fetchall()
    [(before,)] = connection.execute("select count(*) from judged_rows where is_before_history").fetchall()
    counts = RowCounts(rows.columns, before_history=before)
    if not found:
        return counts
    main_month = rows.main_month or _main_month(found)
    if main_month is None:
        raise SourceError(
            f"{rows.source_file}: no row has a usable {table.month_field}: "
            f"{why_no_month(connection, rules, table.month_field)}"
        )
    dated = "row_month is null and not is_before_history"
    connection.execute(f"update judged_rows set row_month = ? where {dated}", [main_month])
    for month, rule_number, count in found:
        if rule_number is None:
            counts.accepted[month or main_month] += count
        else:
            counts.rejected[month or main_month] += count
            counts.reasons_by_month[month or main_month][rules[rule_number].reason] += count
            counts.undated[month or main_month] += count if month is None else 0
    return counts


def _main_month(counts: list[tuple[str | None, int | None, int]]) -> str | None:
    by_month: Counter[str] = Counter()
    for month, _, count in counts:
        if month is not None:
            by_month[month] += count
    return by_month.most_common(1)[0][0] if by_month else None


def read_file(session: Session, file: SourceFile, group: FileGroup, table: Table) -> RowCounts:
    """Writes the file's rows below `session.staged` and counts them.

    Raises SourceError for a file that cannot be read to its end, a column it lacks, an expression that fails, and for
    rows that differ in number from the file's records.
    """
    connection = session.connection
    opened = open_file(connection, file, group, session.staged.root / "records")
    if opened.note:
        session.log(opened.note)
    if opened.lacks_schema:
        absent = absent_columns(connection, group, table, opened.columns)
        for name in absent:
            session.log(absent_message(file.name, name, opened.columns))
        opened = opened.with_empty(absent)
    rows = Rows(opened.query, opened.columns, file.name, load_id=file.load_id, reject_load_id=file.load_id)
    try:
        counts = judge_rows(session, rows, group, table)
    except duckdb.Error as error:
        failure = explain_failure(connection, file, group, opened.query)
        raise failure or unreadable(file, group, error) from error
    if counts.rows_read != opened.counted:
        raise SourceError(
            f"{file.name}: {opened.counted:,} records in the file, but {counts.rows_read:,} rows read; "
            "nothing was loaded"
        )
    return counts
