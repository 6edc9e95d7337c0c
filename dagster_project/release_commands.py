"""`hiring-pulse verify`, `trace`, `publish`, `spark`, `prune` and `docs`: what people do with what a run has made."""

from typing import Annotated

import typer

from dagster_project.feed_options import Data, Sources, own_settings
from dagster_project.storage.shown_text import plain

release_app = typer.Typer()


@release_app.command()
def verify(sources: Sources = None, data: Data = None) -> None:
    """Compare every file of the lake and of the releases with what was written; exit code 1 where one differs."""
    settings = own_settings(sources, data)
    from dagster_project.stages.provenance import findings

    differing = list(findings(settings.workspace))
    for finding in differing:
        typer.echo(plain(finding))
    typer.echo(f"files that differ: {len(differing)}" if differing else "all files are as they were written")
    raise typer.Exit(code=1 if differing else 0)


@release_app.command()
def trace(
    sentence: Annotated[str, typer.Argument(help="A sentence of a page, a part of it, or the id of its claim.")],
    release: Annotated[str | None, typer.Option(help="A release's id, or its beginning; without it `latest`.")] = None,
    sources: Sources = None,
    data: Data = None,
) -> None:
    """Show where a printed sentence comes from: claim, mart row, run, models, loads, files and their rows."""
    settings = own_settings(sources, data)
    from dagster_project.runs.trace.chain import trace as trace_sentence

    for line in trace_sentence(settings.workspace, sentence, release):
        typer.echo(plain(line))


@release_app.command()
def publish(sources: Sources = None, data: Data = None) -> None:
    """Copy the latest release into the Postgres database of HIRING_PULSE_PUBLISH_URL; a second time changes nothing."""
    settings = own_settings(sources, data)
    from dagster_project.stages.release import publish_latest

    typer.echo(publish_latest(settings))


@release_app.command()
def spark(
    engine: Annotated[
        str, typer.Option(help="`spark` (needs Java), `sail` (needs none) or the address sc://host:port of a server.")
    ] = "spark",
    sources: Sources = None,
    data: Data = None,
) -> None:
    """Build the models of the months that are there on Spark too, as Parquet files below `spark/` of the workspace."""
    settings = own_settings(sources, data)
    from dagster_project.spark.start import build_on_spark

    typer.echo(f"the tables lie in {build_on_spark(settings, engine, typer.echo)}")


@release_app.command()
def prune(
    keep: Annotated[int, typer.Option(min=0, help="Newest releases that keep their DuckDB file in any case.")] = 3,
    yes: Annotated[bool, typer.Option("--yes", help="Remove the files; without it they are only named.")] = False,
    sources: Sources = None,
    data: Data = None,
) -> None:
    """Remove the DuckDB files of old releases; the latest, the newest of each month and the KEEP newest keep theirs.

    Parquet files, pages and records stay: later revisions compare with them.
    """
    releases = own_settings(sources, data).workspace.releases
    from dagster_project.publishing import catalog as pruning

    found = pruning.prunable(releases, keep)
    size = sum(release.database.stat().st_size for release in found)
    if yes:
        found = pruning.prune(releases, keep)
    for release in found:
        typer.echo(f"{release.id}  released {release.released_at:%Y-%m-%d %H:%M}")
    told = f"{len(found)} of {len(list(releases.glob('2*')))} releases, {size / 1e6:.1f} MB"
    typer.echo(f"pruned: {told}" if yes else f"would be pruned: {told}; `--yes` removes their DuckDB files")


@release_app.command()
def docs(
    sources: Sources = None,
    data: Data = None,
    port: Annotated[int, typer.Option(help="Port of the web server.")] = 3001,
    host: Annotated[str, typer.Option(help="Address to listen at; the default is this machine alone.")] = "127.0.0.1",
) -> None:
    """Serve reports, Data Docs, dbt's docs and the data dictionary over http; needs no network."""
    workspace = own_settings(sources, data).workspace
    from dagster_project.runs.dbt_project import current_manifest
    from dagster_project.runs.docs_site import DBT_PAGE, docs_server, write_dbt_page

    if not workspace.root.is_dir():
        raise typer.BadParameter(f"{workspace.root}: nothing to show yet; run `hiring-pulse report` first")
    write_dbt_page(current_manifest(), workspace.root / DBT_PAGE)
    with docs_server(workspace, host, port) as server:
        typer.echo(f"http://{host}:{server.server_port}/  (Ctrl-C ends it)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            typer.echo("ended")
