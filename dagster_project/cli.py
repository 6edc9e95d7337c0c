"""The command line: `hiring-pulse report`, `status`, `replay`, `train`, `ui`. The Makefile's targets call it."""

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dagster_project.settings import REPOSITORY, Settings

app = typer.Typer(help="Monthly hiring report from a feed of freelance job posts.", no_args_is_help=True, pretty_exceptions_enable=False)
DEFAULT_MONTH = "2025-11"

Sources = Annotated[str | None, typer.Option(help="A shipped mapping's name or the path of one's own.")]
Data = Annotated[str | None, typer.Option(help="Folder or object-store URI below which the mapping's files lie.")]


@app.command()
def report(
    month: Annotated[str, typer.Option(help="Month of the report, YYYY-MM.")] = DEFAULT_MONTH,
    months: Annotated[str | None, typer.Option(help="A range in one run, YYYY-MM:YYYY-MM.")] = None,
    sources: Sources = None,
    data: Data = None,
) -> None:
    """Run the main job: from the feed's files to a released report."""
    settings = configure(sources, data)
    from dagster_project.main_job import run_main_job

    first, _, last = (months or month).partition(":")
    raise SystemExit(run_main_job(settings, first, last or first))


@app.command()
def status(sources: Sources = None) -> None:
    """Say which months are there, stale, held or missing, and why."""
    settings = configure(sources, None)
    from dagster_project.status import print_status

    print_status(settings)


@app.command()
def replay(sources: Sources = None, data: Data = None) -> None:
    """Read the rejected rows again after a mapping was mended."""
    settings = configure(sources, data)
    from dagster_project.sources.replay import replay as replay_rejects

    result = replay_rejects(settings.home, settings.mapping, datetime.now(UTC))
    accepted = sum(load.accepted for load in result.loads)
    typer.echo(f"{accepted} rows accepted now, {result.still_rejected} still rejected; run the report to build them")


@app.command()
def train(sources: Sources = None) -> None:
    """Train a challenger of each technology; it takes over only when it is no worse."""
    settings = configure(sources, None)
    from dagster_project.main_job import run_training

    raise SystemExit(run_training(settings))


@app.command()
def ui(
    sources: Sources = None,
    data: Data = None,
    port: Annotated[int, typer.Option(help="Port of the web server.")] = 3000,
) -> None:
    """Start the Dagster UI and its daemon on the home of the configured feed."""
    configure(sources, data)
    dagster = Path(sys.executable).parent / "dagster"
    raise SystemExit(subprocess.call([dagster, "dev", "-w", "workspace.yaml", "-p", str(port)], cwd=REPOSITORY))


def configure(sources: str | None, data: str | None) -> Settings:
    """Settings of this call, handed on to Dagster and dbt through the environment."""
    for name, value in (("HIRING_PULSE_SOURCES", sources), ("HIRING_PULSE_DATA", data)):
        if value:
            os.environ[name] = str(Path(value).resolve()) if Path(value).exists() else value
    settings = Settings()
    settings.export()
    settings.home.dagster.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(REPOSITORY / "dagster.yaml", settings.home.dagster / "dagster.yaml")
    os.environ["DAGSTER_HOME"] = str(settings.home.dagster)
    return settings


if __name__ == "__main__":
    app()
