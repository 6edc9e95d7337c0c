"""Whether chain, floor and polars counted the same: programs that differ in result are not compared in cost."""

from pathlib import Path

import duckdb

from dagster_project.storage.workspace import Workspace

_KEYS_AND_COUNTS = {
    "share_counts": (
        "int_period_share_counts",
        "category_post_count > 0",
        ["period_id", "technology", "category_id", "value_filter"],
        [
            "classified_count",
            "technology_post_count",
            "category_post_count",
            "composition_sum_yn",
            "composition_sum_nn",
            "composition_cluster_count",
            "penetration_sum_yn",
            "penetration_sum_nn",
            "penetration_cluster_count",
        ],
    ),
    "value_counts": (
        "int_period_value_counts",
        "post_count > 0",
        ["period_id", "technology", "category_id"],
        [
            "post_count",
            "known_value_count",
            "high_value_count",
            "lower_quartile_usd",
            "median_value_usd",
            "upper_quartile_usd",
            "high_value_sum_yy",
            "high_value_sum_yn",
            "high_value_sum_nn",
            "known_value_sum_yn",
            "known_value_sum_nn",
        ],
    ),
    "growth_counts": (
        "int_monthly_growth_counts",
        "post_count > 0",
        ["posted_month", "level", "series_id", "population"],
        ["post_count", "client_count", "sum_client_squares"],
    ),
}


class DifferentCountsError(AssertionError):
    """Two programs disagree; the message names the table and a row."""


def compared_rows(workspace: Workspace, floor: Path, polars: Path) -> int:
    """Compare every count of the floor with the warehouse's and with those of polars.

    floor, polars: folders of `<table>.parquet`. Returns the rows that all three have; raises DifferentCountsError.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach '{workspace.warehouse}' as warehouse (read_only)")
        warehouse = {table: f"warehouse.intermediate.{model}" for table, (model, *_) in _KEYS_AND_COUNTS.items()}
        same_rows(connection, parquet_tables(floor), warehouse)
        return same_rows(connection, parquet_tables(floor), parquet_tables(polars))


def parquet_tables(folder: Path) -> dict[str, str]:
    """The counts that a bare program wrote below `folder`: what to select from, by table."""
    return {table: f"read_parquet('{folder / table}.parquet')" for table in _KEYS_AND_COUNTS}


def same_rows(connection: duckdb.DuckDBPyConnection, left: dict[str, str], right: dict[str, str]) -> int:
    """The rows of all tables of counts, which are the same left and right; raises DifferentCountsError."""
    rows = 0
    for table, (_, condition, keys, counts) in _KEYS_AND_COUNTS.items():
        columns = ", ".join(
            [*(f"{key}::varchar as {key}" for key in keys)]
            + [f"coalesce({name}, 0)::decimal(38, 2) as {name}" for name in counts]
        )
        one, other = (f"select {columns} from {tables[table]} where {condition}" for tables in (left, right))
        difference = connection.execute(
            f"(({one}) except all ({other})) union all (({other}) except all ({one})) limit 1"
        ).fetchone()
        if difference:
            raise DifferentCountsError(f"{left[table]} and {right[table]} differ, for instance in {difference}")
        counted = connection.execute(f"select count(*) from ({one})").fetchone()
        rows += counted[0] if counted else 0
    return rows
