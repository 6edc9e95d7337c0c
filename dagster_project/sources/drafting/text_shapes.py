"""How the text of an unknown file is read: its encoding, the dialect that cuts its lines, the shape of its JSON.

DuckDB's sniffer is not used for dialects: it takes a remark above the header for the header where line ends are mixed
or the remark has a comma, and gives no dialect at all for a beginning that breaks off inside quotes.
"""

import codecs
import csv
import io
import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from charset_normalizer import from_bytes

from dagster_project.sources.errors import SourceError
from dagster_project.sources.mapping.model import FileOptions

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
"""A mark is left out by the reader, so a file with one is read like one without."""
_USUAL = {
    "cp1252": "windows-1252", "cp1250": "windows-1250", "cp1251": "windows-1251", "cp1253": "windows-1253",
    "cp1254": "windows-1254", "cp1255": "windows-1255", "cp1256": "windows-1256", "cp1257": "windows-1257",
    "koi8_r": "koi8-r", "cp932": "shift_jis", "gb18030": "gb18030", "big5": "big5", "cp949": "cp949",
    "euc_jp": "euc-jp", "iso8859_2": "iso-8859-2", "mac_roman": "macintosh",
}  # fmt: skip
"""Python's name -> the usual one, the most usual first: it wins where the text fits several equally well."""
USUAL_ENCODINGS = tuple(_USUAL.values())
_BYTES_LOOKED_AT = 256 * 1024
_AS_GOOD = 0.03


def decode(file_name: str, content: bytes, is_whole: bool) -> tuple[str, str, tuple[str, ...]]:
    """Text, name of its encoding and what to say of it; `is_whole` is False for the first part of a longer file.

    Raises SourceError for bytes that are no text.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content.removeprefix(codecs.BOM_UTF8).decode(name, errors="replace"), name, ()
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(content, final=is_whole), "utf-8", ()
    except UnicodeDecodeError:
        return _guess(file_name, content)


def _guess(file_name: str, content: bytes) -> tuple[str, str, tuple[str, ...]]:
    lines = [line for line in content.splitlines() if not line.isascii()]
    found = list(from_bytes(b"\n".join(lines)[:_BYTES_LOOKED_AT], cp_isolation=list(_USUAL)))
    if not found or b"\x00" in content[:1024]:
        raise SourceError(f"{file_name}: no text in any usual encoding; give CSV, JSON, Parquet or a workbook")
    best = max(match.coherence - match.chaos for match in found)
    good = {
        name
        for match in found
        if match.coherence - match.chaos >= best - _AS_GOOD
        for name in (match.encoding, *match.could_be_from_charset)  # those that read the same letters
    }
    chosen, *others = [name for name in _USUAL if name in good]
    alternatives = f"; as well {', '.join(_USUAL[name] for name in others)}" if others else ""
    note = f"the encoding is a guess from its letters: {_USUAL[chosen]}{alternatives}"
    return content.decode(chosen, errors="replace"), _USUAL[chosen], (note,)


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


_BETWEEN_ITEMS = re.compile(r"[\s,]*")
_FEWEST_KEYED = 2
_MOST_UNLIKE = 0.5


@dataclass(frozen=True)
class Records:
    """`format` is jsonl or json, `path` the keys down to the list joined by dots (None: the document itself)."""

    format: str
    rows: list[dict[str, Any]]
    path: str | None = None
    notes: tuple[str, ...] = ()


def look_at_json(file_name: str, start: str, is_whole: bool, whole_text: Callable[[], str]) -> Records:
    """The records of a JSON file whose first part is `start`; `whole_text` reads all of it where that is needed."""
    lines = _records_by_line(start if is_whole else start[: start.rfind("\n") + 1])
    if lines is not None:
        return lines
    if not is_whole and start.lstrip().startswith("["):
        return Records("json", list(_first_items(start)))
    try:
        document = json.loads(start if is_whole else whole_text())
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise SourceError(f"{file_name}: no JSON: {error.msg} at {place}; fetch the file again") from error
    found = max(_lists(document, ()), key=lambda item: len(item[1]), default=None)
    if found is None:
        raise SourceError(f"{file_name}: the JSON holds no list of objects; give the part that lists the posts")
    path, records, others = found
    rows = [record for record in records if isinstance(record, dict)]
    notes = [f"the posts are the list under {'.'.join(path)}"] if path else []
    if others:
        notes.append(others)
    return Records("json", rows, ".".join(path) or None, tuple(notes))


def _records_by_line(start: str) -> Records | None:
    """The objects of a file with one a line; None where its first lines are not that."""
    given = [line for line in start.splitlines() if line.strip()]
    rows, unreadable = [], 0
    for line in given:
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            row = None
        if isinstance(row, dict):
            rows.append(row)
        else:
            unreadable += 1
    if not rows or unreadable > len(given) / 2 or (len(given) == 1 and _has_list_of_objects(rows[0])):
        return None
    notes = (f"{unreadable} of the lines looked at hold no object",) if unreadable else ()
    return Records("jsonl", rows, notes=notes)


def _first_items(start: str) -> Iterator[dict[str, Any]]:
    """The objects at the beginning of a list that is too long to be read whole."""
    decoder, position = json.JSONDecoder(), start.index("[") + 1
    while True:
        rest = _BETWEEN_ITEMS.match(start, position)
        try:
            item, position = decoder.raw_decode(start, rest.end() if rest else position)
        except json.JSONDecodeError:
            return
        if isinstance(item, dict):
            yield item


def _has_list_of_objects(document: dict[str, Any]) -> bool:
    return next(_lists(document, ()), None) is not None


def _lists(node: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], list[Any], str]]:
    """Every list of objects down the keys (not inside lists), and objects whose values are objects of one kind."""
    if isinstance(node, list):
        if any(isinstance(item, dict) for item in node):
            yield path, node, ""
    elif isinstance(node, dict):
        values = list(node.values())
        if len(values) >= _FEWEST_KEYED and all(isinstance(value, dict) for value in values) and _are_alike(values):
            yield path, values, "the posts are the values of an object whose keys are their ids"
            return
        for key, value in node.items():
            yield from _lists(value, (*path, key))


def _are_alike(values: list[dict[str, Any]]) -> bool:
    every = set().union(*values)
    shared = sum(len(value) for value in values) / (len(values) * max(len(every), 1))
    return shared >= _MOST_UNLIKE
