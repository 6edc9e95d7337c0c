"""The values of the headline series as each release has them, and which earlier releases they are compared with."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from dagster_project.publishing.catalog import (
    BI_PREFIX,
    REPORT_DIRECTORY,
    FeedName,
    MartContent,
    Release,
    ReleaseError,
    latest_id,
    list_releases,
)
from dagster_project.publishing.revisions.headline_series import HeadlineSeries
from dagster_project.storage.sql import identifier, literal, parquet_file

VALUE_COLUMNS = ["value_key", "label", "period_end", "definition_version", "value", "value_low", "value_high"]


@dataclass(frozen=True)
class SeriesValues:
    """One series in one vintage; `rows` has VALUE_COLUMNS, one row a value that is not null.

    rows is None where the marts lack the series or define it in another way; `reason` then says so.
    """

    rows: pd.DataFrame | None
    reason: str = ""


def series_values(
    connection: duckdb.DuckDBPyConnection,
    series: HeadlineSeries,
    mart_files: dict[str, Path],
    definitions: dict[str, str],
) -> SeriesValues:
    """The values of a series in the marts of one release.

    mart_files: mart -> Parquet file; definitions: series id -> version of the definition that the release was made by.
    Raises ReleaseError where a file is gone.
    """
    version = str(series.definition_version)
    made_by = definitions.get(series.id)
    if made_by != version:
        return SeriesValues(None, f"{series.id} has definition {made_by or 'unknown'}, now {version}")
    file = mart_files.get(series.mart)
    if file is None:
        return SeriesValues(None, f"no mart {series.mart}")
    if not file.is_file():
        raise ReleaseError(f"{file}: the release has lost it; restore the file or remove the release's directory")
    absent = series.columns - _columns(connection, file)
    if absent:
        return SeriesValues(None, f"{series.mart} has no {', '.join(sorted(absent))}")
    return SeriesValues(connection.execute(_query(series, version, file)).df())


def _columns(connection: duckdb.DuckDBPyConnection, file: Path) -> set[str]:
    return {name for name, *_ in connection.execute(f"describe from {parquet_file(file)}").fetchall()}


def _query(series: HeadlineSeries, version: str, file: Path) -> str:
    key = [f"{literal(f'{column}=')} || {identifier(column)}::varchar" for column in series.key]
    versions = [f"coalesce({identifier(column)}::varchar, 'none')" for column in series.version_columns]
    low, high = (identifier(f"{series.value}_{end}") if series.has_interval else "null" for end in ("low", "high"))
    chosen = [f"{identifier(column)} = {literal(value)}" for column, value in series.rows.items()]
    return f"""
        select
            concat_ws('; ', {", ".join(key)}) as value_key,
            {series.label} as label,
            {series.period_end} as period_end,
            concat_ws(', ', {", ".join([literal(version), *versions])}) as definition_version,
            {identifier(series.value)}::double as value,
            {low}::double as value_low,
            {high}::double as value_high
        from {parquet_file(file)}
        where {" and ".join([f"{identifier(series.value)} is not null", *chosen])}
    """


def printed_values(releases: list[Release], series: list[HeadlineSeries]) -> set[tuple[str, str]]:
    """(series_id, value_key) of every value that a sentence of an earlier report says, as its value or as its n."""
    files = [file for one in releases for file in (one.path / REPORT_DIRECTORY).glob("*claims.json")]
    return {
        (one.id, _value_key(one, claim["key"]))
        for file in files
        for claim in _claims(file)
        for one in series
        if _is_of(claim, one)
    }


def _claims(file: Path) -> list[dict[str, Any]]:
    claims: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return [claim for claim in claims if isinstance(claim, dict)]


def _is_of(claim: dict[str, Any], series: HeadlineSeries) -> bool:
    has_value = claim["mart"] == series.mart and series.value in (claim["metric"], claim["n_column"])
    return has_value and all(claim["key"].get(column) == value for column, value in series.rows.items())


def _value_key(series: HeadlineSeries, key: dict[str, str]) -> str:
    return "; ".join(f"{column}={key[column]}" for column in series.key)


@dataclass(frozen=True)
class History:
    """Earlier releases of one feed, the first released first; `missing`: ids whose folder is gone; `foreign`: ids of
    releases of another feed, which are never compared."""

    releases: list[Release] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    @property
    def last_id(self) -> str | None:
        return self.releases[-1].id if self.releases else None

    def remarks(self) -> list[str]:
        """A sentence for every release that cannot be compared."""
        gone = [f"Release {name} is missing: its values cannot be compared." for name in self.missing]
        return gone + [f"Release {name} is of another feed: its values are not compared." for name in self.foreign]


def read_history(releases: Path, marts: dict[str, MartContent], feed: FeedName | None) -> History:
    """The releases made before these marts were first released; one vintage where releases have the same marts.

    The same marts thus have the same history however often they are released, so that a repeated run says the same.
    Raises ReleaseError for a damaged record.
    """
    known = list_releases(releases)
    present = _fingerprint(marts)
    place = next((number for number, one in enumerate(known) if _fingerprint(one.marts) == present), len(known))
    before = known[:place]
    last = known[place].previous_id if place < len(known) else latest_id(releases)
    named = {one.previous_id for one in before} | {last}
    missing = sorted(name for name in named - {one.id for one in known} if name)
    # Content that returned is an old directory which became `latest` again: what was said last is then its values.
    said = [*before, *(one for one in before[:-1] if one.id == last)]
    own = [one for one in said if one.feed == feed]
    return History(_distinct(own), missing, [one.id for one in before if one.feed != feed])


def _distinct(releases: list[Release]) -> list[Release]:
    """Of successive releases with the same marts the first one."""
    return [
        one
        for earlier, one in zip([None, *releases], releases, strict=False)
        if earlier is None or _fingerprint(earlier.marts) != _fingerprint(one.marts)
    ]


def _fingerprint(marts: dict[str, MartContent]) -> dict[str, str]:
    return {name: content.sha256 for name, content in marts.items() if not name.startswith(BI_PREFIX)}
