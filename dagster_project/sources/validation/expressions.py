"""Binding a mapping's expressions to a file's columns before a row is read; a mistake is named by field.

DuckDB says as JSON at which byte of an expression it stopped and which name it did not find.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from dagster_project.sources.contracts import Column, Table
from dagster_project.sources.errors import SourceError, nearest
from dagster_project.sources.files.locate import SourceFile
from dagster_project.sources.mapping.model import FileGroup
from dagster_project.sources.validation.rules import given, given_sql, typed_sql
from dagster_project.storage.sql import identifier

_BEFORE, _AFTER = "describe select (\n", "\n) from source_columns"
_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_ENDINGS = (")", "'", "')", " end", "))")


ALIKE = 0.5
"""A column less like the missing one than this is not proposed for it."""
_NONE_ALIKE = "none is called alike, so that the file may be of another kind: then narrow the `files` of the group"


@dataclass(frozen=True)
class Complaint:
    """What DuckDB says of an expression: a sentence, the character it points at, the name it does not know."""

    message: str
    offset: int = 0
    name: str = ""
    is_column: bool = False
    endings: tuple[str, ...] = ()
    """What may be missing at the end."""


def explain_expression(
    connection: duckdb.DuckDBPyConnection,
    file_name: str,
    group: FileGroup,
    field: str,
    columns: dict[str, str],
    error: duckdb.Error,
) -> str:
    """The message for an expression that does not bind to `source_columns`, the file's columns: name -> type."""
    expression = group.columns[field]
    complaint = _complaint(connection, expression) or Complaint(str(error).splitlines()[0])
    place = group.expression_place(field, complaint.offset)
    if complaint.is_column:
        near = nearest(complaint.name, columns, ALIKE)
        said = (
            f"needs the column {complaint.name!r}, which {file_name} does not have; "
            f"{f'the nearest that exists is {near!r}' if near else _NONE_ALIKE} (columns: {', '.join(columns)})"
        )
    else:
        said = f"is wrong for {file_name}: {complaint.message}"
    line = _mended(connection, group, field, complaint, columns)
    return f"{place}: the expression for {field} ({expression!r}) {said}; correct the mapping{line}"


def _complaint(connection: duckdb.DuckDBPyConnection, expression: str) -> Complaint | None:
    """None where the expression by itself binds: then what is made of it does not."""
    connection.execute("set errors_as_json = true")
    try:
        connection.execute(f"{_BEFORE}{expression}{_AFTER}")
    except duckdb.Error as error:
        found = json.loads(str(error).partition(": ")[2])
    else:
        return None
    finally:
        connection.execute("set errors_as_json = false")
    written = expression.encode()
    offset = min(max(int(found.get("position", 0)) - len(_BEFORE), 0), len(written))
    message = str(found["exception_message"]).splitlines()[0]
    table = re.match(r'Referenced table "([^"]+)" not found', message)
    is_column = table is not None or found.get("error_subtype") == "COLUMN_NOT_FOUND"
    name = table[1] if table else str(found.get("name", ""))
    return Complaint(message, len(written[:offset].decode(errors="ignore")), name, is_column, _ENDINGS)


def _mended(
    connection: duckdb.DuckDBPyConnection, group: FileGroup, field: str, complaint: Complaint, columns: dict[str, str]
) -> str:
    """The line of the mapping with the first mend that binds; '' where none does."""
    expression = group.columns[field]
    for old, new in _mends(connection, expression, complaint, columns):
        mended = expression.replace(old, new, 1)
        if _binds(connection, mended):
            return group.mended_expression(field, expression, mended) or group.mended_expression(field, old, new)
    return ""


