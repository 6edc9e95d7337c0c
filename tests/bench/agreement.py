"""Whether the floor counted what the chain counted: two programs that differ in result are not compared in cost."""

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
    """Floor and chain disagree; the message names the table and a row."""


def compared_rows(workspace: Workspace, floor: Path) -> int:
    """Compare every count of the floor with the warehouse's; returns the rows compared, raises DifferentCountsError."""
    rows = 0
    with duckdb.connect() as connection:
        connection.execute(f"attach '{workspace.warehouse}' as warehouse (read_only)")
        for table, (model, condition, keys, counts) in _KEYS_AND_COUNTS.items():
            columns = ", ".join([*keys, *(f"coalesce({name}, 0)::decimal(38, 2) as {name}" for name in counts)])
            chain = f"select {columns} from warehouse.intermediate.{model} where {condition}"
            bare = f"select {columns} from read_parquet('{floor / table}.parquet') where {condition}"
            difference = connection.execute(
                f"(({chain}) except all ({bare})) union all (({bare}) except all ({chain})) limit 1"
            ).fetchone()
            if difference:
                raise DifferentCountsError(f"{table} differs from intermediate.{model}, for instance {difference}")
            counted = connection.execute(f"select count(*) from ({bare})").fetchone()
            rows += counted[0] if counted else 0
    return rows
