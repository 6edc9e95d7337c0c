"""Looking at files that nobody has described yet: format, options, first rows as text, and which are of one schema."""

import itertools
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from glob import escape
from pathlib import Path, PurePosixPath
from typing import Any

import duckdb
import pyarrow as pa

from dagster_project.sources.drafting.text_shapes import decode, dialect_of, look_at_json
from dagster_project.sources.errors import SourceError
from dagster_project.sources.files.opened import read_sheet
from dagster_project.sources.files.records import COMPRESSION, Record, open_text
from dagster_project.sources.files.text_records import CsvFile
from dagster_project.sources.mapping.model import FileOptions
from dagster_project.storage.sql import file_literal

ROWS_LOOKED_AT = 2_000
_LONGEST_PREAMBLE = 10
_MORE_NAMES = 1.5
_UNNAMED = re.compile(r"column\d+|\d[\d.:/ -]*")
_TEXT_BYTES = 8 * 1024 * 1024
_LARGE_FILE_POINTER = b"version https://git-lfs"
FORMAT_BY_SUFFIX = {
    ".csv": "text", ".tsv": "text", ".txt": "text", ".tab": "text", ".psv": "text",
    ".json": "json", ".jsonl": "json", ".ndjson": "json", ".jl": "json",
    ".parquet": "parquet", ".pq": "parquet", ".xlsx": "xlsx",
}  # fmt: skip


@dataclass(frozen=True)
class Look:
    """What was found in one file: its options, and up to ROWS_LOOKED_AT rows.

    `columns` are the sampled values by name, as the reader gives them: text, NULL as None; `types` their DuckDB types.
    `notes` are sentences for the person who reads the draft.
    """

    path: Path
    format: str
    options: FileOptions
    columns: dict[str, list[Any]]
    types: dict[str, str]
    notes: tuple[str, ...] = field(default=())
    parts: tuple[int, ...] = ()
    """Rows from each file, where there are several."""

    @property
    def rows(self) -> int:
        return len(next(iter(self.columns.values()), []))


def look_at_file(path: Path) -> Look:
    """Format, options and first rows of a file. Raises SourceError where it is no table that the reader knows."""
    kind = _kind(path)
    look = _look_at_parquet(path) if kind == "parquet" else _look_at_workbook(path) if kind == "xlsx" else None
    if look is None:
        start, is_whole = _first_bytes(path)
        text, encoding, notes = decode(path.name, start, is_whole)
        is_json = kind == "json" or text.lstrip()[:1] in ("[", "{")
        look = (_look_at_json if is_json else _look_at_csv)(path, text, is_whole, encoding, notes)
    if not look.rows:
        raise SourceError(f"{path}: no row below the header, so nothing can be proposed; give a file with rows")
    return look


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
    name = path.with_suffix("") if path.suffix in COMPRESSION else path
    return FORMAT_BY_SUFFIX.get(name.suffix.lower(), "text")


def _first_bytes(path: Path) -> tuple[bytes, bool]:
    """The first bytes, unpacked, and whether they are all there is."""
    try:
        with pa.input_stream(str(path), compression=COMPRESSION.get(path.suffix)) as stream:
            start = stream.read(_TEXT_BYTES + 1)
    except OSError as error:
        raise SourceError(f"{path}: unreadable or truncated ({error}); fetch it again") from error
    return start[:_TEXT_BYTES], len(start) <= _TEXT_BYTES


def _look_at_csv(path: Path, text: str, is_whole: bool, encoding: str, notes: tuple[str, ...]) -> Look:
    options, said = dialect_of(text if is_whole else text[: text.rfind("\n") + 1])
    options = options.model_copy(update={"encoding": encoding})
    with open_text(path, encoding) as stream:
        content = CsvFile(path, path.name, options, stream)
        columns, unread = _columns(content.columns, content.records())
    said += [f"{unread:,} of the rows looked at cannot be read"] if unread else []
    return Look(path, "csv", options, columns, dict.fromkeys(columns, "VARCHAR"), (*notes, *said))


