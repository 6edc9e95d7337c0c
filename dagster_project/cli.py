"""The command line: `hiring-pulse report`, `score`, `queue`, `labels` and the others; what the Makefile calls."""

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import click
import typer
from pydantic import ValidationError
from typer.core import TyperGroup

from dagster_project.feed_options import (
    Data,
    Rebind,
    Sources,
    configure,
    configured_settings,
    month_span,
    own_settings,
)
from dagster_project.mapping_commands import mapping_app
from dagster_project.release_commands import release_app
from dagster_project.settings import Settings
from dagster_project.storage.shown_text import plain, remedy, with_remedy
from dagster_project.storage.workspace import REPOSITORY, ForeignWorkspaceError


class PlainErrors(TyperGroup):
    """A user's mistake ends in its message and exit code 1; a traceback is left to faults of the project."""

    def invoke(self, context: click.Context) -> Any:
        from dagster_project.publishing.catalog import ReleaseError
        from dagster_project.publishing.postgres import PublishError
        from dagster_project.sources.errors import SourceError
        from dagster_project.spark.start import SparkError
        from dagster_project.storage.holds import HoldError
        from dagster_project.storage.warehouse import WarehouseDamagedError, WarehouseLockedError
        from ml.labelling.filled_queue import UnreadableFileError
        from ml.training.champion import ArtifactError

        mistakes = (
            *(SourceError, ForeignWorkspaceError, HoldError, WarehouseLockedError, WarehouseDamagedError),
            *(ReleaseError, PublishError, SparkError, ArtifactError, UnreadableFileError),
        )
        try:
            return super().invoke(context)
        except mistakes as error:
            message = str(error)
        except ValidationError as error:
            message = "\n".join(
                f"HIRING_PULSE_{'_'.join(map(str, item['loc'])).upper()}: {item['msg']}" for item in error.errors()
            )
        except OSError as error:
            message = with_remedy(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        except Exception as error:
            if remedy(str(error)) is None:
                raise
            message = with_remedy(str(error).splitlines()[0])
        typer.echo(plain(message), err=True)
        raise typer.Exit(1)


app = typer.Typer(
    cls=PlainErrors,
    help="Monthly hiring report from a feed of freelance job posts.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(mapping_app, name="mapping")
app.add_typer(release_app)
DEFAULT_MONTH = "2025-11"
SUPERSEDED = "Function `dev_command`"
"""Beginning of a warning: `dg dev`, which Dagster wants instead, starts in the repository alone."""


@app.command()
def report(
    month: Annotated[str, typer.Option(help="Month of the report, YYYY-MM.")] = DEFAULT_MONTH,
    months: Annotated[str | None, typer.Option(help="A range in one run, YYYY-MM:YYYY-MM.")] = None,
    sources: Sources = None,
    data: Data = None,
    rebind: Rebind = False,
) -> None:
    """Run the main job: from the feed's files to a released report."""
    settings = configure(sources, data, rebind)
    first, last = month_span(months or month, settings.history_start)
    settings.mapping.require_months()
    from dagster_project.runs.dbt_project import parse_ahead

    parse_ahead()
    from dagster_project.runs.job import run_main_job

    raise SystemExit(run_main_job(settings, first, last))


@app.command()
def score(
    out: Annotated[Path, typer.Option(help="The CSV to write.")],
    sources: Sources = None,
    data: Data = None,
    for_spreadsheets: Annotated[
        bool, typer.Option("--for-spreadsheets", help="An apostrophe before ids that a spreadsheet would run.")
    ] = False,
) -> None:
    """Score every post of the mapping's files for AI, cloud and RPA; no warehouse, month or filter, and no date."""
    settings = configured_settings(sources, data)
    from dagster_project.stages.score import score_posts

    def train_first() -> None:
        from dagster_project.runs.job import run_training

        typer.echo("training the classifiers first: there are none yet (some minutes, once for all feeds)")
        if exit_code := run_training(configure(sources, data)):
            raise SystemExit(exit_code)

    result = score_posts(settings, out, typer.echo, train=train_first, for_spreadsheets=for_spreadsheets)
    typer.echo(plain("\n".join([*result.lines(), f"written to {out}"])))


@app.command()
def status(sources: Sources = None, data: Data = None, rebind: Rebind = False) -> None:
    """Say which months are there, stale, held or missing, and why."""
    settings = own_settings(sources, data, rebind)
    from dagster_project.runs.status import print_status

    print_status(settings)


@app.command()
def replay(sources: Sources = None, data: Data = None, rebind: Rebind = False) -> None:
    """Read the rejected rows again after a mapping was fixed."""
    settings = own_settings(sources, data, rebind)
    settings.mapping.require_months()
    from dagster_project.sources.lake.replay import replay as replay_rejects

    result = replay_rejects(
        settings.workspace, settings.mapping, datetime.now(UTC), history_start=settings.history_start
    )
    accepted = sum(load.accepted for load in result.loads)
    then = "run the report to build them" if accepted else "a file that was corrected is read by the next report itself"
    typer.echo(f"{accepted} rows accepted now, {result.still_rejected} still rejected; {then}")


Month = Annotated[str, typer.Argument(help="Month, YYYY-MM, or a range, YYYY-MM:YYYY-MM.")]
Category = Annotated[str | None, typer.Option(help="Only this category, by its name.")]
File = Annotated[str | None, typer.Option(help="Only what came from this file, by its name below DATA.")]


@app.command()
def hold(
    month: Month,
    reason: Annotated[str, typer.Option(help="Why; it is printed in the report.")],
    category: Category = None,
    file: File = None,
    sources: Sources = None,
    data: Data = None,
) -> None:
    """Hold back a month, or a category or file within it; the report prints the reason.

    A held month keeps its last state, or stays out where it has none. Of a held category no growth is told; the rows of
    a held file do not count.
    """
    settings, months = _held_months(month, category, file, sources, data)
    from dagster_project.runs.lock import run_lock
    from dagster_project.sources.lake.manifests import require_known_part
    from dagster_project.storage.holds import Hold, hold

    if not (told := " ".join(reason.split())):
        raise typer.BadParameter("give a reason that readers understand", param_hint="--reason")
    with run_lock(settings.workspace, typer.echo):
        holds = [Hold(one, told, datetime.now(UTC).date(), category, file) for one in months]
        for one in holds:
            require_known_part(settings.workspace, one)
        hold(settings.workspace, holds)
    typer.echo("\n".join(one.message for one in holds))
    typer.echo("the next run goes by it; `hiring-pulse unhold` with the same options takes it back")


@app.command()
def unhold(
    month: Month, category: Category = None, file: File = None, sources: Sources = None, data: Data = None
) -> None:
    """Let go on what was held by hand; the next run builds it."""
    settings, months = _held_months(month, category, file, sources, data)
    from dagster_project.runs.lock import run_lock
    from dagster_project.storage.holds import unhold

    with run_lock(settings.workspace, typer.echo):
        removed = unhold(settings.workspace, months, category, file)
    typer.echo("\n".join(f"{one.subject} is held no longer; the next run builds it" for one in removed))


def _held_months(
    month: str, category: str | None, file: str | None, sources: str | None, data: str | None
) -> tuple[Settings, list[str]]:
    """The settings and the months, YYYY-MM, that a hold speaks of; typer.BadParameter for a category and a file."""
    from dagster_project.storage.holds import months_between

    if category is not None and file is not None:
        raise typer.BadParameter("hold a category or a file, each in a command of its own", param_hint="--file")
    settings = own_settings(sources, data)
    return settings, months_between(*month_span(month, settings.history_start))


@app.command()
def train(
    sources: Sources = None,
    learn_from_feed: Annotated[
        bool, typer.Option("--learn-from-feed", help="Candidates that the model in use is sure of teach too.")
    ] = False,
) -> None:
    """Train a challenger of each technology; it takes over only when it is no worse."""
    settings = configure(sources, None)
    from dagster_project.runs.job import run_training

    raise SystemExit(run_training(settings, learn_from_feed=learn_from_feed))


@app.command()
def queue(
    month: Annotated[str, typer.Option(help="Month whose posts are asked for, YYYY-MM.")] = DEFAULT_MONTH,
    size: Annotated[int, typer.Option(min=3, help="Posts: two thirds drawn for the audit, one third uncertain.")] = 150,
    sources: Sources = None,
) -> None:
    """Make the queue of posts to label next: for readers, with a key that they must not see."""
    settings = configure(sources, None)
    first, _ = month_span(month, settings.history_start)
    from dagster_project.runs.job import run_queue

    raise SystemExit(run_queue(settings, first, audit_posts=size - size // 3, training_posts=size // 3))


@app.command()
def labels(
    files: Annotated[list[Path], typer.Argument(help="Filled queue.csv files or Label Studio's JSON exports.")],
    sources: Sources = None,
) -> None:
    """Check labels that came back and hand them to audit and training; the same file twice changes nothing."""
    settings = own_settings(sources, None)
    from dagster_project.runs.lock import run_lock
    from ml.labelling.books import import_labels

    with run_lock(settings.workspace, typer.echo):
        imported = import_labels(settings.workspace.labelling, files, datetime.now(UTC).date())
    typer.echo("\n".join(imported.lines()))


@app.command()
def ui(
    sources: Sources = None,
    data: Data = None,
    port: Annotated[int, typer.Option(help="Port of the web server.")] = 3000,
    rebind: Rebind = False,
) -> None:
    """Start the Dagster UI and its daemon on the workspace of the configured feed."""
    settings = configure(sources, data, rebind)
    settings.mapping.require_months()
    dagster = [sys.executable, "-I", "-W", f"ignore:{SUPERSEDED}", "-m", "dagster", "dev", "-p", str(port)]
    # Not in the repository: Dagster lets the .env file of the folder that it is started in win over the environment.
    os.chdir(settings.workspace.dagster)
    # In its place, so that a signal to this process reaches Dagster, which answers SIGTERM as it does SIGINT; that one
    # is ignored in what a shell starts in the background.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execv(sys.executable, [*dagster, "-w", str(REPOSITORY / "workspace.yaml")])  # noqa: S606


@app.command()
def watch(
    dagster_home: Annotated[Path, typer.Option(envvar="DAGSTER_HOME", help="Folder of the instance's dagster.yaml.")],
) -> None:
    """Tell people where the daemon of a Dagster instance is down; exit code 1 then. For a timer."""
    from dagster_project.runs.alerts import AlertError, send_alert, silent_daemons

    if not (silent := silent_daemons(dagster_home)):
        return
    settings = Settings()  # leaves what the shell says to Dagster: it names the instance's database
    told = "\n".join([*silent, "schedule, sensors and waiting runs stand still until the daemon is started again"])
    typer.echo(told, err=True)
    try:
        send_alert(settings.alert_urls, f"{settings.mapping.name}: Dagster's daemon is down", told)
    except AlertError as error:
        typer.echo(str(error), err=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    app(prog_name="hiring-pulse")
