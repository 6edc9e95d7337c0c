"""What each release said about one row of a mart: first value, latest value, everything between."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.publishing.release.catalog import MARTS_DIRECTORY, Release, ReleaseError, list_releases
from dagster_project.storage.identifiers import quoted


@dataclass(frozen=True)
class Vintage:
    """A mart row (column -> value) as one release has it."""

    release_id: str
    released_at: datetime
    row: dict[str, Any]


@dataclass(frozen=True)
class Revision:
    """The row as first released and as released last; equal where nothing was revised."""

    first: Vintage
    latest: Vintage


def vintages(releases: Path, mart: str, key: dict[str, Any]) -> list[Vintage]:
    """The row of `mart` with exactly this key in each release that has it, the first release first.

    key: every key column of the mart -> its value. Raises ReleaseError where these are not the key columns.
    """
    with duckdb.connect() as connection:
        found = [(release, _row(connection, release, mart, key)) for release in list_releases(releases)]
    return [Vintage(release.id, release.released_at, row) for release, row in found if row is not None]


def revision(releases: Path, mart: str, key: dict[str, Any]) -> Revision | None:
    """First and latest value of a row; None where no release has it. Errors as for `vintages`."""
    known = vintages(releases, mart, key)
    return Revision(known[0], known[-1]) if known else None


def _row(
    connection: duckdb.DuckDBPyConnection, release: Release, mart: str, key: dict[str, Any]
) -> dict[str, Any] | None:
    content = release.marts.get(mart)
    if content is None:
        return None
    if set(content.primary_key) != set(key):
        wanted = ", ".join(content.primary_key)
        raise ReleaseError(f"release {release.id}: the key of {mart} is ({wanted}), asked for ({', '.join(key)})")
    file = release.path / MARTS_DIRECTORY / f"{mart}.parquet"
    same_key = " and ".join(f"{quoted(column)} = ?" for column in key)
    rows = connection.execute(f"from read_parquet(?) where {same_key}", [str(file), *key.values()])
    names = [column[0] for column in rows.description]
    row = rows.fetchone()
    return None if row is None else dict(zip(names, row, strict=True))
