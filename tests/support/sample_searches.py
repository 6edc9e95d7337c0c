"""A vintage triangle of a monthly series as four releases of a mart of searches, small enough to revise by hand."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from dagster_project.publishing.catalog import FeedName, Release
from dagster_project.publishing.dictionary import Column, DataDictionary, Mart
from dagster_project.publishing.release.publish import publish_release
from dagster_project.storage.workspace import Workspace
from tests.support.small_release import write_report

FEED = FeedName("sample_searches", is_simulated=False)
COLUMNS = {
    "search_month": "date",
    "series_id": "varchar",
    "series": "varchar",
    "search_count": "bigint",
    "growth_pct": "decimal(14,4)",
    "growth_pct_low": "decimal(14,4)",
    "growth_pct_high": "decimal(14,4)",
}
MART = Mart(
    "monthly_search_growth",
    "One row a month and series.",
    ["search_month", "series_id"],
    [Column(name, data_type, "A column.") for name, data_type in COLUMNS.items()],
)
# search month -> (search count, growth in percent or None) as each release had it
Vintage = dict[str, tuple[int, float | None]]
TRIANGLE: list[Vintage] = [
    {"2025-01": (100, None), "2025-02": (110, 10.0)},
    {"2025-01": (104, None), "2025-02": (110, 5.8), "2025-03": (120, -2.0)},
    {"2025-01": (101, None), "2025-02": (110, 8.9), "2025-03": (130, 3.0), "2025-04": (90, 1.0)},
    {"2025-01": (101, None), "2025-02": (112, 8.9), "2025-03": (128, -1.0), "2025-04": (96, None)},
]
MONTHS = ["2025-02", "2025-03", "2025-04", "2025-05"]
HALF_WIDTH = 4

PublishVintage = Callable[..., Release]


def publisher(workspace: Workspace, folder: Path) -> PublishVintage:
    """A function that releases a vintage under a month, a month and two days after the release before."""
    numbers = iter(range(1_000))

    def run(month: str, vintage: Vintage, mart: Mart = MART, feed: FeedName = FEED, text: str = "Searches.") -> Release:
        file = write_mart(folder / f"{mart.name}.parquet", vintage, mart)
        report = write_report(workspace.report(month), text)
        now = datetime(2025, 3, 2, 6, tzinfo=UTC) + timedelta(days=32 * next(numbers))
        return publish_release(workspace, month, {mart.name: file}, report, DataDictionary([mart]), now, feed=feed)

    return run


def write_mart(file: Path, vintage: Vintage, mart: Mart) -> Path:
    ends = {"growth_pct": 0, "growth_pct_low": -HALF_WIDTH, "growth_pct_high": HALF_WIDTH}
    with duckdb.connect() as connection:
        columns = ", ".join(f"{name} {data_type}" for name, data_type in COLUMNS.items())
        connection.execute(f"create table searches ({columns})")
        for month, (count, growth) in vintage.items():
            numbers = [None if growth is None else growth + end for end in ends.values()]
            row = [f"{month}-01", "ai_agents", "AI agents", count, *numbers]
            connection.execute("insert into searches values (?, ?, ?, ?, ?, ?, ?)", row)
        kept = ", ".join(column.name for column in mart.columns)
        connection.execute(f"copy (select {kept} from searches order by all) to '{file}' (format parquet)")
    return file
