"""Which claim of a release is meant, by its id or by its sentence as a page prints it, and the mart row behind it."""

import csv
import json
import re
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import Any

import duckdb
import pandas as pd

from dagster_project.publishing.catalog import REPORT_DIRECTORY, Release, ReleaseError
from dagster_project.reports.claims.claims import Claim, row_differences
from dagster_project.storage.sql import identifier, literal, parquet_file
from dagster_project.storage.workspace import MONTHLY_FILES, SEEDS, WAVE_FILES

_NAMED = 5
_ALIKE = 0.3
"""Below this likeness, 0..1, a sentence is no help to who looks for another."""
_MONTH = re.compile(r"\d{4}-\d{2}")


class NoSuchSentenceError(ReleaseError):
    """No claim of the release is meant, or several; the message names the closest and what to do."""


@dataclass(frozen=True)
class PrintedClaim:
    """A claim and the page that prints it, without its ending."""

    page: str
    claim: Claim

    @property
    def id(self) -> str:
        return f"{self.page}:{self.claim.id}"


def printed_claims(release: Release) -> list[PrintedClaim]:
    """The claims of all pages of a release, in the order in which people read them."""
    found = []
    for page, _, claims in (*MONTHLY_FILES, *WAVE_FILES):
        file = release.path / REPORT_DIRECTORY / claims
        if file.is_file():
            entries = json.loads(file.read_text(encoding="utf-8"))
            found += [PrintedClaim(page.removesuffix(".html"), Claim.from_dict(entry)) for entry in entries]
    return found


def meant_claims(printed: list[PrintedClaim], asked: str) -> list[PrintedClaim]:
    """The claims with the id (`c12`, or `technical_annex:c12`) or the sentence asked for; all say the same.

    Raises NoSuchSentenceError where none does, with the closest sentences, and where different sentences do.
    """
    by_id = [one for one in printed if asked in (one.id, one.claim.id)]
    if by_id:
        return by_id[:1]
    wanted = _plain(asked)
    whole = [one for one in printed if _plain(one.claim.sentence) == wanted]
    found = whole or [one for one in printed if wanted and wanted in _plain(one.claim.sentence)]
    if not found:
        raise NoSuchSentenceError(_nothing_found(printed, asked))
    if len({_plain(one.claim.sentence) for one in found}) > 1:
        raise NoSuchSentenceError(
            f"{len(found)} sentences have {asked!r} in them; give more of one, or its id:\n" + _listed(found)
        )
    return found


def _nothing_found(printed: list[PrintedClaim], asked: str) -> str:
    by_sentence = {_plain(one.claim.sentence): one for one in reversed(printed)}
    close = get_close_matches(_plain(asked), by_sentence, n=_NAMED, cutoff=_ALIKE)
    if not close:
        return f"no sentence of this release is like {asked!r}; its claims files list them all"
    return f"no sentence of this release is {asked!r}; the closest are:\n" + _listed(
        [by_sentence[one] for one in close]
    )


def _listed(found: list[PrintedClaim]) -> str:
    lines = [f"  {one.id}  {one.claim.sentence}" for one in found[:_NAMED]]
    return "\n".join(lines + ([f"  and {len(found) - _NAMED} more"] if len(found) > _NAMED else []))


def _plain(text: str) -> str:
    """A sentence without what differs between a page and what is copied from it."""
    return " ".join(text.split()).strip(" .*_").casefold()


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
