"""Opening the warehouse file. DuckDB lets one process write or several read; who comes second waits and says why."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import duckdb
from tenacity import RetryCallState, Retrying, retry_if_exception_message, stop_after_delay, wait_exponential

from dagster_project.storage.shown_text import REBUILD
from dagster_project.storage.sql import identifier

DAMAGED = re.compile(r"not a valid DuckDB database|Could not read enough bytes|[Cc]orrupt|[Cc]hecksum")
LOCKED = r"(?s).*Could not set lock on file.*"
_HOLDER = re.compile(r"Conflicting lock is held in (?P<holder>.+?\(PID \d+\))")


class WarehouseLockedError(RuntimeError):
    """Another process held the warehouse longer than the wait; the message names it."""


class WarehouseDamagedError(RuntimeError):
    """The warehouse file is no database any more; the message says what heals it."""


def lock_holder(message: str) -> str:
    """Who holds the lock according to DuckDB's message: program and process id."""
    found = _HOLDER.search(message)
    return found["holder"] if found else "another process"


def connect(
    warehouse: Path,
    *,
    read_only: bool = True,
    log: Callable[[str], None] = print,
    wait_seconds: float = 600,
) -> duckdb.DuckDBPyConnection:
    """Open the warehouse, waiting while another process holds it.

    `log` gets one line with the holder before each wait. Raises WarehouseLockedError after wait_seconds, and
    WarehouseDamagedError for a file that is no DuckDB database.
    """

    def name_holder(state: RetryCallState) -> None:
        log(f"{warehouse} is locked by {_holder_of(state)}; waiting for it")

    retrying = Retrying(
        retry=retry_if_exception_message(match=LOCKED),
        wait=wait_exponential(multiplier=0.5, max=10),
        stop=stop_after_delay(wait_seconds),
        before_sleep=name_holder,
        reraise=True,
    )
    try:
        return retrying(duckdb.connect, str(warehouse), read_only=read_only)
    except duckdb.IOException as error:
        if DAMAGED.search(str(error)):
            raise WarehouseDamagedError(
                f"{warehouse} is not readable ({str(error).splitlines()[0]}); {REBUILD}"
            ) from error
        if not re.match(LOCKED, str(error)):
            raise
        raise WarehouseLockedError(
            f"{warehouse} is still locked by {lock_holder(str(error))} after {wait_seconds:.0f} s;"
            " stop that process, or let BI tools read releases/latest instead of the warehouse"
        ) from error


def set_aside_if_damaged(warehouse: Path, log: Callable[[str], None], *, read_all: bool = False) -> None:
    """Rename a warehouse that cannot be opened, with its write-ahead log; what is built from the lake replaces it.

    read_all: or one in which any value of any table cannot be read, which takes as long as reading them.
    """
    if not warehouse.exists():
        return
    try:
        with connect(warehouse, read_only=False, log=log) as connection:
            if read_all:
                _read_all(warehouse, connection)
    except WarehouseDamagedError as error:
        aside = warehouse.with_suffix(".damaged")
        warehouse.replace(aside)
        write_ahead = warehouse.with_name(warehouse.name + ".wal")
        if write_ahead.exists():
            write_ahead.replace(aside.with_suffix(".damaged.wal"))
        log(f"{error}. It is now {aside}")


def _read_all(warehouse: Path, connection: duckdb.DuckDBPyConnection) -> None:
    tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
    try:
        for schema, table in tables:
            name = f"{identifier(schema)}.{identifier(table)}"
            connection.execute(f"select bit_xor(hash(whole_row)) from {name} as whole_row").fetchall()
    except duckdb.Error as error:
        raise WarehouseDamagedError(
            f"{warehouse}: {schema}.{table} is not readable ({str(error).splitlines()[0]}); {REBUILD}"
        ) from error


def wait_until_free(warehouse: Path, log: Callable[[str], None]) -> None:
    """Return when this process could write; dbt opens the file in a process of its own right after."""
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    connect(warehouse, read_only=False, log=log).close()


def drop_outdated(
    warehouse: Path, columns: Mapping[tuple[str, str], Sequence[str]], log: Callable[[str], None]
) -> None:
    """Drop tables of an earlier version of the project; columns: (schema, table) -> names as they are today.

    dbt appends the months of the plan to what is there. A model with other columns has other SQL, which makes all
    months stale, so that its table is counted anew as a whole.
    """
    with connect(warehouse, read_only=False, log=log) as connection:
        found = connection.execute(
            "select schema_name, table_name, list(column_name order by column_index) from duckdb_columns() group by all"
        ).fetchall()
        present = {(schema, table): names for schema, table, names in found}
        for place in sorted(place for place in columns if place in present and present[place] != list(columns[place])):
            log(f"{'.'.join(place)} has the columns of an earlier version; it is counted anew")
            connection.execute(f"drop table {identifier(place[0])}.{identifier(place[1])} cascade")


def _holder_of(state: RetryCallState) -> str:
    failure = state.outcome.exception() if state.outcome else None
    return lock_holder(str(failure))
