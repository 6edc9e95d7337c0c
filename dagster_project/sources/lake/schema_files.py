"""Empty Parquet files with the columns of each input table, for a month or an input that a feed does not provide."""

import duckdb

from dagster_project.sources.contracts import READER_COLUMNS, TABLES, Table
from dagster_project.storage.workspace import Home


def write_schema_files(home: Home) -> None:
    """Write `lake/raw/<table>/schema.parquet` for every input table of the contract."""
    with duckdb.connect() as connection:
        for table in TABLES.values():
            target = home.raw(table.name) / "schema.parquet"
            target.parent.mkdir(parents=True, exist_ok=True)
            building = target.with_suffix(".building")
            connection.execute(f"copy (select {_typed_nulls(table)} limit 0) to '{building}' (format parquet)")
            building.replace(target)


def _typed_nulls(table: Table) -> str:
    types = {column.name: column.sql_type for column in table.columns} | READER_COLUMNS
    return ", ".join(f"null::{sql_type} as {name}" for name, sql_type in types.items())
