"""The values of the headline series as one set of released Parquet marts has them."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from dagster_project.publishing.release.catalog import ReleaseError
from dagster_project.publishing.revisions.headline_series import HeadlineSeries
from dagster_project.storage.identifiers import literal, quoted

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
    return SeriesValues(connection.execute(_query(series, version), {"file": str(file)}).df())


def _columns(connection: duckdb.DuckDBPyConnection, file: Path) -> set[str]:
    return {name for name, *_ in connection.execute("describe from read_parquet(?)", [str(file)]).fetchall()}


def _query(series: HeadlineSeries, version: str) -> str:
    key = [f"{literal(f'{column}=')} || {quoted(column)}::varchar" for column in series.key]
    versions = [f"coalesce({quoted(column)}::varchar, 'none')" for column in series.version_columns]
    low, high = (quoted(f"{series.value}_{end}") if series.has_interval else "null" for end in ("low", "high"))
    chosen = [f"{quoted(column)} = {literal(value)}" for column, value in series.rows.items()]
    return f"""
        select
            concat_ws('; ', {", ".join(key)}) as value_key,
            {series.label} as label,
            {series.period_end} as period_end,
            concat_ws(', ', {", ".join([literal(version), *versions])}) as definition_version,
            {quoted(series.value)}::double as value,
            {low}::double as value_low,
            {high}::double as value_high
        from read_parquet($file)
        where {" and ".join([f"{quoted(series.value)} is not null", *chosen])}
    """
