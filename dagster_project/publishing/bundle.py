"""What a release directory holds: one DuckDB file, the marts as Parquet, the dictionary, the report."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project.publishing.catalog import ReleaseError
from dagster_project.publishing.dictionary import DataDictionary, Mart
from dagster_project.publishing.identifiers import literal, quoted, quoted_list

DATABASE_FILE = "hiring_pulse.duckdb"
MARTS_DIRECTORY = "marts"
REPORT_DIRECTORY = "report"
REPORT_FILES = ("hiring_report.html", "hiring_report.md", "claims.json")
READ_ONLY = 0o444


@dataclass(frozen=True)
class ReleaseContent:
    """What is released: mart name -> Parquet file in key order, the report directory, the dictionary."""

    mart_files: dict[str, Path]
    report_dir: Path
    dictionary: DataDictionary


def fill_bundle(directory: Path, content: ReleaseContent) -> None:
    """Write everything but the record into the empty `directory`.

    Raises ReleaseError for a mart whose documented key is no key of its rows.
    """
    (directory / MARTS_DIRECTORY).mkdir()
    for mart, file in content.mart_files.items():
        shutil.copyfile(file, directory / MARTS_DIRECTORY / f"{mart}.parquet")
    (directory / REPORT_DIRECTORY).mkdir()
    for name in REPORT_FILES:
        shutil.copyfile(content.report_dir / name, directory / REPORT_DIRECTORY / name)
    (directory / "data_dictionary.md").write_text(content.dictionary.to_markdown(), encoding="utf-8")
    (directory / "data_dictionary.csv").write_text(content.dictionary.to_csv(), encoding="utf-8")
    _write_database(directory, content.dictionary.marts)


def seal(directory: Path) -> None:
    """Make every file read-only and force it to disk, so that a rename publishes whole files only."""
    for path in sorted(directory.rglob("*")):
        if path.is_file():
            path.chmod(READ_ONLY)
        _flush(path)
    _flush(directory)


def _write_database(directory: Path, marts: list[Mart]) -> None:
    with duckdb.connect(str(directory / DATABASE_FILE)) as connection:
        for mart in marts:
            file = directory / MARTS_DIRECTORY / f"{mart.name}.parquet"
            table = quoted(mart.name)
            connection.execute(f"create table {table} as from read_parquet($file)", {"file": str(file)})
            _add_key(connection, mart)
            _add_comments(connection, mart)


def _add_key(connection: duckdb.DuckDBPyConnection, mart: Mart) -> None:
    try:
        connection.execute(f"alter table {quoted(mart.name)} add primary key ({quoted_list(mart.primary_key)})")
    except duckdb.Error as error:
        key = ", ".join(mart.primary_key)
        raise ReleaseError(f"mart {mart.name}: ({key}) is no key of its rows; mend the mart ({error})") from error


def _add_comments(connection: duckdb.DuckDBPyConnection, mart: Mart) -> None:
    table = quoted(mart.name)
    connection.execute(f"comment on table {table} is {literal(mart.description)}")
    for column in mart.columns:
        name = f"{table}.{quoted(column.name)}"
        connection.execute(f"comment on column {name} is {literal(column.description)}")


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
