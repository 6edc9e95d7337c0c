"""The two tables of revisions that every release carries, from the present marts and all comparable releases."""

from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pandas as pd

from dagster_project.publishing.catalog import FeedName, MartContent, Release
from dagster_project.publishing.revisions.headline_series import HEADLINE_SERIES, HeadlineSeries, definition_versions
from dagster_project.publishing.revisions.history import History, read_history
from dagster_project.publishing.revisions.measures import measure_revisions, summarise
from dagster_project.publishing.revisions.schema import REVISIONS, SERIES_REVISIONS, typed, typed_query
from dagster_project.publishing.revisions.values import VALUE_COLUMNS, SeriesValues, printed_values, series_values

VINTAGE_COLUMNS = ["series_id", *VALUE_COLUMNS, "vintage"]


@dataclass(frozen=True)
class RevisionTables:
    """values: the table `revisions`; series: the table `series_revisions`; remarks: what could not be compared.

    last_release_id: the release compared with, None where there is nothing to compare.
    """

    values: pd.DataFrame
    series: pd.DataFrame
    last_release_id: str | None
    remarks: list[str]

    def frames(self) -> dict[str, pd.DataFrame]:
        """Table name -> rows."""
        return {REVISIONS.name: self.values, SERIES_REVISIONS.name: self.series}


def revision_tables(
    releases: Path,
    mart_files: dict[str, Path],
    marts: dict[str, MartContent],
    feed: FeedName | None,
    series: list[HeadlineSeries] = HEADLINE_SERIES,
) -> RevisionTables:
    """Compare the headline series of the present marts with every comparable release below `releases`.

    mart_files: mart -> Parquet file of the present marts; marts: what these hold. A value that no release had has an
    empty first_release_id until `as_released`. Raises ReleaseError for a damaged release.
    """
    history = read_history(releases, marts, feed)
    vintages, lacking = _read_vintages(history, mart_files, series)
    present = len(history.releases)
    values = measure_revisions(vintages, present)
    values = _with_names(_with_lacking(values, lacking, present), series)
    values = _with_first_release(values, history.releases)
    was_printed = printed_values(history.releases, series)
    keys = zip(values["series_id"], values["value_key"], strict=True)
    values = values.assign(was_printed=[key in was_printed for key in keys])
    summary = summarise(values, history.releases)
    remarks = [*history.remarks(), *_lacking_remarks(lacking, present, series)]
    return RevisionTables(typed(values, REVISIONS), typed(summary, SERIES_REVISIONS), history.last_id, remarks)


def as_released(tables: RevisionTables, release: Release) -> RevisionTables:
    """The tables with `release` as the first release of the values that no earlier one had."""
    values = tables.values
    is_first = values["first_release_id"].isna() & values["latest_value"].notna()
    released_at = pd.Timestamp(release.released_at).tz_convert("UTC").tz_localize(None)
    values = values.assign(
        first_release_id=values["first_release_id"].mask(is_first, release.id),
        first_released_at=values["first_released_at"].mask(is_first, released_at),
    )
    return replace(tables, values=typed(_with_days(values), REVISIONS))


def write_tables(tables: RevisionTables, directory: Path) -> dict[str, Path]:
    """Write `revisions.parquet` and `series_revisions.parquet`, rows in the order of their keys; table -> file."""
    files = {}
    with duckdb.connect() as connection:
        for table, rows in ((REVISIONS, tables.values), (SERIES_REVISIONS, tables.series)):
            connection.register("rows", rows)
            files[table.name] = directory / f"{table.name}.parquet"
            target = {"file": str(files[table.name])}
            connection.execute(f"copy ({typed_query(table)}) to $file (format parquet, compression zstd)", target)
    return files


def _read_vintages(
    history: History, mart_files: dict[str, Path], series: list[HeadlineSeries]
) -> tuple[pd.DataFrame, dict[str, dict[int, str]]]:
    """VINTAGE_COLUMNS of all vintages, and series id -> vintage -> why that vintage lacks the series."""
    sources = [(release.mart_files(), release.definitions) for release in history.releases]
    frames = [pd.DataFrame(columns=VINTAGE_COLUMNS)]
    lacking: dict[str, dict[int, str]] = {}
    with duckdb.connect() as connection:
        for vintage, (files, definitions) in enumerate([*sources, (mart_files, definition_versions(series))]):
            for one in series:
                found = series_values(connection, one, files, definitions)
                frames.append(_vintage_rows(found, one, vintage))
                if found.rows is None:
                    lacking.setdefault(one.id, {})[vintage] = found.reason
    filled = [frame for frame in frames if not frame.empty] or frames[:1]
    return pd.concat(filled, ignore_index=True), lacking


def _vintage_rows(found: SeriesValues, series: HeadlineSeries, vintage: int) -> pd.DataFrame:
    rows = pd.DataFrame(columns=VALUE_COLUMNS) if found.rows is None else found.rows
    return rows.assign(series_id=series.id, vintage=vintage)


def _with_lacking(values: pd.DataFrame, lacking: dict[str, dict[int, str]], present: int) -> pd.DataFrame:
    """Releases without the series count as not comparable; after such a release nobody can say that a value is new."""
    earlier = {name: [vintage for vintage in found if vintage < present] for name, found in lacking.items()}
    count = values["series_id"].map({name: len(found) for name, found in earlier.items()}).fillna(0).astype(int)
    after_lack = values["series_id"].isin([name for name, found in earlier.items() if present - 1 in found])
    status = values["status"].mask((values["status"] == "new") & after_lack, "not_comparable")
    return values.assign(not_comparable_count=values["not_comparable_count"] + count, status=status)


def _with_names(values: pd.DataFrame, series: list[HeadlineSeries]) -> pd.DataFrame:
    return values.assign(
        series=values["series_id"].map({one.id: one.name for one in series}),
        unit=values["series_id"].map({one.id: one.unit for one in series}),
    )


def _with_first_release(values: pd.DataFrame, releases: list[Release]) -> pd.DataFrame:
    """First release by id and instant; empty where it is the one to be made."""
    ids = {number: release.id for number, release in enumerate(releases)}
    instants = {
        number: pd.Timestamp(release.released_at).tz_convert("UTC").tz_localize(None)
        for number, release in enumerate(releases)
    }
    first = values["first_vintage"]
    return _with_days(values.assign(first_release_id=first.map(ids), first_released_at=first.map(instants)))


def _with_days(values: pd.DataFrame) -> pd.DataFrame:
    released_on = pd.to_datetime(values["first_released_at"]).dt.normalize()
    days = (released_on - pd.to_datetime(values["period_end"])).dt.days
    return values.assign(days_to_first_release=days.astype("Int64"))


def _lacking_remarks(lacking: dict[str, dict[int, str]], present: int, series: list[HeadlineSeries]) -> list[str]:
    """One sentence a series and reason; the present marts' own lack is no remark."""
    names = {one.id: one.name for one in series}
    remarks = []
    for series_id, found in lacking.items():
        reasons = pd.Series(found).drop(present, errors="ignore").value_counts(sort=False)
        remarks += [
            f"{names[series_id]}: not comparable in {count} earlier release{'s'[: count > 1]} ({reason})."
            for reason, count in reasons.items()
        ]
    return remarks
