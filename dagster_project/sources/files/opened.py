"""A file of any format, opened for judging: its columns, its records with what cannot be read, and their number."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import python_calamine

from dagster_project.sources.errors import SourceError
from dagster_project.sources.files import text_records
from dagster_project.sources.files.locate import SourceFile
from dagster_project.sources.files.records import PROBLEM, RECORD, SOURCE_ROW, Record, open_text, write_records
from dagster_project.sources.files.text_records import CsvFile, distinct_names
from dagster_project.sources.mapping.model import FileGroup
from dagster_project.storage.shown_text import remedy
from dagster_project.storage.sql import file_literal, identifier

Cell = int | float | str | bool | time | date | datetime | timedelta


def read_sheet(path: Path, name: str, sheet: str, skip_rows: int) -> tuple[list[str], Iterator[Record]]:
    """The columns that the first filled row names, and the rows below it that hold anything, numbered from 1.

    `sheet` may be empty where the workbook has one. Raises SourceError for several sheets without a name.
    """
    with path.open("rb") as stream:
        workbook = python_calamine.CalamineWorkbook.from_filelike(stream)
        names = workbook.sheet_names
        if not sheet and len(names) > 1:
            raise SourceError(f"{name}: {len(names)} sheets; name one in the options: `sheet: {names[0]}`")
        if sheet and sheet not in names:
            raise SourceError(f"{name}: no sheet {sheet!r}; there are {', '.join(names)}")
        rows = workbook.get_sheet_by_name(sheet or names[0]).to_python(skip_empty_area=False)[skip_rows:]
    filled = [row for row in rows if any(cell != "" for cell in row)]
    if not filled:
        raise SourceError(f"{name}: the sheet {sheet or names[0]!r} holds nothing")
    header, *records = filled
    columns = distinct_names([_text(cell) or "" for cell in header])
    return columns, (Record(number, [_text(cell) for cell in row]) for number, row in enumerate(records, start=1))


def _text(cell: Cell) -> str | None:
    if cell == "" or cell is None:
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, datetime | date | time):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


_NOISE = 0.5
"""Above this share of unreadable records a file is taken for one of another format."""
_BLOCK_CHARACTERS = 1 << 20


@dataclass(frozen=True)
class OpenedFile:
    """`query` selects `__source_row`, `__problem`, `__record` and `columns` (name: DuckDB type).

    `counted` is the number of records, known without the typed reading. `lacks_schema`: a key that the mapping reads
    may be in none of the records. `note` says which records cannot be read, empty where all can.
    """

    query: str
    columns: dict[str, str]
    counted: int
    lacks_schema: bool = False
    note: str = ""

    def with_empty(self, names: list[str]) -> "OpenedFile":
        """The same file with columns of NULL for keys that no record has."""
        if not names:
            return self
        empty = ", ".join(f"null::varchar as {identifier(name)}" for name in names)
        columns = self.columns | dict.fromkeys(names, "VARCHAR")
        return replace(self, query=f"select *, {empty} from ({self.query})", columns=columns)


def open_file(connection: duckdb.DuckDBPyConnection, file: SourceFile, group: FileGroup, directory: Path) -> OpenedFile:
    """Open `file`; what Python reads of it is written below `directory`.

    Raises SourceError for a file that cannot be read, or of which most records cannot.
    """
    directory.mkdir(parents=True, exist_ok=True)
    try:
        opened = _OPENERS[group.format](connection, file, group, directory / f"{file.load_id}.parquet")
        return replace(opened, note=_unread_records(connection, opened, file, group))
    except (duckdb.Error, OSError, ValueError) as error:
        raise unreadable(file, group, error) from error


def unreadable(file: SourceFile, group: FileGroup, error: Exception) -> SourceError:
    """The reader's complaint in a few lines, without the place of the file and the recital of settings."""
    complaint = " ".join(str(error).split("\n\n")[0].split()).replace(str(file.path), file.name)[:400]
    if told := remedy(complaint):
        return SourceError(f"{file.name}: reading it ended early: {complaint}. {told}")
    return SourceError(
        f"{file.name}: cannot be read as {group.format}{_encoding(group)}: {complaint}. "
        f"Fetch the file again, or correct format and options in the mapping"
    )


