"""Headline numbers of earlier releases beside those of the present marts; report and gate read the same tables."""

import json

import duckdb
import pandas as pd

from dagster_project.publishing.catalog import FeedName
from dagster_project.publishing.dictionary import DataDictionary
from dagster_project.publishing.release.publish import describe_marts
from dagster_project.publishing.revisions.tables import REVISION_MARTS, RevisionTables, revision_tables, write_tables
from dagster_project.sources.mapping.model import Mapping
from dagster_project.stages.disclose import disclosed_files
from dagster_project.storage.sql import parquet_file
from dagster_project.storage.workspace import Workspace

COMPARED_FILE = "compared.json"


def feed_name(mapping: Mapping) -> FeedName:
    """The feed whose releases may be compared with each other."""
    return FeedName(mapping.name, mapping.is_simulated)


def compare_with_releases(workspace: Workspace, feed: FeedName, dictionary: DataDictionary) -> RevisionTables:
    """Compare the marts of `disclosed/` with every earlier release of the feed and write the two tables.

    Raises ReleaseError for a damaged release.
    """
    files = disclosed_files(workspace, dictionary)
    marts = describe_marts(files, dictionary)
    tables = revision_tables(workspace.releases, files, marts, feed)
    workspace.revisions.mkdir(parents=True, exist_ok=True)
    write_tables(tables, workspace.revisions)
    compared = [*([tables.last_release_id] if tables.last_release_id else []), *tables.remarks]
    (workspace.revisions / COMPARED_FILE).write_text(json.dumps(compared), encoding="utf-8")
    return tables


def read_compared(workspace: Workspace) -> list[str]:
    """The release compared with last, and what could not be compared, as a report quotes them."""
    return list(json.loads((workspace.revisions / COMPARED_FILE).read_text(encoding="utf-8")))


def read_revisions(workspace: Workspace) -> dict[str, pd.DataFrame]:
    """The two tables as the last comparison wrote them, by name."""
    files = {table.name: workspace.revisions / f"{table.name}.parquet" for table in REVISION_MARTS}
    with duckdb.connect() as connection:  # decimals arrive as floats, as those of the marts do
        return {name: connection.execute(f"from {parquet_file(file)}").df() for name, file in files.items()}
