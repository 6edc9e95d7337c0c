"""A table or query of a database as a file: a Parquet snapshot, read through DuckDB's scanners, never written to."""

import hashlib
import re
from pathlib import Path

import duckdb

from dagster_project.sources.errors import SourceError
from dagster_project.sources.files.connection import load_extension, source_error
from dagster_project.sources.mapping.model import FileGroup
from dagster_project.storage.sql import identifier, literal

_ADDRESS = re.compile(r"(?P<kind>postgres|postgresql|sqlite|duckdb):(?P<place>.+)")
_SCANNERS = {
    "postgres": ("postgres", "postgres_scanner"),
    "postgresql": ("postgres", "postgres_scanner"),
    "sqlite": ("sqlite", "sqlite_scanner"),
    "duckdb": ("duckdb", None),
}
"""Kind of address -> the type that DuckDB attaches it as, and the extension that this needs."""


def snapshot(address: str, group: FileGroup, data: str | Path | None, directory: Path) -> Path:
    """Copy the group's table or query to a Parquet file below `directory`, its rows sorted; its path.

    `address` is `postgres://user@host/database` (password in PGPASSWORD or ~/.pgpass), `sqlite:file` or `duckdb:file`,
    a relative file below `data`. Equal content gives equal bytes. Raises SourceError that names the address.
    """
    said = group.database_uri(address)
    kind, place = _parts(address, said, data)
    attached, extension = _SCANNERS[kind]
    options = group.options
    rows = f"({options.query})" if options.query else ".".join(identifier(part) for part in options.table.split("."))
    target = directory / hashlib.sha256(said.encode()).hexdigest()[:16] / "snapshot.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
            if extension:
                load_extension(connection, extension)
            connection.execute(f"attach {literal(place)} as source (type {attached}, read_only)")
            connection.execute("use source")
            connection.execute(f"copy (select * from {rows} order by all) to {literal(str(target))} (format parquet)")
    except duckdb.Error as error:
        told = str(error).splitlines()[0].replace(place, said.split("#")[0])
        # Not `from error`: its text holds the address with its password, and a chain is shown whole in logs.
        raise source_error(
            f"{said}: cannot be read: {told}. Correct the address, or `table` or `query` in the options", error
        ) from None
    return target


def _parts(address: str, said: str, data: str | Path | None) -> tuple[str, str]:
    """The kind of database and what DuckDB attaches."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise SourceError(
            f"{said}: no address of a database; write postgres://user@host/database, sqlite:file or duckdb:file"
        )
    kind, place = found["kind"], found["place"]
    if kind.startswith("postgres"):
        return kind, address
    path = Path(place) if data is None else Path(data) / place
    if not path.is_file():
        raise SourceError(f"{said}: no such file: {path} (current folder: {Path.cwd()})")
    return kind, str(path.resolve())
