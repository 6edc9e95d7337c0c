"""Marts as Parquet files in the order of their keys with the hash of what they say, and tables for BI over them.

Tables for BI (`bi/<topic>/<table>.sql`, declared in the yml beside it) hold no share, growth or other ratio: counts
that may be summed, and measures that are a sum over a sum. An average of shares has nothing to be computed from.
"""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from dagster_project.publishing.dictionary import DataDictionary, Mart, read_dictionary
from dagster_project.storage.sql import identifier, identifier_list, literal, parquet_file

BI_FOLDER = Path(__file__).with_name("bi")


def bi_dictionary(marts: set[str]) -> DataDictionary:
    """The tables whose marts are all among `marts`."""
    declared = read_dictionary(BI_FOLDER).marts
    return DataDictionary([table for table in declared if set(duckdb.get_table_names(_query(table))) <= marts])


def write_bi_tables(dictionary: DataDictionary, mart_files: dict[str, Path], target: Path) -> dict[str, Path]:
    """Write each table of `bi_dictionary` to `target/<table>.parquet`, rows in the order of its key; table -> file.

    mart_files: mart -> Parquet file as released, small cells hidden.
    """
    target.mkdir(exist_ok=True)
    with duckdb.connect() as connection:
        for mart, file in mart_files.items():
            connection.execute(f"create view {identifier(mart)} as from {parquet_file(file)}")
        return {table.name: _write(connection, table, target) for table in dictionary.marts}


def _write(connection: duckdb.DuckDBPyConnection, table: Mart, target: Path) -> Path:
    file = target / f"{table.name}.parquet"
    rows = f"from ({_query(table)}) order by {identifier_list(table.primary_key)}"
    connection.execute(f"copy ({rows}) to {literal(str(file))} (format parquet, compression zstd)")
    return file


def _query(table: Mart) -> str:
    return (BI_FOLDER / table.topic / f"{table.name}.sql").read_text(encoding="utf-8")


MARTS_SCHEMA = "marts"
HASH_BATCH_ROWS = 10_000


class ExportError(Exception):
    """A mart cannot be exported; the message names the mart and what to do."""


def export_marts(warehouse: Path, marts: dict[str, list[str]], target: Path) -> dict[str, Path]:
    """Write each mart to `target/<mart>.parquet`, rows in the order of its key.

    marts: name -> key columns. The warehouse is opened read-only. Returns name -> file.
    Raises ExportError for a mart or key column that the warehouse lacks, or a mart without key columns.
    """
    if not warehouse.is_file():
        raise ExportError(f"{warehouse}: no such warehouse; build the marts first")
    target.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return {mart: _export_mart(connection, mart, key, target) for mart, key in marts.items()}


def _export_mart(connection: duckdb.DuckDBPyConnection, mart: str, key: list[str], target: Path) -> Path:
    _require_key(connection, mart, key)
    path = target / f"{mart}.parquet"
    source = f"{identifier(MARTS_SCHEMA)}.{identifier(mart)}"
    rows = f"select * from {source} order by {identifier_list(key)}"
    connection.execute(f"copy ({rows}) to $path (format parquet, compression zstd)", {"path": str(path)})
    return path


def _require_key(connection: duckdb.DuckDBPyConnection, mart: str, key: list[str]) -> None:
    found = connection.execute(
        "select column_name from information_schema.columns where table_schema = ? and table_name = ?",
        [MARTS_SCHEMA, mart],
    ).fetchall()
    columns = [name for (name,) in found]
    if not columns:
        raise ExportError(f"{MARTS_SCHEMA}.{mart}: the warehouse has no such mart; build it with dbt first")
    missing = [name for name in key if name not in columns]
    if missing or not key:
        wanted = ", ".join(missing) or "any key column"
        raise ExportError(f"{MARTS_SCHEMA}.{mart}: lacks {wanted}; its columns are {', '.join(columns)}")


def content_hash(path: Path) -> str:
    """SHA-256 of the column names, types and rows of a Parquet file, in file order.

    The same rows written by another writer version or with another compression have the same hash.
    """
    found = path.stat()
    return _content_hash(path, found.st_size, found.st_mtime_ns, found.st_ino)


@lru_cache(maxsize=500)  # a run compares its marts with earlier releases and then releases the same files
def _content_hash(path: Path, size: int, modified_ns: int, inode: int) -> str:
    """`content_hash` of a file in one state; the state is part of the arguments, so that another one is read."""
    with pq.ParquetFile(path) as file:
        schema = [[field.name, str(field.type)] for field in file.schema_arrow]
        digest = hashlib.sha256(json.dumps(schema).encode())
        as_json = json.JSONEncoder(default=str).encode
        for batch in file.iter_batches(batch_size=HASH_BATCH_ROWS):
            rows = zip(*(_exact_text(column).to_pylist() for column in batch.columns), strict=True)
            digest.update("".join(map(as_json, rows)).encode())
    return digest.hexdigest()


def _exact_text(column: pa.Array) -> pa.Array:
    # Arrow writes a decimal and a date as Python does, at a tenth of the time; the types are part of the hash already.
    as_text = pa.types.is_decimal(column.type) or pa.types.is_date(column.type)
    return column.cast(pa.string()) if as_text else column


def row_count(path: Path) -> int:
    """Rows of a Parquet file, from its footer."""
    return int(pq.read_metadata(path).num_rows)
