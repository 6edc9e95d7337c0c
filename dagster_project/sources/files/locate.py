"""Finding a feed's files, fetching remote ones, copying tables of databases, and proving each whole."""

import glob
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa

from dagster_project.sources.errors import SourceError
from dagster_project.sources.files.connection import load_extension, open_object_store, source_error
from dagster_project.sources.files.records import COMPRESSION
from dagster_project.sources.mapping.model import FileGroup
from dagster_project.storage.sql import file_literal, identifier, literal

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


_CHUNK_BYTES = 1 << 20
_LFS_POINTER = b"version https://git-lfs.github.com/spec/"


@dataclass(frozen=True)
class SourceFile:
    """One file of a feed: `uri` absolute, `name` relative to DATA, `path` local, `file_hash` SHA-256 of its bytes."""

    uri: str
    name: str
    path: Path
    file_hash: str

    @property
    def load_id(self) -> str:
        return self.file_hash[:16]


class FileState(NamedTuple):
    """What a file looks like from outside: bytes, and the time of its last change in seconds since 1970."""

    size: int
    changed: float


def find_files(
    connection: duckdb.DuckDBPyConnection, group: FileGroup, data: str | Path | None, fetch_directory: Path
) -> Iterator[SourceFile]:
    """The files of a group in the order of their names; remote ones are copied to `fetch_directory`.

    Raises SourceError for a pattern without files in a group that must have some, a relative pattern without `data`,
    a cut file.
    """
    if group.format == "database":
        for address in group.files:
            yield _snapshot(address, group, data, fetch_directory)
        return
    seen: set[str] = set()
    for pattern in group.files:
        uris = _expand(connection, pattern, data, group.options.endpoint)
        if not uris and not group.may_be_absent:
            raise SourceError(
                f"no file matches {pattern!r} in {data}; correct DATA or the mapping's `files`, "
                "or say `may_be_absent: true` for files that come later"
            )
        for uri in sorted(set(uris) - seen):
            seen.add(uri)
            yield _open(connection, uri, data, fetch_directory)


def landed_files(
    connection: duckdb.DuckDBPyConnection, group: FileGroup, data: str | Path | None
) -> Iterator[tuple[str, FileState]]:
    """Uri and state of each file of a group; nothing of it is read.

    Databases are left out: only reading one tells whether it changed.
    """
    patterns = [] if group.format == "database" else group.files
    for uri in {uri for pattern in patterns for uri in _expand(connection, pattern, data, group.options.endpoint)}:
        try:
            yield uri, _remote_state(connection, uri) if _is_remote(uri) else _local_state(Path(uri))
        except FileNotFoundError:  # moved since it was listed
            continue


def _remote_state(connection: duckdb.DuckDBPyConnection, uri: str) -> FileState:
    try:
        query = f"select size, epoch(last_modified) from read_blob({file_literal(uri)})"
        return FileState(*connection.execute(query).fetchall()[0])
    except duckdb.Error as error:
        raise source_error(f"{uri}: cannot be looked at: {error}", error) from error


def _local_state(path: Path) -> FileState:
    found = path.stat()
    return FileState(found.st_size, found.st_mtime)


def _snapshot(address: str, group: FileGroup, data: str | Path | None, fetch_directory: Path) -> SourceFile:
    path = snapshot(address, group, data, fetch_directory)
    uri = group.database_uri(address)
    return SourceFile(uri=uri, name=uri, path=path, file_hash=_hash_whole_file(path))


def _expand(connection: duckdb.DuckDBPyConnection, pattern: str, data: str | Path | None, endpoint: str) -> list[str]:
    location = pattern if _is_remote(pattern) or Path(pattern).is_absolute() else _below(data, pattern)
    if not _is_remote(location):
        matches = glob.glob(location, recursive=True)  # noqa: PTH207 (Path.glob takes no absolute pattern)
        return [str(Path(path).resolve()) for path in matches if Path(path).is_file()]
    open_object_store(connection, endpoint)
    try:
        return [row[0] for row in connection.execute("select file from glob(?)", [location]).fetchall()]
    except duckdb.Error as error:
        raise source_error(f"{location}: cannot be listed: {error}", error) from error


def _below(data: str | Path | None, pattern: str) -> str:
    if data is None:
        raise SourceError(f"the mapping's files {pattern!r} are relative: give DATA=<folder or URI> as their place")
    if _is_remote(str(data)):
        return f"{str(data).rstrip('/')}/{pattern}"
    if not Path(data).is_dir():
        raise SourceError(f"DATA={data}: no such folder (current folder: {Path.cwd()})")
    return f"{glob.escape(str(Path(data).resolve()))}/{pattern}"


def _is_remote(location: str) -> bool:
    return "://" in location


def _open(
    connection: duckdb.DuckDBPyConnection, uri: str, data: str | Path | None, fetch_directory: Path
) -> SourceFile:
    path = _fetch(connection, uri, fetch_directory) if _is_remote(uri) else Path(uri)
    root = str(data).rstrip("/") if _is_remote(str(data)) else str(Path(data or ".").resolve())
    name = uri.removeprefix(f"{root}/") if uri.startswith(f"{root}/") else uri.rsplit("/", 1)[-1]
    return SourceFile(uri=uri, name=name, path=path, file_hash=_hash_whole_file(path))


def _fetch(connection: duckdb.DuckDBPyConnection, uri: str, fetch_directory: Path) -> Path:
    """One download, so that hashing and reading see the same bytes; the object must fit in memory."""
    try:
        row = connection.execute(f"select content from read_blob({file_literal(uri)})").fetchone()
    except duckdb.Error as error:
        raise source_error(f"{uri}: cannot be fetched: {error}", error) from error
    if row is None:
        raise SourceError(f"{uri}: no such object")
    name = hashlib.sha256(uri.encode()).hexdigest()[:16]
    path = fetch_directory / name / uri.rsplit("/", 1)[-1]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(row[0])
    return path


def _hash_whole_file(path: Path) -> str:
    try:
        if path.stat().st_size == 0:
            raise SourceError(f"{path}: the file is empty; fetch it again")
        _require_content(path)
        _require_whole_compression(path)
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise SourceError(f"{path}: unreadable or truncated ({error}); fetch it again") from error


def _require_content(path: Path) -> None:
    """A clone without its large files holds a pointer of three lines in the place of each."""
    with path.open("rb") as stream:
        if stream.read(len(_LFS_POINTER)) == _LFS_POINTER:
            raise SourceError(f"{path}: a git-lfs pointer, not the file itself; fetch it with `git lfs pull`")


def _require_whole_compression(path: Path) -> None:
    """DuckDB reads what it can unpack of a cut gz or zst file without a word, so the end is looked for here."""
    compression = COMPRESSION.get(path.suffix)
    if compression is None:
        return
    with pa.input_stream(str(path), compression=compression) as stream:
        while stream.read(_CHUNK_BYTES):
            pass
