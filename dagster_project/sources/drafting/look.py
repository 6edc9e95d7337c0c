"""Looking at a file that nobody has described yet: its format, the options that read it, and its first rows as text."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from dagster_project.sources.drafting.delimited_text import look_at_delimited_text
from dagster_project.sources.drafting.json_shapes import look_at_json
from dagster_project.sources.drafting.text_encoding import decode
from dagster_project.sources.errors import SourceError
from dagster_project.storage.sql import file_literal

ROWS_LOOKED_AT = 2_000
_TEXT_BYTES = 8 * 1024 * 1024
_COMPRESSION = {".gz": "gzip", ".zst": "zstd"}
_LARGE_FILE_POINTER = b"version https://git-lfs"
FORMAT_BY_SUFFIX = {
    ".csv": "text", ".tsv": "text", ".txt": "text", ".tab": "text", ".psv": "text",
    ".json": "json", ".jsonl": "json", ".ndjson": "json", ".jl": "json",
    ".parquet": "parquet", ".pq": "parquet", ".xlsx": "xlsx",
}  # fmt: skip


@dataclass(frozen=True)
class Look:
    """What was found in one file: options other than the reader's own, and up to ROWS_LOOKED_AT rows.

    `columns` are the sampled values by name, as the reader gives them: text, NULL as None; `types` their DuckDB types.
    `notes` are sentences for the person who reads the draft.
    """

    path: Path
    format: str
    options: dict[str, str | int]
    columns: dict[str, list[Any]]
    types: dict[str, str]
    notes: tuple[str, ...] = field(default=())

    @property
    def rows(self) -> int:
        return len(next(iter(self.columns.values()), []))


def look_at_file(path: Path) -> Look:
    """Format, options and first rows of a file. Raises SourceError where it is no table that the reader knows."""
    kind = _kind(path)
    if kind == "parquet":
        return _look_at_relation(path, "parquet", f"read_parquet({file_literal(str(path))}, hive_partitioning = false)")
    if kind == "xlsx":
        return _look_at_workbook(path)
    start, is_whole = _first_bytes(path)
    text, encoding, notes = decode(start, is_whole)
    if kind == "json" or text.lstrip()[:1] in ("[", "{"):
        records = look_at_json(
            path.name, text if is_whole else _to_last_line(text), is_whole, _whole_text(path, encoding)
        )
        options: dict[str, str | int] = {} if encoding in ("utf-8", "utf-8-sig") else {"encoding": encoding}
        rows = records.rows[:ROWS_LOOKED_AT]
        names = list(dict.fromkeys(name for row in rows for name in row))
        columns = {name: [_as_text(row.get(name)) for row in rows] for name in names}
        if records.path:
            options["records"] = records.path
        return _text_look(path, records.format, options, columns, (*notes, *records.notes))
    table = look_at_delimited_text(text if is_whole else _to_last_line(text), ROWS_LOOKED_AT)
    dialect: dict[str, str | int] = {"delim": table.delim, "encoding": encoding, **table.options}
    return _text_look(path, "csv", dialect, table.columns, (*notes, *table.notes))


def _kind(path: Path) -> str:
    """What the first bytes say, and where they say nothing the ending of the name."""
    try:
        with path.open("rb") as stream:
            magic = stream.read(len(_LARGE_FILE_POINTER))
    except OSError as error:
        raise SourceError(f"{path}: cannot be opened ({error.strerror}); correct the path") from error
    if not magic:
        raise SourceError(f"{path}: the file is empty; fetch it again")
    if magic == _LARGE_FILE_POINTER:
        raise SourceError(f"{path}: a git-lfs pointer, not the file itself; fetch it with `git lfs pull`")
    for start, kind in ((b"PAR1", "parquet"), (b"PK\x03\x04", "xlsx")):
        if magic.startswith(start):
            return kind
    name = path.with_suffix("") if path.suffix in _COMPRESSION else path
    return FORMAT_BY_SUFFIX.get(name.suffix.lower(), "text")


def _first_bytes(path: Path) -> tuple[bytes, bool]:
    """The first bytes, unpacked, and whether they are all there is."""
    try:
        with pa.input_stream(str(path), compression=_COMPRESSION.get(path.suffix)) as stream:
            start = stream.read(_TEXT_BYTES + 1)
    except OSError as error:
        raise SourceError(f"{path}: unreadable or truncated ({error}); fetch it again") from error
    return start[:_TEXT_BYTES], len(start) <= _TEXT_BYTES


def _whole_text(path: Path, encoding: str) -> Callable[[], str]:
    """A JSON document has to be read to its end before anything of it is known."""

    def read() -> str:
        with pa.input_stream(str(path), compression=_COMPRESSION.get(path.suffix)) as stream:
            return io.TextIOWrapper(stream, encoding=encoding, errors="replace").read()

    return read


def _to_last_line(text: str) -> str:
    return text[: text.rfind("\n") + 1]


def _as_text(value: Any) -> str | None:
    """A JSON value as the reader gives it: text bare, anything else in JSON."""
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _text_look(
    path: Path, file_format: str, options: dict[str, str | int], columns: dict[str, list[Any]], notes: tuple[str, ...]
) -> Look:
    if not any(columns.values()):
        raise SourceError(f"{path}: no row below the header, so nothing can be proposed; give a file with rows")
    return Look(path, file_format, options, columns, dict.fromkeys(columns, "VARCHAR"), notes)


def _look_at_workbook(path: Path) -> Look:
    raise SourceError(f"{path}: save the sheet as CSV (UTF-8) and draft from that")


def _look_at_relation(path: Path, file_format: str, relation: str) -> Look:
    try:
        with duckdb.connect() as connection:
            connection.execute("set timezone = 'UTC'")
            found = connection.sql(f"from {relation} limit {ROWS_LOOKED_AT}")
            types = {name: str(sql_type) for name, sql_type in zip(found.columns, found.types, strict=True)}
            rows = found.fetchall()
    except duckdb.Error as error:
        raise SourceError(f"{path}: cannot be read as {file_format}: {str(error).splitlines()[0]}") from error
    if not rows:
        raise SourceError(f"{path}: no rows, so nothing can be proposed; give a file with rows")
    columns = {name: [row[number] for row in rows] for number, name in enumerate(types)}
    return Look(path, file_format, {}, columns, types)
