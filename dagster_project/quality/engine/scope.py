"""The part of each table that a run is responsible for: views over its months."""

import re
from collections.abc import Sequence

import duckdb

from dagster_project.quality.engine.declaration import Table
from dagster_project.quality.engine.session import ValidationSource

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def create_run_months(connection: duckdb.DuckDBPyConnection, months: Sequence[str]) -> None:
    """Create the table `run_months` (month VARCHAR, first_day DATE); ValueError names a month not YYYY-MM."""
    wrong = [month for month in months if not MONTH.fullmatch(month)]
    if wrong:
        raise ValueError(f"a month is written YYYY-MM, such as 2025-11; got {', '.join(map(repr, wrong))}")
    connection.execute("create or replace table run_months (month varchar, first_day date)")
    for month in sorted(set(months)):
        connection.execute("insert into run_months values (?, ?)", [month, f"{month}-01"])


def create_batch_view(source: ValidationSource, table: Table) -> str:
    """Create the view that stands for `table` in this run and return its name.

    The name has no schema, because Great Expectations loses it when it reads the columns. A table that does
    not exist becomes an empty view, so that all its expectations fail instead of being left out.
    """
    view = "batch_of_" + table.name.replace(".", "__")
    source.connection.execute(f'create or replace view "{view}" as {_query(source, table)}')
    return view


def _query(source: ValidationSource, table: Table) -> str:
    if not source.has(table.name):
        return "select null as missing_table where false"
    if table.month_column is None:
        return f"from {table.name}"
    key = "month" if table.month_column == "month" else "first_day"
    return f'from {table.name} where "{table.month_column}" in (select {key} from run_months)'
