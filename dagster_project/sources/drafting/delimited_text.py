"""Lines of delimited text: the dialect that cuts them alike, and how many lines stand above the header.

DuckDB's sniffer is not used for this: it takes a remark above the header for the header where line ends are mixed or
the remark has a comma, and gives no dialect at all for a beginning that breaks off inside quotes.
"""

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from dagster_project.sources.mapping.model import FileOptions

_DELIMITERS = (",", ";", "\t", "|")
_QUOTES = (('"', '"'), ('"', "\\"), ("'", "'"))
"""Quote and its escape, the usual first: it wins where several cut the lines alike."""
_ROWS_CUT = 300
_ALIKE = 0.9
_SEPARATOR_LINE = re.compile(r"sep=(.)\n", re.IGNORECASE)


@dataclass(frozen=True)
class _Dialect:
    delim: str = ","
    quote: str = '"'
    escape: str = '"'

    def rows(self, text: str) -> Iterator[list[str]]:
        csv.field_size_limit(max(len(text), 1 << 17))
        doubled = self.escape == self.quote
        return csv.reader(
            io.StringIO(text, newline="\n"),
            delimiter=self.delim,
            quotechar=self.quote,
            doublequote=doubled,
            escapechar=None if doubled else self.escape,
        )


def dialect_of(text: str) -> tuple[FileOptions, list[str]]:
    """The options that read `text`, whose line ends may be of any kind, and what to say of them."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    notes: list[str] = []
    if separator := _SEPARATOR_LINE.match(text):
        text = text[separator.end() :]
        notes.append(f"the first line says sep={separator[1]}, the header comes after it")
    dialect, width = _dialect(text)
    skipped = _preamble(text, dialect, width)
    if skipped:
        notes.append(f"{skipped} line{'s' * (skipped > 1)} above the header")
    options = FileOptions(delim=dialect.delim, quote=dialect.quote, escape=dialect.escape, skip_lines=skipped)
    return options, notes


def _dialect(text: str) -> tuple[_Dialect, int]:
    """The dialect that gives most rows one number of values, and that number; of equals the one with more values."""
    best, best_rank = _Dialect(), (0.0, 1)
    for quote, escape in _QUOTES:
        for delim in _DELIMITERS:
            dialect = _Dialect(delim, quote, escape)
            rank = _likeness(dialect, text)
            if rank[1] > 1 and rank > best_rank:
                best, best_rank = dialect, rank
        if best_rank[0] >= _ALIKE:
            break
    return best, best_rank[1]


def _likeness(dialect: _Dialect, text: str) -> tuple[float, int]:
    """The share of rows with the most frequent number of values, in tenths, and that number."""
    widths = [len(row) for row in itertools.islice(dialect.rows(text), _ROWS_CUT) if row]
    width, count = Counter(widths).most_common(1)[0] if widths else (0, 0)
    return round(count / max(len(widths), 1), 1), width


def _preamble(text: str, dialect: _Dialect, width: int) -> int:
    """The lines above the first row that has the table's number of values."""
    reader = dialect.rows(text)
    before = 0
    for row in itertools.islice(reader, _ROWS_CUT):
        if len(row) == width:
            return before
        before = reader.line_num  # type: ignore[attr-defined]
    return 0
