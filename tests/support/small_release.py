"""A small warehouse, report and dictionary: what a release is made from."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from dagster_project.publishing.catalog import Release, list_releases
from dagster_project.publishing.dictionary import Column, DataDictionary, Mart
from dagster_project.publishing.export import export_marts
from dagster_project.publishing.release.publish import publish_release
from dagster_project.storage.workspace import Workspace

NOW = datetime(2025, 12, 3, 6, 0, tzinfo=UTC)

GROWTH = Mart(
    "monthly_growth",
    "One row a month and series. A quote's apostrophe is harmless.",
    ["posted_month", "series_id"],
    [
        Column("posted_month", "date", "First day of the month."),
        Column("series_id", "varchar", "The series | its id."),
        Column("post_count", "bigint", "Posts of the month."),
        Column("growth_pct", "decimal(14,4)", "Percent; empty where withheld."),
    ],
)
EMPTY = Mart("pulse_shares", "One row an answer.", ["answer"], [Column("answer", "varchar", "The answer as offered.")])
DICTIONARY = DataDictionary([GROWTH, EMPTY])


def build_warehouse(path: Path, post_count: int = 120) -> Path:
    """A warehouse with one filled and one empty mart; rows lie in another order than their key."""
    with duckdb.connect(str(path)) as warehouse:
        warehouse.execute("create schema if not exists marts")
        warehouse.execute(
            """
            create or replace table marts.monthly_growth as
            select * from (values
                (date '2025-11-01', 'writing', $post_count::bigint, 19.0000::decimal(14, 4)),
                (date '2025-10-01', 'writing', 101, null),
                (date '2025-11-01', 'legal', 7, -3.5000),
            ) as growth(posted_month, series_id, post_count, growth_pct)
            """,
            {"post_count": post_count},
        )
        warehouse.execute("create or replace table marts.pulse_shares (answer varchar)")
    return path


def write_report(directory: Path, text: str = "Posts rose.") -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "figures").mkdir(exist_ok=True)
    (directory / "figures" / "growth.csv").write_text("growth\n1\n")
    others = ("technical_annex", "technology_spread", "technology_spread_annex")
    for page, claims in (("hiring_report", "claims"), *((name, f"{name}_claims") for name in others)):
        (directory / f"{page}.html").write_text(f"<p>{text}</p>")
        (directory / f"{page}.md").write_text(text)
        (directory / f"{claims}.json").write_text(json.dumps([text]))
    return directory


def publisher(workspace: Workspace, folder: Path) -> Callable[..., Release]:
    """Publishes a month, 2025-11, with a given post count; each call is an hour later than the one before.

    folder: holds the warehouse. The first call is an hour later than the last release that the workspace has.
    """
    hours = iter(range(len(list_releases(workspace.releases)), 10_000))

    def run(
        post_count: int = 120,
        text: str = "Posts rose.",
        dictionary: DataDictionary = DICTIONARY,
        month: str = "2025-11",
    ) -> Release:
        warehouse = build_warehouse(folder / "warehouse.duckdb", post_count)
        files = export_marts(warehouse, DICTIONARY.primary_keys(), folder / "export")
        report = write_report(workspace.report(month), text)
        now = NOW + timedelta(hours=next(hours))
        return publish_release(workspace, month, files, report, dictionary, now)

    return run
