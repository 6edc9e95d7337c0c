"""The DuckDB connection that reads feeds: bounded memory, spilling to disk, the functions mappings may call."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import duckdb

from dagster_project.sources.errors import SourceAwayError, SourceError
from dagster_project.sources.values.currencies import NO_RATES, Rates
from dagster_project.sources.values.functions import define_functions, define_macros
from dagster_project.storage.sql import literal

_AWAY = re.compile(
    "refused|timed? ?out|unreachable|reset by peer|could not (connect|resolve|establish)|closed the connection"
    "|connection (was )?(closed|lost)|starting up|shutting down|too many (clients|connections)|no route to host"
    r"|HTTP (code )?(429|5\d\d)|error code: 5\d\d",
    re.IGNORECASE,
)
"""What DuckDB's readers say of a server that does not answer now, unlike one that refuses the question."""


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


@contextmanager
def another_connection(connection: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """Another thread's connection to the database of `reading_connection`; its temporary tables are its own."""
    with connection.cursor() as another:
        another.execute("set enable_progress_bar = false")
        define_macros(another)
        yield another


def thread_count(connection: duckdb.DuckDBPyConnection) -> int:
    """Threads that a connection's queries may use: as many as the machine has cores unless it was told otherwise."""
    [(count,)] = connection.execute("select current_setting('threads')").fetchall()
    return int(count)


def open_object_store(connection: duckdb.DuckDBPyConnection, endpoint: str) -> None:
    """Loads the reader of http and S3; credentials come from the usual AWS variables, profiles and roles.

    `endpoint` is the URL of an S3-compatible server, empty for AWS itself. Secrets of DuckDB's own
    (`create persistent secret`) go before.
    """
    load_extension(connection, "httpfs")
    load_extension(connection, "aws")
    server = ""
    if endpoint:
        address = urlsplit(endpoint)
        uses_tls = str(address.scheme == "https").lower()
        server = f", endpoint {literal(address.netloc)}, url_style 'path', use_ssl {uses_tls}"
    connection.execute(
        f"create or replace temporary secret (type s3, provider credential_chain, validation 'none'{server})"
    )


def load_extension(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Loads an extension of DuckDB from its Python package, so that nothing is fetched at run time."""
    package = files(f"duckdb_extension_{name}")
    extension = package / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
    connection.execute(f"load {literal(str(extension))}")


def is_away(error: Exception) -> bool:
    """Whether a server did not answer, so that the same may go well in a while."""
    return _AWAY.search(str(error)) is not None


def source_error(message: str, error: Exception) -> SourceError:
    """The error of a place that could not be read: SourceAwayError where its server does not answer now."""
    return SourceAwayError(message) if is_away(error) else SourceError(message)
