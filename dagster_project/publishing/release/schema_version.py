"""Which tables and columns a release has, told against the release before it.

The version is `major.minor`: the minor number rises where tables or columns were added, the major one where a query
written for the release before may fail, because a table or column is gone or has another type.
"""

import csv
from dataclasses import dataclass, field

from dagster_project.publishing.catalog import DICTIONARY_FILE, Release
from dagster_project.publishing.dictionary import DataDictionary

FIRST_VERSION = "1.0"
Schema = dict[str, dict[str, str]]
"""Table -> column -> type."""


@dataclass(frozen=True)
class SchemaState:
    """The version of a release's tables and, in sentences, what differs from the release `compared_with`."""

    version: str = FIRST_VERSION
    compared_with: str | None = None
    changes: list[str] = field(default_factory=list)

    def to_markdown(self) -> str:
        """A paragraph for the head of the dictionary."""
        if self.compared_with is None:
            return f"Schema {self.version}; there is no earlier release to compare with.\n\n"
        told = "".join(f"\n- {change}" for change in self.changes) or " nothing."
        return f"Schema {self.version}. Tables and columns that changed since release {self.compared_with}:{told}\n\n"


def next_schema(previous: Release | None, dictionary: DataDictionary) -> SchemaState:
    """The state of a release whose tables are those of `dictionary`, after `previous`."""
    if previous is None or not (previous.path / DICTIONARY_FILE).is_file():
        return SchemaState()
    before, now = released_schema(previous), _schema(dictionary)
    lost, added = _lost_or_retyped(before, now), _added(before, now)
    version = _raised(previous.schema_version, bool(lost), bool(added))
    return SchemaState(version, previous.id, [*lost, *added])


def released_schema(release: Release) -> Schema:
    """Tables and columns of a release by its data dictionary."""
    schema: Schema = {}
    with (release.path / DICTIONARY_FILE).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            schema.setdefault(row["mart"], {})[row["column"]] = row["type"]
    return schema


def _schema(dictionary: DataDictionary) -> Schema:
    return {mart.name: {column.name: column.data_type for column in mart.columns} for mart in dictionary.marts}


def _lost_or_retyped(before: Schema, now: Schema) -> list[str]:
    tables = [f"table {table} is gone" for table in sorted(before.keys() - now.keys())]
    columns = [
        f"column {table}.{column} is gone"
        if column not in now[table]
        else f"column {table}.{column} was {kind}, is {now[table][column]}"
        for table in sorted(before.keys() & now.keys())
        for column, kind in before[table].items()
        if now[table].get(column) != kind
    ]
    return [*tables, *columns]


def _added(before: Schema, now: Schema) -> list[str]:
    tables = [f"table {table} is new" for table in sorted(now.keys() - before.keys())]
    columns = [
        f"column {table}.{column} is new"
        for table in sorted(before.keys() & now.keys())
        for column in now[table]
        if column not in before[table]
    ]
    return [*tables, *columns]


def _raised(version: str, has_lost: bool, has_added: bool) -> str:
    major, minor = (int(part) for part in (version or FIRST_VERSION).split("."))
    if has_lost:
        return f"{major + 1}.0"
    return f"{major}.{minor + has_added}"
