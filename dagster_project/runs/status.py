"""`make status`: which months are there, stale, held or missing, and why."""

from dataclasses import dataclass

import duckdb
import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dagster_project.publishing.catalog import latest_release, list_releases
from dagster_project.settings import Settings
from dagster_project.sources.lake.accounting import data_age
from dagster_project.stages.ingest import held_months, present_states
from dagster_project.storage.holds import read_holds
from dagster_project.storage.plan import STATE_COLUMNS, built_states, stale_months
from dagster_project.storage.shown_text import plain
from dagster_project.storage.workspace import HIRING_REPORT_FILES, Workspace

STYLES = {"built": "green", "stale": "yellow", "held": "red", "missing": "dim"}


@dataclass(frozen=True)
class MonthStatus:
    """One calendar month, YYYY-MM: built, stale, held or missing; why; whether a report and a release exist."""

    month: str
    state: str
    reason: str
    has_report: bool
    is_released: bool


def month_statuses(settings: Settings) -> list[MonthStatus]:
    """A row for every calendar month from the first to the last that the lake or the warehouse knows."""
    workspace = settings.workspace
    present = present_states(workspace, settings.mapping.mapping_hash)
    built = built_states(workspace.warehouse)
    held, stale = held_months(workspace, settings.mapping), stale_months(present, built)
    released = {release.month for release in list_releases(workspace.releases)}
    known = sorted(present.keys() | built.keys() | held.keys())
    months = pd.period_range(known[0], known[-1], freq="M").strftime("%Y-%m").tolist() if known else []
    return [
        MonthStatus(
            month,
            *_state(month, set(present), held, stale),
            has_report=(workspace.report(month) / HIRING_REPORT_FILES[0]).exists(),
            is_released=month in released,
        )
        for month in months
    ]


def _state(month: str, present: set[str], held: dict[str, str], stale: dict[str, list[str]]) -> tuple[str, str]:
    if month in held:
        return "held", held[month]
    if month not in present:
        return "missing", "the lake has no posts of it"
    if month in stale:
        return "stale", f"{_told_differences(stale[month])}; the next run builds it"
    return "built", ""


CHANGED = {"input_hash": "files", "mapping_hash": "mapping", "rules_hash": "vocabularies or SQL"}


def _told_differences(names: list[str]) -> str:
    """`files and mapping changed since it was built`; names as `MonthState.differences` gives them."""
    if not set(names) <= set(STATE_COLUMNS):
        return "the warehouse does not hold it"
    told = [CHANGED.get(name, f"{name.removesuffix('_model_version')} model") for name in names]
    return f"{' and '.join(', '.join(told).rsplit(', ', 1))} changed since it was built"


def _age_told(workspace: Workspace) -> str:
    """How old the data are, or that a file of the lake is damaged: looking after it begins with the status."""
    try:
        age = data_age(workspace)
    except duckdb.Error as error:
        damage = plain(str(error).splitlines()[0])
        return f"{damage}\nThe next run reads its source again; `hiring-pulse verify` names every damaged file"
    return age.sentence if age else "no posts were read yet"


def print_status(settings: Settings) -> None:
    """The table of months and the release that BI tools read."""
    console, workspace = Console(highlight=False), settings.workspace
    statuses = month_statuses(settings)
    if not statuses:
        console.print(f"{workspace.root}: nothing was loaded yet; run `make report`", soft_wrap=True)
        return
    table = Table("month", "state", "report", "released", "why", box=None)
    for row in statuses:
        style = STYLES[row.state]
        marks = ("yes" if row.has_report else "", "yes" if row.is_released else "")
        table.add_row(row.month, f"[{style}]{row.state}[/]", *marks, escape(plain(row.reason)))
    console.print(table)
    console.print(_age_told(workspace), markup=False, soft_wrap=True)
    for hold in read_holds(workspace):
        console.print(plain(hold.message), style=STYLES["held"], markup=False, soft_wrap=True)
    latest = latest_release(workspace.releases)
    console.print(
        f"latest release: {latest.id if latest else 'none'}  ({workspace.releases / 'latest'})", soft_wrap=True
    )
    if latest and latest.schema_version:
        console.print(f"its tables: schema {latest.schema_version}", soft_wrap=True)
        for change in latest.schema_changes:
            console.print(f"  {change}", markup=False, soft_wrap=True)
