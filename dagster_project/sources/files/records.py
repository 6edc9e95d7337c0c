"""Between a file and its typed reading: its text with foreign bytes kept visible, its records as Parquet."""

import codecs
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO, cast

import pyarrow as pa
import pyarrow.parquet as pq

COMPRESSION = {".gz": "gzip", ".zst": "zstd"}
_CHUNK_CHARACTERS = 1 << 20


@contextmanager
def open_text(path: Path, encoding: str, newline: str | None = "") -> Iterator[TextIO]:
    """The decoded file without its byte order mark; bytes that the encoding does not know become lone surrogates."""
    known = codecs.lookup(encoding).name
    with pa.input_stream(str(path), compression=COMPRESSION.get(path.suffix)) as stream:
        yield io.TextIOWrapper(
            cast("io.BufferedReader", stream),
            encoding="utf-8-sig" if known == "utf-8" else known,
            errors="surrogateescape",
            newline=newline,
        )


def count_lines(path: Path, encoding: str) -> int:
    """Lines by their ends, counted in blocks; a last line needs none."""
    lines, last = 0, "\n"
    with open_text(path, encoding, newline=None) as stream:
        while block := stream.read(_CHUNK_CHARACTERS):
            lines += block.count("\n")
            last = block[-1]
    return lines + (last != "\n")


def is_of_the_encoding(text: str) -> bool:
    """False where the file held bytes that its encoding does not know."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def printable(text: str) -> str:
    r"""The text with bytes of another encoding written as `\x93`."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


SOURCE_ROW, PROBLEM, RECORD = "__source_row", "__problem", "__record"
"""Beside a file's own columns: number of the record from 1, why it cannot be read (else NULL), and its text then."""
_BATCH_RECORDS = 20_000


@dataclass(frozen=True)
class Record:
    """One record: its `values` by column, or the `problem` that leaves only its `text`."""

    number: int
    values: list[str | None]
    problem: str | None = None
    text: str | None = None


def write_records(records: Iterable[Record], columns: list[str], target: Path) -> int:
    """Write the records with `columns` as text; return how many there are."""
    fields = [(SOURCE_ROW, pa.int64()), (PROBLEM, pa.string()), (RECORD, pa.string())]
    schema = pa.schema([*fields, *((name, pa.string()) for name in columns)])
    nothing: list[str | None] = [None] * len(columns)
    written = 0
    target.parent.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(target, schema, compression="lz4") as writer:
        for batch in _batches(records):
            values = zip(*(nothing if record.problem else record.values for record in batch), strict=True)
            described = [[r.number for r in batch], [r.problem for r in batch], [r.text for r in batch]]
            arrays = [pa.array(items, field.type) for items, field in zip([*described, *values], schema, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            written += len(batch)
    return written


def _batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    remaining = iter(records)
    while batch := list(islice(remaining, _BATCH_RECORDS)):
        yield batch
