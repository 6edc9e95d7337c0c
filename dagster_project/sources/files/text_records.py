"""Records of text files: CSV, where a broken line is one record with its problem, and JSON, where a column is a key."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import duckdb

from dagster_project.sources.errors import SourceError
from dagster_project.sources.files.records import (
    PROBLEM,
    RECORD,
    SOURCE_ROW,
    Record,
    count_lines,
    is_of_the_encoding,
    printable,
)
from dagster_project.sources.mapping.model import FileOptions
from dagster_project.storage.sql import file_literal, identifier, literal

_LONGEST_FIELD_CHARACTERS = 16 * 1024 * 1024
_LONGEST_RECORD_LINES = 10_000
"""A quote that is never closed would otherwise make one record of the rest of the file."""
_SEPARATOR_LINE = re.compile(r"sep=(.)\s*", re.IGNORECASE)


class CsvFile:
    """A CSV file open for reading: `columns` as its header names them, then `records()`."""

    def __init__(self, path: Path, name: str, options: FileOptions, stream: TextIO) -> None:
        self._place, self._name, self._options = path, name, options
        self._lines = _Lines(stream)
        csv.field_size_limit(_LONGEST_FIELD_CHARACTERS)  # one for the process: set here, since other modules set it too
        self._reader = csv.reader(self._lines, strict=True, **self._dialect())
        self.columns = self._read_header()

    def _dialect(self) -> dict[str, Any]:
        """Skips the preamble; a first line `sep=;` names the delimiter of this file."""
        options = self._options
        for _ in range(options.skip_lines):
            next(self._lines, None)
        first = next(self._lines, "")
        named = _SEPARATOR_LINE.fullmatch(first)
        if named is None:
            self._lines.give_back([first] if first else [])
        self._lines.take_record()
        quoting: dict[str, Any] = {"quotechar": options.quote, "doublequote": options.escape == options.quote}
        if not options.quote:
            quoting = {"quoting": csv.QUOTE_NONE}
        elif options.escape and options.escape != options.quote:
            quoting["escapechar"] = options.escape
        return {"delimiter": named[1] if named else options.delim, **quoting}

    def _read_header(self) -> list[str]:
        try:
            header = next((fields for fields in self._reader if fields), None)
        except csv.Error as error:
            raise SourceError(f"{self._name}: the header cannot be read ({error}); correct it in the file") from error
        self._lines.take_record()
        if header is None:
            raise SourceError(f"{self._name}: no header line; `skip_lines` of the mapping may skip too much")
        if not is_of_the_encoding("".join(header)):
            raise SourceError(
                f"{self._name}: the header is not text in the encoding {self._options.encoding}; "
                "give the file's encoding in the options in the mapping"
            )
        return distinct_names(header)

    def records(self) -> Iterator[Record]:
        """Every record after the header, numbered from 1. Raises SourceError where a line of the file is left over."""
        number = 0
        while (fields := self._next_fields()) is not None:
            lines = self._lines.take_record()
            if fields == []:
                continue
            number += 1
            problem = fields if isinstance(fields, str) else self._shape_problem(fields)
            if problem is not None:
                self._lines.give_back(lines[1:])
                yield Record(number, [], problem, printable(lines[0].rstrip("\r\n")))
            elif not is_of_the_encoding(text := "".join(lines)):
                yield Record(number, [], f"holds bytes that are not {self._options.encoding}", printable(text))
            else:
                yield Record(number, [None if value == self._options.null_text else value for value in fields])
        expected = count_lines(self._place, self._options.encoding)
        if self._lines.consumed != expected:
            raise SourceError(
                f"{self._name}: {expected:,} lines by their ends, but {self._lines.consumed:,} were read; "
                "nothing was loaded. Write the file anew with one kind of line end"
            )

    def _next_fields(self) -> list[str] | str | None:
        """The fields of the next record, the problem that it has, or None at the end."""
        try:
            return next(self._reader)
        except StopIteration:
            return None
        except csv.Error as error:
            return f"cannot be read as csv: {error}"

    def _shape_problem(self, fields: list[str]) -> str | None:
        if len(fields) != len(self.columns):
            return f"has {len(fields)} fields where the header has {len(self.columns)}"
        return None


class _Lines:
    """The physical lines of a stream; those of a record that cannot be read are given back and read again."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._returned: deque[str] = deque()
        self._record: list[str] = []
        self.consumed = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self._record) >= _LONGEST_RECORD_LINES:
            raise csv.Error(f"a quote is not closed within {_LONGEST_RECORD_LINES:,} lines")
        line = self._returned.popleft() if self._returned else next(self._stream)
        self._record.append(line)
        self.consumed += 1
        return line

    def take_record(self) -> list[str]:
        """The lines read since the last call."""
        lines, self._record = self._record, []
        return lines

    def give_back(self, lines: list[str]) -> None:
        self._returned.extendleft(reversed(lines))
        self.consumed -= len(lines)


