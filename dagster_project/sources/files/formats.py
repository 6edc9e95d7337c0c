"""Each file format as a DuckDB relation: CSV and JSON lines with every column as text, Parquet with its types."""

import re

import duckdb

from dagster_project.sources.errors import SourceError
from dagster_project.sources.files.locate import SourceFile
from dagster_project.sources.mapping.model import FileGroup
from dagster_project.storage.sql import file_literal, identifier, literal

_LONGEST_LINE_BYTES = 16 * 1024 * 1024
_BUFFER_BYTES = 2 * _LONGEST_LINE_BYTES
_JSON_ROWS_SEARCHED_FOR_KEYS = 200_000


def read_columns(connection: duckdb.DuckDBPyConnection, file: SourceFile, group: FileGroup) -> dict[str, str]:
    """Name and DuckDB type of the file's columns, in order. Raises SourceError for an unreadable file."""
    try:
        described = connection.execute(f"describe {_DISCOVERY[group.format](file, group)}").fetchall()
    except duckdb.Error as error:
        raise unreadable(file, group, error) from error
    return {name: "VARCHAR" if group.format == "jsonl" else sql_type for name, sql_type, *_ in described}


def relation(file: SourceFile, group: FileGroup, columns: dict[str, str]) -> str:
    """The file as a select statement with exactly `columns`."""
    if group.format == "csv":
        names = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in columns)
        return (
            f"select * from read_csv({_csv_arguments(file, group)}, strict_mode = true, auto_detect = false, "
            f"columns = {{{names}}})"
        )
    if group.format == "jsonl":
        types = ", ".join(f"{literal(name)}: 'JSON'" for name in columns)
        texts = ", ".join(f"{identifier(name)} ->> '$' as {identifier(name)}" for name in columns)
        source = file_literal(str(file.path))
        return (
            f"select {texts} from read_json({source}, format = 'newline_delimited', columns = {{{types}}}, "
            f"maximum_object_size = {_LONGEST_LINE_BYTES})"
        )
    return f"select * from read_parquet({file_literal(str(file.path))}, hive_partitioning = false)"


def unreadable(file: SourceFile, group: FileGroup, error: Exception) -> SourceError:
    """The reader's complaint in a few lines, without the recital of its settings."""
    complaint = re.split(r"\n\s*(?:Possible|LINE \d|file ?=)", str(error))[0]
    complaint = " ".join(complaint.split())[:400]
    return SourceError(
        f"{file.name}: cannot be read as {group.format} (encoding {group.options.encoding}): {complaint}. "
        f"Fetch the file again, or correct format and options in the mapping"
    )


def _csv_arguments(file: SourceFile, group: FileGroup) -> str:
    options = group.options
    return (
        f"{file_literal(str(file.path))}, header = true, delim = {literal(options.delim)}, "
        f"quote = {literal(options.quote)}, escape = {literal(options.escape)}, "
        f"encoding = {literal(options.encoding)}, nullstr = {literal(options.null_text)}, "
        f"skip = {options.skip_lines}, max_line_size = {_LONGEST_LINE_BYTES}, buffer_size = {_BUFFER_BYTES}"
    )


def _discover_csv(file: SourceFile, group: FileGroup) -> str:
    """Only the header counts here, so bad rows are left to the strict reading that follows."""
    lenient = "strict_mode = false, ignore_errors = true, null_padding = true, sample_size = 1"
    return f"select * from read_csv({_csv_arguments(file, group)}, all_varchar = true, {lenient})"


def _discover_jsonl(file: SourceFile, group: FileGroup) -> str:
    return (
        f"select * from read_json({file_literal(str(file.path))}, format = 'newline_delimited', maximum_depth = 1, "
        f"records = true, sample_size = {_JSON_ROWS_SEARCHED_FOR_KEYS}, maximum_object_size = {_LONGEST_LINE_BYTES})"
    )


def _discover_parquet(file: SourceFile, group: FileGroup) -> str:
    return f"select * from read_parquet({file_literal(str(file.path))}, hive_partitioning = false)"


_DISCOVERY = {"csv": _discover_csv, "jsonl": _discover_jsonl, "parquet": _discover_parquet}
