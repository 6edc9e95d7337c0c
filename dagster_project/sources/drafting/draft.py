"""The draft of a mapping: files are looked at, grouped, proposed for, and written down for a person to check."""

import re
import tempfile
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import yaml
from pydantic import ValidationError

from dagster_project.sources.contracts import JOB_POSTS
from dagster_project.sources.drafting.export_columns import export_columns
from dagster_project.sources.drafting.look import (
    FilesOfOneSchema,
    common_folder,
    files_to_look_at,
    group_by_schema,
    look_at_file,
    patterns,
)
from dagster_project.sources.drafting.proposals import load_sample
from dagster_project.sources.drafting.propose import Draft, propose
from dagster_project.sources.drafting.writing import GroupText, mapping_text, write_group
from dagster_project.sources.files.connection import reading_connection
from dagster_project.sources.mapping.model import Mapping


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
        f"line {number}: {match[1]} is required, and no column of the export seems to hold it"
        for number, line in enumerate(text.splitlines(), start=1)
        if (match := marked.match(line)) and match[1] in JOB_POSTS.required_names
    ]
