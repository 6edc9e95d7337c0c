"""The functions that mappings may call, for a DuckDB connection."""

import duckdb

from dagster_project.sources.values import language, lists, money, times
from dagster_project.sources.values.rates import NO_RATES, Rates


def define_functions(connection: duckdb.DuckDBPyConnection, rates: Rates = NO_RATES) -> None:
    """Defines them all on the connection, which is set to UTC; docs/inputs.md lists them."""
    connection.execute("set timezone = 'UTC'")
    times.register_times(connection)
    money.register_money(connection, rates)
    language.define_language(connection)
    connection.execute(times.MACROS + money.MACROS + lists.MACROS)
