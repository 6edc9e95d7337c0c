"""The DuckDB connection that reads feeds: bounded memory, spilling to disk, the functions mappings may call."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from dagster_project.sources.values.functions import define_functions
from dagster_project.sources.values.rates import NO_RATES, Rates
from dagster_project.storage.sql import literal


@contextmanager
def reading_connection(
    memory_limit: str, temp_directory: Path, rates: Rates = NO_RATES
) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory database in UTC; `memory_limit` as DuckDB writes it (`2GB`). Closed after the block.

    rates: those of the mapping, for amounts in other currencies.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "temp_directory": str(temp_directory),
        "autoinstall_known_extensions": "false",
    }
    with duckdb.connect(config=config) as connection:
        connection.execute("set enable_progress_bar = false")
        define_functions(connection, rates)
        yield connection


def load_httpfs(connection: duckdb.DuckDBPyConnection) -> None:
    """Loads the object-store reader from its Python package, so that nothing is fetched at run time.

    Credentials come from DuckDB's persistent secrets (`create persistent secret`).
    """
    import duckdb_extension_httpfs

    root = Path(duckdb_extension_httpfs.__file__).parent
    extension = root / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension"
    connection.execute(f"load {literal(str(extension))}")