def _encoding(group: FileGroup) -> str:
    return f" (encoding {group.options.encoding})" if group.format in ("csv", "json", "jsonl") else ""


def _unread_records(
    connection: duckdb.DuckDBPyConnection, opened: OpenedFile, file: SourceFile, group: FileGroup
) -> str:
    """What a person is told of unreadable records. Raises SourceError where they are so many that the file is noise."""
    is_unread = f"filter (where {PROBLEM} is not null)"
    [(unread, first, last_is_unread)] = connection.execute(f"""
        select
            count({PROBLEM}),
            min_by('record ' || {SOURCE_ROW} || ' ' || {PROBLEM}, {SOURCE_ROW}) {is_unread},
            max({SOURCE_ROW}) {is_unread} = max({SOURCE_ROW})
        from ({opened.query})
    """).fetchall()
    if not unread:
        return ""
    said = f"{unread:,} of {opened.counted:,} records cannot be read: {first}"
    if unread > _NOISE * opened.counted:
        raise unreadable(file, group, ValueError(said))
    return f"{file.name}: {said}" + ("; the last one is among them, so the file may be cut" if last_is_unread else "")


def _open_csv(_: duckdb.DuckDBPyConnection, file: SourceFile, group: FileGroup, target: Path) -> OpenedFile:
    with open_text(file.path, group.options.encoding) as stream:
        content = CsvFile(file.path, file.name, group.options, stream)
        counted = write_records(content.records(), content.columns, target)
    return OpenedFile(_written(target), dict.fromkeys(content.columns, "VARCHAR"), counted)


def _open_workbook(_: duckdb.DuckDBPyConnection, file: SourceFile, group: FileGroup, target: Path) -> OpenedFile:
    columns, records = read_sheet(file.path, file.name, group.options.sheet, group.options.skip_lines)
    return OpenedFile(_written(target), dict.fromkeys(columns, "VARCHAR"), write_records(records, columns, target))


def _open_json_lines(
    connection: duckdb.DuckDBPyConnection, file: SourceFile, group: FileGroup, target: Path
) -> OpenedFile:
    with open_text(file.path, group.options.encoding) as stream:
        counted = write_records(text_records.lines(stream), [text_records.TEXT], target)
    return _json_objects(connection, text_records.line_texts(target), counted)


def _open_document(
    connection: duckdb.DuckDBPyConnection, file: SourceFile, group: FileGroup, target: Path
) -> OpenedFile:
    document = target.with_suffix(".json")
    with open_text(file.path, group.options.encoding) as stream, document.open("w", encoding="utf-8") as copy:
        while block := stream.read(_BLOCK_CHARACTERS):
            copy.write(block)
    texts = text_records.document_texts(connection, document, file.name, group.options.records)
    [(counted,)] = connection.execute(f"select count(*) from ({texts})").fetchall()
    return _json_objects(connection, texts, counted)


def _json_objects(connection: duckdb.DuckDBPyConnection, texts: str, counted: int) -> OpenedFile:
    keys = text_records.keys(connection, texts)
    names = dict(zip(distinct_names(keys), keys, strict=True))
    query = text_records.columns_of(texts, names)
    return OpenedFile(query, dict.fromkeys(names, "VARCHAR"), counted, lacks_schema=True)


def _open_parquet(
    connection: duckdb.DuckDBPyConnection, file: SourceFile, group: FileGroup, target: Path
) -> OpenedFile:
    rows = f"read_parquet({file_literal(str(file.path))}, hive_partitioning = false)"
    described = connection.execute(f"describe select * from {rows}").fetchall()
    query = (
        f"select row_number() over () as {SOURCE_ROW}, null::varchar as {PROBLEM}, null::varchar as {RECORD}, * "
        f"from {rows}"
    )
    return OpenedFile(query, {name: kind for name, kind, *_ in described}, pq.read_metadata(file.path).num_rows)


def _written(target: Path) -> str:
    return f"select * from read_parquet({file_literal(str(target))}, hive_partitioning = false)"


Opener = Callable[[duckdb.DuckDBPyConnection, SourceFile, FileGroup, Path], OpenedFile]
_OPENERS: dict[str, Opener] = {
    "csv": _open_csv,
    "jsonl": _open_json_lines,
    "json": _open_document,
    "xlsx": _open_workbook,
    "parquet": _open_parquet,
    "database": _open_parquet,
}
