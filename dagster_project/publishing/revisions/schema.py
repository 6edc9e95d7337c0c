"""Columns of the two tables of revisions, documented like the marts."""

import duckdb
import pandas as pd

from dagster_project.publishing.dictionary import Column, Mart
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
