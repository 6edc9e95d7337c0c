"""The draft of a mapping: files looked at, proposed for, and written as YAML with remarks, for a person to check."""

import re
import tempfile
import textwrap
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import yaml
from pydantic import ValidationError

from dagster_project.sources.contracts import JOB_POSTS
from dagster_project.sources.drafting.export_columns import ExportColumn, Proposal, export_columns
from dagster_project.sources.drafting.look import (
    FilesOfOneSchema,
    Look,
    common_folder,
    files_to_look_at,
    group_by_schema,
    look_at_file,
    patterns,
)
from dagster_project.sources.drafting.propose import Draft, load_sample, propose, understood
from dagster_project.sources.files.connection import reading_connection
from dagster_project.sources.mapping.model import FileOptions, Mapping
from dagster_project.storage.sql import identifier

_SAMPLES, _SAMPLE_LENGTH = 3, 30
_CANDIDATES = 3
_WIDTH = 112
_HEAD = """\
# A draft: what the columns of the export seem to hold, for a person to check. Each line below `columns` fills one of
# our columns by an SQL expression over theirs; above it are three of the values. What could not be told is a remark.
# `hiring-pulse mapping check` shows what it reads before anything is loaded; docs/your-own-feed.md goes through it.
name: {name}
title: {title}  # printed on every page: say whose posts these are
is_simulated: false
tables:
  job_posts:
"""
_WHAT_IT_IS = {
    "post_id": "what names a post",
    "posted_at": "when it was published",
    "title": "its title",
}


@dataclass(frozen=True)
class GroupText:
    """The lines of one group of files, without indentation, and the fields that have a proposal."""

    files: list[str]
    lines: list[str]
    fields: list[str]


def mapping_text(name: str, groups: list[GroupText]) -> str:
    """The whole YAML; one group stands alone, several are a list."""
    title = f"Job posts of {name.replace('_', ' ')}"
    text = _HEAD.format(name=_scalar(name), title=_scalar(title))
    for group in groups:
        if len(groups) == 1:
            text += textwrap.indent("\n".join(group.lines), "    ") + "\n"
        else:
            head, *rest = group.lines
            comments = [head] if head.startswith("#") else []
            keys = rest if comments else group.lines
            text += "".join(f"    {line}\n" for line in comments)
            text += "    - " + textwrap.indent("\n".join(keys), "      ").lstrip() + "\n"
    return text


def write_group(
    connection: duckdb.DuckDBPyConnection, group: FilesOfOneSchema, files: list[str], drafted: Draft
) -> GroupText:
    """Format, options and columns of one group; expressions that fail on the rows looked at become remarks."""
    look = group.look
    lines = [
        f"# {_found(group)}",
        f"files: [{', '.join(_quoted(pattern) for pattern in files)}]",
        f"format: {look.format}",
    ]
    if options := _options(look):
        lines.append(f"options: {{{options}}}")
    lines.append("columns:")
    fields: list[str] = []
    for name in JOB_POSTS.column_names:
        proposal = drafted.chosen.get(name)
        told = _line(connection, proposal) if proposal else None
        if told is not None:
            fields.append(name)
            lines += told
        else:
            lines += _untold(name, drafted.remarks.get(name, []), proposal)
    if unused := _unused_columns(look, [drafted.chosen[name].expression for name in fields]):
        lines += _wrapped(f"not used: {', '.join(unused)}")
    return GroupText(files, lines, fields)


def _unused_columns(look: Look, expressions: list[str]) -> list[str]:
    """Columns of the file that no expression names."""
    said = " ".join(expressions)
    return [name for name in look.columns if name not in said and identifier(name) not in said]


def _found(group: FilesOfOneSchema) -> str:
    look, count = group.look, len(group.paths)
    what = f"{group.paths[0].name}" if count == 1 else f"{count} files like {group.paths[0].name}"
    said = "; ".join((f"{what}: {look.rows:,} rows looked at, {len(look.columns)} columns", *look.notes))
    return _plain(said)


def _line(connection: duckdb.DuckDBPyConnection, proposal: Proposal) -> list[str] | None:
    """Samples, doubts and the line itself; None where the expression fails."""
    figures = understood(connection, proposal.field, proposal.expression)
    if figures.error:
        return None
    remarks = [*proposal.doubts]
    if figures.typed < figures.given:
        example = f", not {_plain(figures.refused)[:_SAMPLE_LENGTH]!r}" if figures.refused else ""
        remarks.append(f"{figures.typed:,} of {figures.given:,} values are understood{example}")
    lines = [f"  # {_samples(proposal.column)}"] if proposal.column else []
    lines += [line for remark in remarks for line in _wrapped(f"? {remark}")]
    return [*lines, *textwrap.indent(_entry(proposal.field, proposal.expression), "  ").splitlines()]


def _untold(field: str, remarks: list[Proposal], failed: Proposal | None) -> list[str]:
    is_required = field in JOB_POSTS.required_names
    lines = []
    candidates = [failed, *remarks] if failed else remarks
    if is_required:
        found = "nothing is sure to hold it, nearest is:" if candidates else "no column seems to hold it"
        lines.append(f"  # {field}: FILL IN: required, {_WHAT_IT_IS.get(field, '')}; {found}")
    elif not candidates and JOB_POSTS.column(field).default_sql is not None:
        lines.append(f"  # {field}: no column says it, so it is told from the text")
    elif not candidates:
        lines.append(f"  # {field}: nothing found")
    else:
        lines.append(f"  # {field}: not sure; remove the mark before the line that is right")
    for proposal in candidates[:_CANDIDATES]:
        lines += [f"  #   {_samples(proposal.column)}"] if proposal.column else []
        lines += [line for doubt in proposal.doubts for line in _wrapped(f"  ? {doubt}")]
        lines += [f"  # {line}" for line in _entry(field, proposal.expression).splitlines()]
    return lines


