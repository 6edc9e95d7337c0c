"""One in-memory DuckDB session per validation, seen by Great Expectations through SQLAlchemy.

The warehouse is attached read-only, lake files and frames become tables beside it, so that suites find every
table as `schema.table` wherever it comes from. Attaching works beside any reader of the file in this process;
opening it does not. Nothing here may write to the warehouse or the lake.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
from duckdb_engine import ConnectionWrapper, Dialect
from sqlalchemy.dialects import registry
from sqlalchemy.pool import StaticPool

from dagster_project.storage.sql import file_literal, literal, month_of

DIALECT = "duckdb_session"


class SessionDialect(Dialect):
    """DuckDB's dialect without transactions and without settings of its own.

    Great Expectations reads rows after the end of the block that fetched them, and a rollback would drop them
    (its issues 10738 and 11579), so begin, commit and rollback do nothing. duckdb-engine adds a user agent to
    the settings, and one database cannot be opened with two different settings in one process.
    """

    supports_statement_cache = False

    @classmethod
    def get_pool_class(cls, url: Any) -> type[StaticPool]:
        return StaticPool

    def connect(self, *args: Any, **kwargs: Any) -> Any:
        return ConnectionWrapper(duckdb.connect(kwargs["database"]))

    def do_begin(self, connection: Any) -> None:
        pass

    def do_commit(self, connection: Any) -> None:
        pass

    def do_rollback(self, connection: Any) -> None:
        pass


registry.register(DIALECT, __name__, "SessionDialect")


def switch_off_analytics() -> None:
    """Forbid Great Expectations to call workspace; it reads the variable once, when it is first imported."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"


@dataclass(frozen=True)
class ValidationSource:
    """Tables to validate: a DuckDB connection and the SQLAlchemy URL under which GX sees the same tables."""

    connection: duckdb.DuckDBPyConnection
    url: str

    def has(self, table: str) -> bool:
        """Whether `schema.table` exists in the session."""
        schema, name = table.split(".")
        found = self.connection.execute(
            "select count(*) from duckdb_views() where schema_name = ? and view_name = ?"
            " and database_name = current_database()",
            [schema, name],
        ).fetchone()
        return bool(found and found[0])

    def row_count(self, table: str) -> int:
        """Rows of `schema.table`."""
        count = self.connection.sql(f"from {table}").count("*").fetchone()
        return int(count[0]) if count else 0


@contextmanager
def open_source(
    *,
    warehouse: Path | None = None,
    parquet: Mapping[str, Sequence[Path]] | None = None,
    frames: Mapping[str, Any] | None = None,
) -> Iterator[ValidationSource]:
    """Open a session over a warehouse file, lake files and frames, in any combination.

    Args:
        warehouse: DuckDB file, attached read-only; its tables keep their names (`staging.stg_...`).
        parquet: table name (`raw.job_posts`) -> Parquet files; a table without files does not exist.
            Columns are united by name, the file's folder `month=` becomes a column.
        frames: table name (`report.claims`) -> pandas or Arrow table.

    Raises:
        duckdb.Error: the warehouse does not exist or is being written to.
    """
    name = f":memory:validation_{uuid4().hex}"
    with duckdb.connect(name) as connection:
        if warehouse is not None:
            _attach_warehouse(connection, warehouse)
        for table, files in (parquet or {}).items():
            _create_parquet_view(connection, table, files)
        for table, frame in (frames or {}).items():
            _create_frame_view(connection, table, frame)
        yield ValidationSource(connection, f"{DIALECT}:///{name}")


def month_files(root: Path, months: Sequence[str]) -> list[Path]:
    """Parquet files below `root` in the folders `month=YYYY-MM` of the given months, in name order."""
    folders = [f"**/month={month}/*.parquet" for month in sorted(set(months))]
    return [path for folder in folders for path in sorted(root.glob(folder))]


def _attach_warehouse(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Tables alone: a view over the lake holds the path that the lake had when the view was made."""
    connection.execute(f"attach {literal(str(path))} as warehouse (read_only)")
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'warehouse'"
    ).fetchall()
    for schema, name in tables:
        _create_view(connection, f"{schema}.{name}", f'from warehouse."{schema}"."{name}"')


def _create_parquet_view(connection: duckdb.DuckDBPyConnection, table: str, files: Sequence[Path]) -> None:
    if not files:
        return
    listed = ", ".join(file_literal(str(file)) for file in files)
    query = f"""
        select * exclude (filename), {month_of("filename")} as month
        from read_parquet([{listed}], filename = true, hive_partitioning = false, union_by_name = true)
    """
    _create_view(connection, table, query)


def _create_frame_view(connection: duckdb.DuckDBPyConnection, table: str, frame: Any) -> None:
    # A registered frame is visible to its own connection only, and GX opens a second one: copy it.
    stored = "frame_" + table.replace(".", "__")
    connection.register("incoming", frame)
    connection.execute(f'create table "{stored}" as from incoming')
    connection.unregister("incoming")
    _create_view(connection, table, f'from "{stored}"')


def _create_view(connection: duckdb.DuckDBPyConnection, table: str, query: str) -> None:
    schema, name = table.split(".")
    connection.execute(f'create schema if not exists "{schema}"')
    connection.execute(f'create view "{schema}"."{name}" as {query}')
