"""One file to accepted and rejected rows, or an error that says what makes the file as a whole unusable."""

import duckdb

from dagster_project.sources.contracts import Table
from dagster_project.sources.files.formats import read_columns, relation, unreadable
from dagster_project.sources.files.locate import SourceFile
from dagster_project.sources.mapping.model import FileGroup
from dagster_project.sources.validation.expressions import explain_failure
from dagster_project.sources.validation.judging import Reading, Rows, Session, judge_rows
from dagster_project.sources.validation.rules import ROW_NUMBER


def read_file(session: Session, file: SourceFile, group: FileGroup, table: Table) -> Reading:
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
