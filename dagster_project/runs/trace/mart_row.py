"""The mart row of a claim in its release: the SQL that shows it, the row, and the months that it speaks of."""

import csv
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import duckdb
import pandas as pd

from dagster_project.publishing.catalog import Release
from dagster_project.reports.claims.claims import Claim, row_differences
from dagster_project.storage.sql import identifier, literal, parquet_file
from dagster_project.storage.workspace import SEEDS

_MONTH = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True)
class MartRow:
    """`sql` selects the row in the released database; `differences` are cells that are not what the claim says."""

    sql: str
    row: dict[str, Any]
    differences: list[str]


def row_sql(claim: Claim, table: str) -> str:
    """The statement that shows the claim's row in `table`, a name or what DuckDB reads a file by."""
    conditions = [f"{_bare(column)} = {literal(value)}" for column, value in claim.key.items()]
    return f"select * from {table} where {' and '.join(conditions)}"


def _bare(name: str) -> str:
    """An identifier as a person writes it, in quotes only where it needs them."""
    return name if re.fullmatch(r"[a-z][a-z0-9_]*", name) else identifier(name)


def mart_row(release: Release, claim: Claim) -> MartRow | None:
    """The claim's row; None where the release has no such row. Of a pruned release it is that of the Parquet file."""
    if release.is_pruned:
        file = release.table_file(claim.mart)
        if file is None:
            return None
        sql, place = row_sql(claim, parquet_file(file)), ":memory:"
    else:
        sql, place = row_sql(claim, _bare(claim.mart)), str(release.database)
    with duckdb.connect(place, read_only=not release.is_pruned) as connection:
        found = connection.execute(sql).df()
    if len(found) != 1:
        return None
    return MartRow(
        sql, {str(name): value for name, value in found.iloc[0].items()}, row_differences(claim, found.iloc[0])
    )


def months_of(row: dict[str, Any], period: str) -> list[str]:
    """Months, YYYY-MM in order, that a row names: those of its dates, from the first to the last of a period's."""
    spans = [_period(str(value)) for name, value in row.items() if name.endswith("period_id")] + [_period(period)]
    if "period_start" in row and "period_end" in row:
        spans.append((row["period_start"], row["period_end"]))
    dates = [value for value in row.values() if isinstance(value, date) and not pd.isna(value)]
    spans += [(value, value) for value in dates]
    months = {month for span in spans if span for month in pd.period_range(*span, freq="M").strftime("%Y-%m")}
    return sorted(months)


def _period(period_id: str) -> tuple[Any, Any] | None:
    """First and last month of `2025`, `2025-11`, `2025-09_2025-11` or a study period; None for another text."""
    if period_id in (study := _study_periods()):
        return study[period_id]
    if re.fullmatch(r"\d{4}", period_id):
        return f"{period_id}-01", f"{period_id}-12"
    months = period_id.split("_")
    return (months[0], months[-1]) if all(map(_MONTH.fullmatch, months)) else None


@cache
def _study_periods() -> dict[str, tuple[str, str]]:
    with (SEEDS / "study_periods.csv").open(encoding="utf-8") as file:
        return {row["period_id"]: (row["period_start"], row["period_end"]) for row in csv.DictReader(file)}
