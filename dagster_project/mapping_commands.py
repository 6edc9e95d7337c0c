"""`hiring-pulse mapping ...`: draft a mapping from an export, and see what a mapping reads before it is used."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from dagster_project.settings import Settings

mapping_app = typer.Typer(help="Draft a mapping from an export, and check what it reads.", no_args_is_help=True)


@mapping_app.command()
def draft(
    files: Annotated[list[Path], typer.Argument(help="Files of the export, or folders that hold them.")],
    out: Annotated[Path | None, typer.Option(help="The YAML file to write; without it the draft is printed.")] = None,
    force: Annotated[bool, typer.Option(help="Write over a file that is there.")] = False,
) -> None:
    """Look at an export and propose, for each of our columns, what of the export fills it."""
    from dagster_project.sources.drafting.draft import draft_mapping, mapping_name

    if out is not None and out.exists() and not force:
        raise typer.BadParameter(f"{out} is there already: give another name, or --force to write over it")
    drafted = draft_mapping(files, Settings().memory_limit, mapping_name(out.stem) if out else None)
    if out is None:
        typer.echo(drafted.text, nl=False)
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(drafted.text, encoding="utf-8")
    for group, fields in drafted.found.items():
        typer.echo(f"{group}: {len(fields)} columns proposed: {', '.join(fields)}", err=True)
    for line in drafted.to_fill_in:
        typer.echo(f"{out or 'draft'}, {line}", err=True)
    if out is not None:
        data = drafted.data.relative_to(Path.cwd()) if drafted.data.is_relative_to(Path.cwd()) else drafted.data
        words = shlex.join(["--sources", str(out), "--data", str(data)])
        typer.echo(f"next: .venv/bin/hiring-pulse mapping check {words}", err=True)


@mapping_app.command()
def check(
    mapping: Annotated[str | None, typer.Argument(help="The same as --sources.")] = None,
    files: Annotated[str | None, typer.Argument(help="The same as --data.")] = None,
    sources: Annotated[str | None, typer.Option(help="A shipped mapping's name or the path of one's own.")] = None,
    data: Annotated[str | None, typer.Option(help="Folder, file or URI of the export.")] = None,
) -> None:
    """Read the export into a place of its own and say what came of it; nothing of the workspace changes."""
    from dagster_project.stages.check_mapping import check_mapping

    given = {"sources": sources or mapping, "data": data or files}
    settings = Settings().model_copy(update={name: value for name, value in given.items() if value})
    result = check_mapping(settings, lambda message: typer.echo(message, err=True))
    typer.echo("\n".join(result.lines()))
    if not result.posts:
        raise SystemExit(1)