def _look_at_json(path: Path, text: str, is_whole: bool, encoding: str, notes: tuple[str, ...]) -> Look:
    def whole_text() -> str:
        with open_text(path, encoding) as stream:
            return stream.read()

    found = look_at_json(path.name, text, is_whole, whole_text)
    rows = found.rows[:ROWS_LOOKED_AT]
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: [_as_text(row.get(name)) for row in rows] for name in names}
    options = FileOptions(encoding=encoding, records=found.path or "")
    return Look(path, found.format, options, columns, dict.fromkeys(columns, "VARCHAR"), (*notes, *found.notes))


def _as_text(value: Any) -> str | None:
    """A JSON value as the reader gives it: text bare, anything else in JSON."""
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _columns(names: list[str], records: Iterable[Record]) -> tuple[dict[str, list[Any]], int]:
    """Values by column of the first records, and how many of these cannot be read."""
    looked_at = list(itertools.islice(records, ROWS_LOOKED_AT))
    rows = [record.values for record in looked_at if not record.problem]
    return {name: [row[number] for row in rows] for number, name in enumerate(names)}, len(looked_at) - len(rows)


def _look_at_workbook(path: Path) -> Look:
    """The sheet with most rows, where there are several."""
    try:
        looks = [_look_at_sheet(path, name) for name in _sheet_names(path)]
    except Exception as error:  # what the library raises for a broken workbook is not of one kind
        raise SourceError(f"{path}: cannot be read as a workbook: {error}; save it anew as xlsx, or as CSV") from error
    return max(looks, key=lambda look: look.rows)


def _sheet_names(path: Path) -> list[str]:
    import python_calamine

    names = python_calamine.CalamineWorkbook.from_path(str(path)).sheet_names
    return names if len(names) > 1 else [""]


def _look_at_sheet(path: Path, sheet: str) -> Look:
    """A remark above the table leaves most columns without a name, so the header is looked for below it."""
    notes = [f"of several sheets the one called {sheet!r}"] if sheet else []
    best: tuple[int, list[str], Iterator[Record]] | None = None
    for skipped in range(_LONGEST_PREAMBLE):
        try:
            columns, records = read_sheet(path, path.name, sheet, skipped)
        except SourceError:
            break
        named = sum(1 for name in columns if not _UNNAMED.fullmatch(name))
        if best is None or named > _MORE_NAMES * sum(1 for name in best[1] if not _UNNAMED.fullmatch(name)):
            best = skipped, columns, records
    if best is None:
        return Look(path, "xlsx", FileOptions(sheet=sheet), {}, {})
    skipped, columns, records = best
    if skipped:
        notes.append(f"{skipped} row{'s' * (skipped > 1)} above the header")
    values, _ = _columns(columns, records)
    options = FileOptions(sheet=sheet, skip_lines=skipped)
    return Look(path, "xlsx", options, values, dict.fromkeys(columns, "VARCHAR"), tuple(notes))


def _look_at_parquet(path: Path) -> Look:
    try:
        with duckdb.connect() as connection:
            connection.execute("set timezone = 'UTC'")
            rows = f"read_parquet({file_literal(str(path))}, hive_partitioning = false)"
            found = connection.sql(f"from {rows} limit {ROWS_LOOKED_AT}")
            types = {name: str(sql_type) for name, sql_type in zip(found.columns, found.types, strict=True)}
            values = found.fetchall()
    except duckdb.Error as error:
        raise SourceError(f"{path}: cannot be read as parquet: {str(error).splitlines()[0]}") from error
    columns = {name: [row[number] for row in values] for number, name in enumerate(types)}
    return Look(path, "parquet", FileOptions(), columns, types)


_ALIKE = 0.7
"""Share of column names that two files of one schema have in common; exports gain a column now and then."""
_COMPRESSED = tuple(COMPRESSION)


@dataclass(frozen=True)
class FilesOfOneSchema:
    """`look` holds rows of all of them; of text tables only the columns that every file has."""

    look: Look
    paths: tuple[Path, ...]