def distinct_names(header: list[str]) -> list[str]:
    """Names that differ in more than letter case, as DuckDB needs them; an unnamed column is `column` and its place."""
    names: list[str] = []
    taken: set[str] = set()
    for place, given in enumerate(header):
        name = base = given.strip() or f"column{place}"
        repeat = 0
        while name.lower() in taken:
            repeat += 1
            name = f"{base}_{repeat}"
        taken.add(name.lower())
        names.append(name)
    return names


TEXT = "text"
"""The column of a line's or a record's JSON."""
_LONGEST_START = 1 << 16
"""Characters of blank space before a document's first sign."""


def lines(stream: TextIO) -> Iterator[Record]:
    """Each line that is not blank as `text`, numbered as in the file."""
    for number, line in enumerate(stream, start=1):
        if line.strip():
            yield Record(number, [printable(line.strip())])


def line_texts(record_file: Path) -> str:
    """The written lines as a select statement of `__source_row` and `text`."""
    return f"select {SOURCE_ROW}, {TEXT} from read_parquet({file_literal(str(record_file))}, hive_partitioning = false)"


def document_texts(connection: duckdb.DuckDBPyConnection, document: Path, name: str, records: str) -> str:
    """The records of a JSON document in the same form: the items of its list, or the values of an object keyed by id.

    `document` is UTF-8 without a byte order mark. `records` names the keys that lead to the list, `a.b`. Raises
    SourceError where there is no such list.
    """
    content = f"read_json_objects({file_literal(str(document))}, maximum_object_size = {document.stat().st_size + 64}"
    with document.open(encoding="utf-8") as stream:
        begins_as_list = stream.read(_LONGEST_START).lstrip().startswith("[")
    if begins_as_list and not records:
        return f"select row_number() over () as {SOURCE_ROW}, json as {TEXT} from {content}, format = 'array')"
    whole = f"{content}, format = 'unstructured')"
    path = literal("$" + "".join(f'."{key}"' for key in records.split(".") if key))
    _require_list(connection, whole, path, name, records)
    return f"select row_number() over () as {SOURCE_ROW}, value as {TEXT} from {whole}, json_each(json, {path})"


def _require_list(connection: duckdb.DuckDBPyConnection, whole: str, path: str, name: str, records: str) -> None:
    found = connection.execute(f"select json_type(json, {path}), json_keys(json) from {whole}").fetchall()
    if len(found) != 1:
        raise SourceError(f"{name}: {len(found)} JSON documents in one file; say `format: jsonl` in the mapping")
    [(kind, names)] = found
    if kind not in ("ARRAY", "OBJECT"):
        place = f"`{records}`, the `records` of the options," if records else "the document"
        raise SourceError(f"{name}: {place} is neither a list nor an object; its keys are {', '.join(names or [])}")
    lists = f"select key from {whole}, json_each(json, {path}) where json_type(value) = 'ARRAY'"
    nested = [key for (key,) in connection.execute(lists).fetchall()] if kind == "OBJECT" else []
    if nested:
        paths = " or ".join(f"`records: {'.'.join(filter(None, [records, key]))}`" for key in nested)
        raise SourceError(f"{name}: the records stand in a list within the document; add {paths} to the options")


def keys(connection: duckdb.DuckDBPyConnection, texts: str) -> list[str]:
    """Every key of any record, in the order of first appearance; a whole pass, since a key may come late."""
    found = connection.execute(f"""
        with texts as ({texts}),
        found as (select {SOURCE_ROW}, unnest(json_keys({TEXT})) as key from texts where {_problem()} is null)
        select key from found group by key order by min({SOURCE_ROW}), key
    """)
    return [key for (key,) in found.fetchall()]


def columns_of(texts: str, names: dict[str, str]) -> str:
    """The records as a select statement of `__source_row`, `__problem`, `__record` and a column for each name: key."""
    pointers = ", ".join(literal("/" + key.replace("~", "~0").replace("/", "~1")) for key in names.values())
    values = ", ".join(f"found[{place}] as {identifier(name)}" for place, name in enumerate(names, start=1))
    return f"""
        with texts as ({texts}),
        judged as (select *, {_problem()} as {PROBLEM} from texts),
        extracted as (
            select *, json_extract_string(case when {PROBLEM} is null then {TEXT} end, [{pointers}]::varchar[]) as found
            from judged
        )
        select {SOURCE_ROW}, {PROBLEM}, case when {PROBLEM} is not null then {TEXT}::varchar end as {RECORD}
        {", " + values if values else ""}
        from extracted
    """


def _problem() -> str:
    """Why a text is no record, as SQL; NULL for a JSON object with distinct keys."""
    return f"""case
        when not json_valid({TEXT}) then 'cannot be read as JSON'
        when json_type({TEXT}) <> 'OBJECT' then 'is JSON of type ' || lower(json_type({TEXT})) || ', not an object'
        when len(json_keys({TEXT})) <> len(list_distinct(json_keys({TEXT}))) then 'holds a key twice'
    end"""
