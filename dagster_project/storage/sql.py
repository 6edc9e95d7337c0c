"""What statements need beside parameters: quoting of names and literals, and the cleaning of texts as a function."""

import re
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow as pa
from duckdb.func import ARROW, SPECIAL

from ml.features.clean_text import clean_text


def identifier(name: str) -> str:
    """`name` as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def identifier_list(names: Iterable[str]) -> str:
    """Identifiers separated by commas, for `order by` and key clauses."""
    return ", ".join(identifier(name) for name in names)


def literal(value: str) -> str:
    """`value` as a SQL text literal."""
    return "'" + value.replace("'", "''") + "'"


def file_literal(path: str) -> str:
    """One file as a SQL literal: its own `*`, `?` and `[` are not patterns."""
    return literal(re.sub(r"([*?\[])", r"[\1]", path))


def parquet_file(path: Path) -> str:
    """One Parquet file as a relation; a folder above it that is called `category=...` becomes no column."""
    return f"read_parquet({file_literal(str(path))}, hive_partitioning = false)"


def month_of(path: str) -> str:
    """The month, YYYY-MM, of the lake's file that the SQL expression `path` names.

    Not by DuckDB's hive partitioning, which takes the first `month=` of a path: the workspace may lie below one.
    """
    return f"regexp_extract({path}, '.*/month=([^/]+)/[^/]*$', 1)"


def register_clean_text(connection: duckdb.DuckDBPyConnection) -> None:
    """`clean_text(text)`, which `ml.features.clean_text.CLEAN_TEXT_SQL` calls: batches of texts in and out."""

    def cleaned(texts: pa.ChunkedArray) -> pa.Array:
        return pa.array([text and clean_text(text) for text in texts.to_pylist()], pa.string())

    connection.create_function("clean_text", cleaned, ["VARCHAR"], "VARCHAR", type=ARROW, null_handling=SPECIAL)
