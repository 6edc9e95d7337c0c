"""What a release directory holds, the version of its tables and columns, and the proof that it is whole."""

import csv
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from pathlib import Path

import duckdb
import pyarrow as pa

from dagster_project.publishing.catalog import (
    DATABASE_FILE,
    DICTIONARY_FILE,
    LINEAGE_FILE,
    MARTS_DIRECTORY,
    RECORD_FILE,
    REPORT_DIRECTORY,
    FileContent,
    Release,
    ReleaseError,
    latest_id,
    release_id,
)
from dagster_project.publishing.dictionary import DataDictionary, Mart
from dagster_project.publishing.export import content_hash
from dagster_project.publishing.revisions.tables import REVISION_MARTS, RevisionTables, write_tables
from dagster_project.storage.sql import identifier, identifier_list, literal, parquet_file
from dagster_project.storage.workspace import FIGURES_FOLDER, MONTHLY_FILES, WAVE_FILES, WORKER_STUDY_FIGURES

FIRST_VERSION = "1.0"
Schema = dict[str, dict[str, str]]
"""Table -> column -> type."""


@dataclass(frozen=True)
class SchemaState:
    """The version of a release's tables and, in sentences, what differs from the release `compared_with`."""

    version: str = FIRST_VERSION
    compared_with: str | None = None
    changes: list[str] = field(default_factory=list)

    def to_markdown(self) -> str:
        """A paragraph for the head of the dictionary."""
        if self.compared_with is None:
            return f"Schema {self.version}; there is no earlier release to compare with.\n\n"
        told = "".join(f"\n- {change}" for change in self.changes) or " nothing."
        return f"Schema {self.version}. Tables and columns that changed since release {self.compared_with}:{told}\n\n"


def next_schema(previous: Release | None, dictionary: DataDictionary) -> SchemaState:
    """The state of a release whose tables are those of `dictionary`, after `previous`."""
    if previous is None or not (previous.path / DICTIONARY_FILE).is_file():
        return SchemaState()
    before, now = released_schema(previous), _schema(dictionary)
    lost, added = _lost_or_retyped(before, now), _added(before, now)
    version = _raised(previous.schema_version, bool(lost), bool(added))
    return SchemaState(version, previous.id, [*lost, *added])


def released_schema(release: Release) -> Schema:
    """Tables and columns of a release by its data dictionary."""
    schema: Schema = {}
    with (release.path / DICTIONARY_FILE).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            schema.setdefault(row["mart"], {})[row["column"]] = row["type"]
    return schema


def _schema(dictionary: DataDictionary) -> Schema:
    return {mart.name: {column.name: column.data_type for column in mart.columns} for mart in dictionary.marts}


def _lost_or_retyped(before: Schema, now: Schema) -> list[str]:
    tables = [f"table {table} is gone" for table in sorted(before.keys() - now.keys())]
    columns = [
        f"column {table}.{column} is gone"
        if column not in now[table]
        else f"column {table}.{column} was {kind}, is {now[table][column]}"
        for table in sorted(before.keys() & now.keys())
        for column, kind in before[table].items()
        if now[table].get(column) != kind
    ]
    return [*tables, *columns]


def _added(before: Schema, now: Schema) -> list[str]:
    tables = [f"table {table} is new" for table in sorted(now.keys() - before.keys())]
    columns = [
        f"column {table}.{column} is new"
        for table in sorted(before.keys() & now.keys())
        for column in now[table]
        if column not in before[table]
    ]
    return [*tables, *columns]


def _raised(version: str, has_lost: bool, has_added: bool) -> str:
    major, minor = (int(part) for part in (version or FIRST_VERSION).split("."))
    if has_lost:
        return f"{major + 1}.0"
    return f"{major}.{minor + has_added}"


READ_ONLY = 0o444


@dataclass(frozen=True)
class ReleaseContent:
    """What is released: mart name -> Parquet file in key order, the report directory, the dictionary."""

    mart_files: dict[str, Path]
    report_dir: Path
    dictionary: DataDictionary
    study_dir: Path | None = None
    """Report folder of the last wave of the worker study; None where there is none."""
    lineage: str | None = None
    """JSON text that says which run, models and loads the numbers come from; see `stages/provenance.py`."""

    @property
    def tables(self) -> DataDictionary:
        """All tables of the release."""
        return DataDictionary([*self.dictionary.marts, *REVISION_MARTS])

    @property
    def report_files(self) -> dict[str, Path]:
        """Paths of the pages, the claims and the data behind every figure, by their names in the release."""
        figures = [
            file for file in self.report_dir.glob(f"{FIGURES_FOLDER}/*.*") if not file.match(WORKER_STUDY_FIGURES)
        ]
        files = {name: self.report_dir / name for page in MONTHLY_FILES for name in page}
        files |= {file.relative_to(self.report_dir).as_posix(): file for file in sorted(figures)}
        if self.study_dir is None:
            return files
        figures = sorted(self.study_dir.glob(WORKER_STUDY_FIGURES))
        files |= {name: self.study_dir / name for page in WAVE_FILES for name in page}
        return files | {file.relative_to(self.study_dir).as_posix(): file for file in figures}


