"""Which feed a command works on: its options, and the settings that follow from them."""

import os
import re
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from dagster_project.settings import Settings, drop_foreign_variables
from dagster_project.storage.workspace import REPOSITORY, record_origin, require_own_feed

MONTH = r"\d{4}-(?:0[1-9]|1[0-2])"

Sources = Annotated[str | None, typer.Option(help="A shipped mapping's name or the path of one's own.")]
Data = Annotated[str | None, typer.Option(help="Folder or object-store URI below which the mapping's files lie.")]
Rebind = Annotated[bool, typer.Option("--rebind", help="The workspace of this name belongs to this feed from now on.")]


def month_span(text: str, history_start: date) -> tuple[str, str]:
    """First and last month of `2025-11` or `2025-01:2025-11`.

    Raises typer.BadParameter for other text, a month before the history start and one to come.
    """
    months = re.fullmatch(rf"({MONTH})(?::({MONTH}))?", text)
    if months is None:
        raise typer.BadParameter(f"{text!r}: write a month as 2025-11 or a range as 2025-01:2025-11")
    first, last = months[1], months[2] or months[1]
    past = f"{history_start:%Y-%m}", f"{datetime.now(UTC).replace(day=1) - timedelta(days=1):%Y-%m}"
    if not past[0] <= first <= last <= past[1]:
        raise typer.BadParameter(f"{text!r}: give months in order, from {past[0]} to the last complete one, {past[1]}")
    return first, last


def configure(sources: str | None, data: str | None, rebind: bool = False) -> Settings:
    """Settings of this call, handed on to Dagster and dbt through the environment."""
    settings = own_settings(sources, data, rebind)
    settings.workspace.dagster.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(REPOSITORY / "dagster.yaml", settings.workspace.dagster / "dagster.yaml")
    os.environ["DAGSTER_HOME"] = str(settings.workspace.dagster)
    return settings


def own_settings(sources: str | None, data: str | None, rebind: bool = False) -> Settings:
    """The same for what runs without Dagster; ForeignWorkspaceError where the workspace belongs to another feed."""
    settings = configured_settings(sources, data)
    workspace, origin = settings.workspace, settings.origin
    if rebind and workspace.belongs_to.exists():
        record_origin(workspace, origin)
        typer.echo(f"{workspace.root} belongs to {origin} from now on")
    require_own_feed(workspace, origin)
    return settings


def configured_settings(sources: str | None, data: str | None) -> Settings:
    """The same for what leaves the workspace as it is."""
    drop_foreign_variables()
    for name, value in (("HIRING_PULSE_SOURCES", sources), ("HIRING_PULSE_DATA", data)):
        if value:
            os.environ[name] = str(Path(value).resolve()) if Path(value).exists() else value
    settings = Settings()
    settings.export()
    return settings
