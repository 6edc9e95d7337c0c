"""What is wrong with an expression of a mapping: where it stands, what it lacks, and its line mended where that helps.

DuckDB says as JSON at which byte it stopped and which name it did not find.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from dagster_project.sources.errors import nearest
from dagster_project.sources.mapping.model import FileGroup
from dagster_project.storage.sql import identifier

_BEFORE, _AFTER = "describe select (\n", "\n) from source_columns"
_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_ENDINGS = (")", "'", "')", " end", "))")


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
        said = (
            f"needs the column {complaint.name!r}, which {file_name} does not have; the nearest that exists is "
            f"{nearest(complaint.name, columns)!r} (columns: {', '.join(columns)})"
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
        known = columns if complaint.is_column else _functions(connection)
        if new := nearest(complaint.name, known):
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
