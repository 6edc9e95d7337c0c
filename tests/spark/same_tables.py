"""Tables of a DuckDB warehouse beside the Parquet files that Spark made of the same models."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

TOLERANCE = 1e-9
SCHEMAS = ("seeds", "staging", "intermediate", "marts")


@dataclass(frozen=True)
class Comparison:
    """What was compared: tables with their rows in the warehouse, and a line a table that differs."""

    rows: dict[str, int]
    differences: list[str]


def compare(warehouse: Path, tables: Path, schemas: tuple[str, ...] = SCHEMAS) -> Comparison:
    """Every table and view of the schemas row by row, floats to 1e-9."""
    rows, differences = {}, []
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        query = "select table_schema || '.' || table_name from information_schema.tables where table_schema in $schemas"
        for (name,) in connection.execute(query, {"schemas": schemas}).fetchall():
            expected, found = _rows(connection, name, f"'{tables}/{name.replace('.', '/')}/*.parquet'")
            rows[name] = len(expected)
            if (difference := _difference(expected, found)) is not None:
                differences.append(f"{name}: {difference}")
    return Comparison(rows, differences)


def _rows(connection: duckdb.DuckDBPyConnection, name: str, files: str) -> tuple[list[Any], list[Any]]:
    """The rows of both sides in one order: first by what is equal to the letter, then by numbers with fractions."""
    types = {column: kind for column, kind, *_ in connection.execute(f"describe {name}").fetchall()}
    fractions = [column for column, kind in types.items() if kind == "DOUBLE" or kind.startswith("DECIMAL")]
    columns = [f"cast({column} as varchar)" for column in types if column not in fractions]
    columns += [f"cast({column} as double)" for column in fractions]
    select = f"select {', '.join(columns)} from {{}} order by all"
    sides = name, f"read_parquet({files}, hive_partitioning = false)"
    return tuple(connection.execute(select.format(side)).fetchall() for side in sides)  # type: ignore[return-value]


def _difference(expected: list[Any], found: list[Any]) -> str | None:
    if len(expected) != len(found):
        return f"{len(expected)} rows in DuckDB, {len(found)} on Spark"
    pairs = zip(expected, found, strict=True)
    unlike = [(one, other) for one, other in pairs if not all(map(_is_same, one, other))]
    return f"{len(unlike)} rows differ, first {unlike[0]}" if unlike else None


def _is_same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= TOLERANCE * max(1.0, abs(one))
    return bool(one == other)