def _mends(
    connection: duckdb.DuckDBPyConnection, expression: str, complaint: Complaint, columns: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """Parts of the expression and what they may have been meant to be: quoted columns, known names, an open end."""
    for column in columns:
        if not _PLAIN_NAME.fullmatch(column) and column in expression and identifier(column) not in expression:
            yield column, identifier(column)
    if complaint.name:
        known, least = (columns, ALIKE) if complaint.is_column else (_functions(connection), 0.0)
        if new := nearest(complaint.name, known, least):
            name = new if _PLAIN_NAME.fullmatch(new) else identifier(new)
            yield identifier(complaint.name), name
            yield complaint.name, name
    else:
        yield from ((expression, expression + ending) for ending in complaint.endings)


def _functions(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [name for (name,) in connection.execute("select distinct function_name from duckdb_functions()").fetchall()]


def _binds(connection: duckdb.DuckDBPyConnection, expression: str) -> bool:
    try:
        connection.execute(f"{_BEFORE}{expression}{_AFTER}")
    except duckdb.Error:
        return False
    return True


_MISSING = re.compile(r'Referenced (?:column|table) "([^"]+)" not found')
_NESTED = re.compile(r"STRUCT|MAP|UNION|.*\]$")
_NUMBER = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT|DOUBLE|FLOAT|DECIMAL")


def expression_types(
    connection: duckdb.DuckDBPyConnection,
    file_name: str,
    group: FileGroup,
    table: Table,
    columns: dict[str, str],
) -> dict[str, str]:
    """DuckDB type of each provided field's expression over `columns` (name: DuckDB type).

    Raises SourceError that names file, field, column and the nearest column that exists.
    """
    declared = ", ".join(f"{identifier(name)} {sql_type}" for name, sql_type in columns.items())
    connection.execute(f"create or replace temp table source_columns ({declared})")
    return {name: _bind(connection, file_name, group, table.column(name), columns) for name in group.columns}


def absent_columns(
    connection: duckdb.DuckDBPyConnection, group: FileGroup, table: Table, columns: dict[str, str]
) -> list[str]:
    """Columns that expressions of optional fields read and a file without a schema does not have, in their order."""
    optional = [e for name, e in group.columns.items() if name not in table.required_names]
    absent: list[str] = []
    for expression in optional:
        while (name := _missing_column(connection, expression, [*columns, *absent])) is not None:
            absent.append(name)
    return absent


def _missing_column(connection: duckdb.DuckDBPyConnection, expression: str, columns: list[str]) -> str | None:
    declared = ", ".join(f"null::varchar as {identifier(name)}" for name in columns) or "null as nothing"
    try:
        connection.execute(f"describe select ({expression}) from (select {declared})")
    except duckdb.Error as error:
        missing = _MISSING.search(str(error))
        return missing.group(1) if missing and missing.group(1) not in columns else None
    return None


def absent_message(file_name: str, name: str, columns: dict[str, str]) -> str:
    """What a person is told of a key that no record has."""
    return (
        f"{file_name}: no record has the key {name!r}, which the mapping reads; it counts as empty "
        f"(nearest key: {nearest(name, columns)!r})"
    )


def _bind(
    connection: duckdb.DuckDBPyConnection,
    file_name: str,
    group: FileGroup,
    column: Column,
    columns: dict[str, str],
) -> str:
    expression = group.columns[column.name]
    try:
        sql_type = _described_type(connection, f"select ({expression}) from source_columns")
        value = f"{given_sql(column, expression, sql_type)} as {given(column.name)}"
        given_rows = f"(select {value} from source_columns)"
        _described_type(connection, f"select {typed_sql(column, sql_type)} from {given_rows}")
    except duckdb.Error as error:
        raise SourceError(explain_expression(connection, file_name, group, column.name, columns, error)) from error
    if not _is_castable(sql_type, column):
        is_number_for_time = column.sql_type in ("TIMESTAMP", "DATE") and _NUMBER.match(sql_type)
        remedy = "write epoch_s_time(...) or epoch_ms_time(...)" if is_number_for_time else "correct the mapping"
        raise SourceError(
            f"{group.expression_place(column.name)}: the expression for {column.name} ({expression!r}) gives "
            f"{sql_type} of {file_name} where {column.sql_type} is needed; {remedy}"
        )
    return sql_type


def _is_castable(sql_type: str, column: Column) -> bool:
    """DuckDB casts more than is meant: a row to text, a number to a time that is always NULL."""
    if column.sql_type in ("TIMESTAMP", "DATE"):
        return sql_type.startswith(("VARCHAR", "TIMESTAMP", "DATE", '"NULL"'))
    return not _NESTED.match(sql_type) or column.sql_type.endswith("[]")


def _described_type(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    return str(connection.execute(f"describe {query}").fetchall()[0][1])


def explain_failure(
    connection: duckdb.DuckDBPyConnection, file: SourceFile, group: FileGroup, rows: str
) -> SourceError | None:
    """Which expression fails on the rows of the file, as an error naming its field; None when none does alone."""
    for name, expression in group.columns.items():
        try:
            connection.execute(f"select count(({expression})::varchar) from ({rows})")
        except duckdb.Error as error:
            return SourceError(
                f"{group.expression_place(name)}: the expression for {name} ({expression!r}) fails on {file.name}: "
                f"{str(error).splitlines()[0]}; use try_cast or one of the reader's macros, so that a single "
                f"bad value becomes a rejected row"
            )
    return None