def files_to_look_at(given: Iterable[Path]) -> list[Path]:
    """The files as given; of a folder all below it that have the ending of a table. Raises SourceError for none."""
    found: list[Path] = []
    for path in given:
        if not path.exists():
            raise SourceError(f"{path}: no such file or folder (current folder: {Path.cwd()})")
        found += [path] if path.is_file() else sorted(_tables_below(path))
    if not found:
        raise SourceError(f"no file ends in one of {', '.join(FORMAT_BY_SUFFIX)}; name the files themselves")
    return list(dict.fromkeys(path.resolve() for path in found))


def _tables_below(folder: Path) -> Iterable[Path]:
    for path in folder.rglob("*"):
        name = path.with_suffix("") if path.suffix in _COMPRESSED else path
        if path.is_file() and name.suffix.lower() in FORMAT_BY_SUFFIX and not path.name.startswith((".", "~")):
            yield path


def common_folder(paths: list[Path]) -> Path:
    """The folder that all files lie in or below: DATA."""
    return Path(os.path.commonpath([path.parent for path in paths]))


def group_by_schema(looks: list[Look]) -> list[FilesOfOneSchema]:
    """Files with one format, one set of options and mostly the same columns, in the order in which they were given."""
    groups: list[list[Look]] = []
    for look in looks:
        fitting = next((group for group in groups if _are_alike(group[0], look)), None)
        if fitting is None:
            groups.append([look])
        else:
            fitting.append(look)
    return [FilesOfOneSchema(_merged(group), tuple(look.path for look in group)) for group in groups]


def _are_alike(first: Look, second: Look) -> bool:
    if (first.format, first.options) != (second.format, second.options):
        return False
    shared = first.columns.keys() & second.columns.keys()
    return len(shared) >= _ALIKE * len(first.columns.keys() | second.columns.keys())


def _merged(looks: list[Look]) -> Look:
    """An equal part of rows of every file; a JSON key that a file lacks is NULL there."""
    first = looks[0]
    if len(looks) == 1:
        return first
    names = list(dict.fromkeys(name for look in looks for name in look.columns))
    if not first.format.startswith("json"):
        names = [name for name in names if all(name in look.columns for look in looks)]
    part = max(ROWS_LOOKED_AT // len(looks), 1)
    columns = {
        name: [value for look in looks for value in look.columns.get(name, [None] * look.rows)[:part]] for name in names
    }
    types = {name: next(look.types[name] for look in looks if name in look.types) for name in names}
    notes = tuple(dict.fromkeys(note for look in looks for note in look.notes))
    parts = tuple(min(look.rows, part) for look in looks)
    return Look(first.path, first.format, first.options, columns, types, notes, parts)


def patterns(group: FilesOfOneSchema, data: Path) -> list[str]:
    """The shortest glob that finds these files and no others below `data`, else their names."""
    names = [path.relative_to(data).as_posix() for path in group.paths]
    wanted = set(group.paths)
    for pattern in _globs(names):
        if {path.resolve() for path in data.glob(pattern) if path.is_file()} == wanted:
            return [pattern]
    return [escape(name) for name in names]


def _globs(names: list[str]) -> Iterable[str]:
    endings = {
        "".join(PurePosixPath(name).suffixes[-2:]) if name.endswith(_COMPRESSED) else PurePosixPath(name).suffix
        for name in names
    }
    if len(endings) != 1:
        return
    ending = endings.pop()
    folder = "**/" if any("/" in name for name in names) else ""
    yield f"{folder}*{ending}"
    stems = [PurePosixPath(name).name for name in names]
    if len(stems) > 1 and (start := _common_start(stems)):
        yield f"{folder}{escape(start)}*{ending}"
    if len(stems) > 1 and (end := _common_start([stem[::-1] for stem in stems])[::-1]) != ending:
        yield f"{folder}*{escape(end)}"


def _common_start(texts: list[str]) -> str:
    alike = itertools.takewhile(lambda characters: len(set(characters)) == 1, zip(*texts, strict=False))
    return "".join(characters[0] for characters in alike)