def _entry(field: str, expression: str) -> str:
    """One key with its expression, over several lines where it has them; what YAML would misread is quoted."""
    if "\n" in expression:
        block = f"{field}: |-\n{textwrap.indent(expression, '  ')}"
        if _reads_as(block, field, expression):
            return block
        return f"{field}: {yaml.safe_dump(expression, default_style=chr(34), width=10**6, allow_unicode=True).strip()}"
    return f"{field}: {_scalar(expression)}"


def _reads_as(block: str, field: str, expression: str) -> bool:
    try:
        return bool(yaml.safe_load(block) == {field: expression})
    except yaml.YAMLError:
        return False


def _scalar(text: str) -> str:
    return str(yaml.safe_dump(text, width=10**6, allow_unicode=True)).removesuffix("\n").removesuffix("\n...")


def _quoted(text: str) -> str:
    return str(yaml.safe_dump(text, default_style='"', width=10**6, allow_unicode=True)).strip()


def _options(look: Look) -> str:
    """What differs from the reader's own, and of a CSV file always its delimiter and encoding."""
    always = {"delim", "encoding"} if look.format == "csv" else set()
    usual = FileOptions()
    differing = {
        name: value
        for name, value in look.options.model_dump().items()
        if name in always or value != getattr(usual, name)
    }
    return ", ".join(f"{name}: {_option(value)}" for name, value in differing.items())


def _option(value: str | int) -> str:
    return (
        str(value)
        if isinstance(value, int) or value.replace("-", "").replace(".", "").replace("_", "").isalnum()
        else _quoted(value)
    )


def _samples(column: ExportColumn) -> str:
    """The column's name and three values that differ, each cut to its beginning."""
    values = list(dict.fromkeys(_plain(value) for value in column.filled[:200]))[:_SAMPLES]
    short = [value if len(value) <= _SAMPLE_LENGTH else f"{value[: _SAMPLE_LENGTH - 1]}…" for value in values]
    return f"{_plain(column.name)}: {' | '.join(short)}"


def _wrapped(remark: str) -> list[str]:
    return [f"  # {line}" for line in textwrap.wrap(_plain(remark), _WIDTH)]


def _plain(text: str) -> str:
    """One line without characters that a terminal or YAML would act on."""
    return "".join(character if character.isprintable() else " " for character in " ".join(text.split()))


@dataclass(frozen=True)
class DraftedMapping:
    """The YAML, the folder its globs lie below, and what a person has to fill in before it can be used."""

    text: str
    data: Path
    found: dict[str, list[str]]
    """Our columns that were proposed, by the pattern of files."""
    to_fill_in: list[str] = field(default_factory=list)
    """A sentence for each required line without a proposal, with its line number."""


def draft_mapping(given: Iterable[Path], memory_limit: str, name: str | None = None) -> DraftedMapping:
    """A mapping of job_posts for files that nobody described yet, called `name` or like its files.

    Raises SourceError for a file that is no table. Nothing is written.
    """
    paths = files_to_look_at(given)
    data = common_folder(paths)
    groups = group_by_schema([look_at_file(path) for path in paths])
    with (
        tempfile.TemporaryDirectory(prefix="hiring_pulse_draft_") as folder,
        reading_connection(memory_limit, Path(folder)) as connection,
    ):
        texts = [_drafted_group(connection, group, data) for group in groups]
    text = mapping_text(name or _name(data, paths), texts)
    to_fill_in = _lines_to_fill_in(text)
    if not to_fill_in:
        _require_valid(text)
    return DraftedMapping(text, data, {", ".join(group.files): group.fields for group in texts}, to_fill_in)


def _drafted_group(connection: duckdb.DuckDBPyConnection, group: FilesOfOneSchema, data: Path) -> GroupText:
    drafted: Draft = propose(connection, export_columns(group.look))
    load_sample(connection, group.look)
    return write_group(connection, group, patterns(group, data), drafted)


def _name(data: Path, paths: list[Path]) -> str:
    """A mapping's name from that of the file or, of several, of their folder."""
    return mapping_name(paths[0].name.split(".")[0] if len(paths) == 1 else data.name)


def mapping_name(given: str) -> str:
    """Any text as a name that a mapping and its workspace may have."""
    plain = unicodedata.normalize("NFKD", given).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or "my_feed"


def _require_valid(text: str) -> None:
    """A draft in which nothing is missing is a mapping; if not, the fault is the program's."""
    try:
        Mapping.model_validate(yaml.safe_load(text))
    except (yaml.YAMLError, ValidationError) as error:
        raise AssertionError(f"the draft is no valid mapping, please report it with the file: {error}") from error


def _lines_to_fill_in(text: str) -> list[str]:
    marked = re.compile(r"\s*# (\w+): FILL IN")
    return [
        f"line {number}: {match[1]} is required, and no column of the export is sure to hold it"
        for number, line in enumerate(text.splitlines(), start=1)
        if (match := marked.match(line)) and match[1] in JOB_POSTS.required_names
    ]
