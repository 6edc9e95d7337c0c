"""A warehouse of an earlier version of the project: tables that a run appends to must have today's columns."""

from pathlib import Path

import duckdb

from dagster_project.runs.dbt_project import appended_columns
from dagster_project.storage import warehouse

COLUMNS = {("counts", "gained"): ["month", "posts", "clients"], ("counts", "same"): ["month", "posts"]}


def test_a_table_that_gained_a_column_is_dropped_and_named_and_others_stay(tmp_path: Path) -> None:
    path, messages = tmp_path / "warehouse.duckdb", []
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema counts")
        for table in ("gained", "same", "of_nobody"):
            connection.execute(f"create table counts.{table} as select 1 as month, 2 as posts")
        connection.execute("create view counts.reader as select * from counts.gained")
    warehouse.drop_outdated(path, COLUMNS, messages.append)
    with duckdb.connect(str(path)) as connection:
        left = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
    assert left == {"same", "of_nobody"}
    assert messages == ["counts.gained has the columns of an earlier version; it is counted anew"]


def test_every_model_that_a_run_appends_to_names_its_columns() -> None:
    columns = appended_columns()
    assert ("intermediate", "int_month_states") in columns
    assert all(columns.values())
