"""Records that a Python reader took from a file, as Parquet for the typed reading that follows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

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
