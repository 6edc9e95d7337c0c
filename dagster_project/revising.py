"""Headline numbers of earlier releases beside those of the present marts; report and gate read the same tables."""

import tempfile
from pathlib import Path

import duckdb
import pandas as pd

from dagster_project.home import Home
from dagster_project.publishing.catalog import FeedName
from dagster_project.publishing.dictionary import DataDictionary
from dagster_project.publishing.export import export_marts
from dagster_project.publishing.release import describe_marts
from dagster_project.publishing.revision_schema import REVISION_MARTS
from dagster_project.publishing.revision_tables import RevisionTables, revision_tables, write_tables
from dagster_project.settings import Settings


def feed_name(settings: Settings) -> FeedName:
    """The feed whose releases may be compared with each other."""
    return FeedName(settings.mapping.name, settings.mapping.is_simulated)


def compare_with_releases(settings: Settings, dictionary: DataDictionary) -> RevisionTables:
    """Compare the warehouse's marts with every earlier release of the feed and write the two tables.

    Raises ReleaseError for a damaged release.
    """
    home = settings.home
    with tempfile.TemporaryDirectory(dir=home.root) as folder:
        files = export_marts(home.warehouse, dictionary.primary_keys(), Path(folder))
        marts = describe_marts(files, dictionary)
        tables = revision_tables(home.releases, files, marts, feed_name(settings))
    home.revisions.mkdir(parents=True, exist_ok=True)
    write_tables(tables, home.revisions)
    return tables


def read_revisions(home: Home) -> dict[str, pd.DataFrame]:
    """The two tables as the last comparison wrote them, by name."""
    files = {table.name: str(home.revisions / f"{table.name}.parquet") for table in REVISION_MARTS}
    with duckdb.connect() as connection:  # decimals arrive as floats, as those of the marts do
        return {name: connection.execute("from read_parquet(?)", [file]).df() for name, file in files.items()}