def fill_bundle(directory: Path, content: ReleaseContent, revisions: RevisionTables, schema: SchemaState) -> None:
    """Write everything but the record into the empty `directory`.

    revisions: what became of earlier releases' values; schema: what changed in the tables since the release before.
    Raises ReleaseError for a mart whose documented key is no key of its rows.
    """
    (directory / MARTS_DIRECTORY).mkdir()
    for mart, file in content.mart_files.items():
        shutil.copyfile(file, directory / MARTS_DIRECTORY / f"{mart}.parquet")
    (directory / REPORT_DIRECTORY).mkdir()
    for name, file in content.report_files.items():
        target = directory / REPORT_DIRECTORY / name
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(file, target)
    write_tables(revisions, directory)
    text = content.tables.to_markdown(schema.to_markdown())
    (directory / "data_dictionary.md").write_text(text, encoding="utf-8")
    (directory / DICTIONARY_FILE).write_text(content.tables.to_csv(), encoding="utf-8")
    if content.lineage is not None:
        (directory / LINEAGE_FILE).write_text(content.lineage, encoding="utf-8")
    write_database(directory / DATABASE_FILE, content.tables, directory)


def file_contents(directory: Path) -> dict[str, FileContent]:
    """Size and SHA-256 of every file below `directory`, by its path there."""
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): file_content(path) for path in files}


def file_content(file: Path) -> FileContent:
    """Size and SHA-256 of one file."""
    with file.open("rb") as stream:
        return FileContent(file.stat().st_size, file_digest(stream, "sha256").hexdigest())


def seal(directory: Path) -> None:
    """Make every file read-only and force it to disk, so that a rename publishes whole files only."""
    for path in sorted(directory.rglob("*")):
        if path.is_file():
            path.chmod(READ_ONLY)
        _flush(path)
    _flush(directory)


def write_database(database: Path, tables: DataDictionary, release: Path) -> None:
    """Write the DuckDB file of the release whose Parquet files lie in `release`, with keys and comments."""
    files = {file.stem: file for file in release.rglob("*.parquet")}
    with duckdb.connect(str(database)) as connection:
        for mart in tables.marts:
            table = identifier(mart.name)
            connection.execute(f"create table {table} as from {parquet_file(files[mart.name])}")
            _add_key(connection, mart)
        connection.begin()  # each of hundreds of comments would be written to disk by itself
        for mart in tables.marts:
            _add_comments(connection, mart)
        connection.commit()


def _add_key(connection: duckdb.DuckDBPyConnection, mart: Mart) -> None:
    try:
        connection.execute(f"alter table {identifier(mart.name)} add primary key ({identifier_list(mart.primary_key)})")
    except duckdb.Error as error:
        key = ", ".join(mart.primary_key)
        raise ReleaseError(f"mart {mart.name}: ({key}) is no key of its rows; fix the mart ({error})") from error


def _add_comments(connection: duckdb.DuckDBPyConnection, mart: Mart) -> None:
    table = identifier(mart.name)
    connection.execute(f"comment on table {table} is {literal(mart.comment)}")
    for column in mart.columns:
        name = f"{table}.{identifier(column.name)}"
        connection.execute(f"comment on column {name} is {literal(column.description)}")


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def release_findings(release: Release) -> Iterator[str]:
    """A sentence for each file of a release that is not as it was written; nothing where all are."""
    if release_id(release.month, release.marts, release.report_sha256) != release.path.name:
        yield f"{RECORD_FILE} is not the record of this release"
    yield from _file_findings(release) if release.files else _content_findings(release)


def _file_findings(release: Release) -> Iterator[str]:
    present = {path.relative_to(release.path).as_posix() for path in release.path.rglob("*") if path.is_file()}
    for name, recorded in release.files.items():
        if name not in present:
            if name != DATABASE_FILE or release.id == latest_id(release.path.parent):  # of others it may be pruned
                yield f"{name} is gone"
        elif (found := file_content(release.path / name)).size != recorded.size:
            yield f"{name} has {found.size:,} bytes, released were {recorded.size:,}"
        elif found.sha256 != recorded.sha256:
            yield f"{name} has other content than was released"
    for name in sorted(present - set(release.files) - {RECORD_FILE}):
        yield f"{name} was not released"


def _content_findings(release: Release) -> Iterator[str]:
    """Of releases of versions that recorded the rows of marts and the pages alone."""
    for mart, recorded in release.marts.items():
        file = release.path / MARTS_DIRECTORY / f"{mart}.parquet"
        try:
            if content_hash(file) != recorded.sha256:
                yield f"{MARTS_DIRECTORY}/{file.name} has other rows than were released"
        except (pa.ArrowException, OSError) as error:
            yield f"{MARTS_DIRECTORY}/{file.name} cannot be read ({str(error).splitlines()[0]})"
    for name, recorded_hash in release.report_sha256.items():
        page = release.path / REPORT_DIRECTORY / name
        if not page.is_file():
            yield f"{REPORT_DIRECTORY}/{name} is gone"
        elif sha256(page.read_bytes()).hexdigest() != recorded_hash:
            yield f"{REPORT_DIRECTORY}/{name} is not the page that was released"
