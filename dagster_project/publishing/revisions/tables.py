"""The two tables of revisions that every release carries: their columns, and their rows from all its releases."""

from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pandas as pd

from dagster_project.publishing.catalog import FeedName, History, MartContent, Release, read_history
from dagster_project.publishing.dictionary import Column, Mart
from dagster_project.publishing.revisions.headline_series import (
    HEADLINE_SERIES,
    VALUE_COLUMNS,
    HeadlineSeries,
    SeriesValues,
    definition_versions,
    printed_values,
    series_values,
)
from dagster_project.publishing.revisions.measures import measure_revisions, summarise
from dagster_project.storage.sql import identifier, identifier_list

AMOUNT = "decimal(28,6)"

REVISIONS = Mart(
    "revisions",
    "One row a released value of a headline series: what it was first, in the release before and now. Values are "
    "compared only where definition and wording are the same.",
    ["series_id", "value_key", "definition_version"],
    [
        Column("series_id", "varchar", "Headline series of the value."),
        Column("series", "varchar", "Name of the series as printed."),
        Column("value_key", "varchar", "Key columns of the value's mart row, `column=value` each."),
        Column("definition_version", "varchar", "Version of the definition, adjustment and wording behind the value."),
        Column("label", "varchar", "What the value is of, in words."),
        Column("unit", "varchar", "percent, fraction (of 1), count or rank; a revision has the same unit."),
        Column("period_end", "date", "Last day of the value's month or period."),
        Column("status", "varchar", "Against the comparable value released last: new, unchanged, revised, withdrawn "
               "(no value now), not_comparable (released before, but under another definition or wording)."),
        Column("was_printed", "boolean", "An earlier report printed the value in a sentence."),
        Column("latest_value", AMOUNT, "The value in this release; empty where withdrawn."),
        Column("latest_value_low", AMOUNT, "Lower end of its 95 % interval, where the series has one."),
        Column("latest_value_high", AMOUNT, "Upper end of its 95 % interval, where the series has one."),
        Column("previous_value", AMOUNT, "The comparable value released last before this release."),
        Column("previous_value_low", AMOUNT, "Lower end of its 95 % interval."),
        Column("previous_value_high", AMOUNT, "Upper end of its 95 % interval."),
        Column("first_value", AMOUNT, "The first comparable value released."),
        Column("revision", AMOUNT, "latest_value - previous_value."),
        Column("first_to_latest_revision", AMOUNT, "latest_value - first_value."),
        Column("mean_absolute_revision", AMOUNT, "Mean absolute difference of successive vintages, 0 where unchanged."),
        Column("revision_in_half_widths", "decimal(28,4)", "Absolute revision over half the width of the previous "
               "interval."),
        Column("vintage_count", "bigint", "Releases with a comparable value, this one included; releases with the same "
               "marts count once."),
        Column("revision_count", "bigint", "Vintages that differ from the one before."),
        Column("sign_flip_count", "bigint", "Vintages whose sign is opposite to the one before."),
        Column("not_comparable_count", "bigint", "Earlier releases that lack the series or define it in another way."),
        Column("first_release_id", "varchar", "First release with a comparable value."),
        Column("first_released_at", "timestamp", "When that was, UTC."),
        Column("days_to_first_release", "integer", "Days from the end of the period to the day of that release, UTC."),
    ],
)  # fmt: skip
SERIES_REVISIONS = Mart(
    "series_revisions",
    "One row a headline series: how its values were revised since the comparable value released last.",
    ["series_id"],
    [
        Column("series_id", "varchar", "Headline series."),
        Column("series", "varchar", "Name of the series as printed."),
        Column("unit", "varchar", "percent, fraction (of 1), count or rank; a revision has the same unit."),
        Column("value_count", "bigint", "Values in this release."),
        Column("new_count", "bigint", "Values that no release had before."),
        Column("compared_count", "bigint", "Values with a comparable earlier value."),
        Column("revised_count", "bigint", "Compared values that differ from the one released last."),
        Column("withdrawn_count", "bigint", "Values released before and absent or withheld now."),
        Column("incomparable_count", "bigint", "Values released before under another definition or wording only."),
        Column("mean_revision", AMOUNT, "Mean of latest - previous over the compared values: the bias of a release."),
        Column("mean_absolute_revision", AMOUNT, "Mean of |latest - previous| over the compared values."),
        Column("largest_absolute_revision", AMOUNT, "Largest |latest - previous|."),
        Column("first_to_latest_mean_absolute_revision", AMOUNT, "Mean of |latest - first| over the compared values."),
        Column("sign_flip_count", "bigint", "Compared values whose sign is opposite to the one released last."),
        Column("median_days_to_first_release", "decimal(12,1)", "Median days from month end to release over the values "
               "first released in the report of their own month; empty before the second release."),
    ],
)  # fmt: skip
REVISION_MARTS = [REVISIONS, SERIES_REVISIONS]


def typed(frame: pd.DataFrame, table: Mart) -> pd.DataFrame:
    """The documented columns in their order and types, rows in the order of the key; decimals arrive as floats."""
    with duckdb.connect() as connection:
        connection.register("rows", frame)
        return connection.execute(typed_query(table)).df()


def typed_query(table: Mart) -> str:
    """SQL that casts the relation `rows` to the documented types."""
    names = [(identifier(column.name), column.data_type) for column in table.columns]
    columns = ", ".join(f"{name}::{data_type} as {name}" for name, data_type in names)
    return f"select {columns} from rows order by {identifier_list(table.primary_key)}"


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
