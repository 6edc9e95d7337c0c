"""Records of a CSV file: one that breaks off or has a field too many is one record with its problem, no more.

Python's csv module reads them. DuckDB's reader is faster, but refuses a file for one bad line, and read a file of mixed
line ends as empty without a word.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from dagster_project.sources.errors import SourceError
from dagster_project.sources.files.records import Record, count_lines, is_of_the_encoding, printable
from dagster_project.sources.mapping.model import FileOptions

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
