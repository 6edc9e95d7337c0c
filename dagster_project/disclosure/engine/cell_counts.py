"""Reads the cells of a set of marts: the complete ones of the warehouse, or those of a release."""

import re
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pandas as pd

from dagster_project.disclosure.engine.cells import DIMENSIONS, Count, MartRule
from dagster_project.storage.sql import identifier, parquet_file

CELL_COLUMNS = ["key", *DIMENSIONS, "count", "clients"]
CLIENT_COLUMN = re.compile(r"\b\w*(?:client|cluster)_count\b")
PAIR_COLUMNS = ["equation", "whole", "part", "clients"]


def open_marts(
    files: Mapping[str, Path], client_counts: Mapping[str, pd.DataFrame] | None = None
) -> duckdb.DuckDBPyConnection:
    """A connection with a view a mart file, by its name, and a view `counts_<name>` a table of client counts."""
    connection = duckdb.connect()
    for mart, file in files.items():
        connection.execute(f"create view {identifier(mart)} as from {parquet_file(file)}")
    for table, frame in (client_counts or {}).items():
        connection.register(f"counts_{table}", frame)
    return connection


def read_client_counts(connection: duckdb.DuckDBPyConnection, rules: Mapping[str, MartRule]) -> dict[str, pd.DataFrame]:
    """The client counts of the rules' intermediate tables, from a connection to the warehouse."""
    wanted: dict[str, set[str]] = {}
    for rule in rules.values():
        if rule.client_counts:
            wanted.setdefault(rule.client_counts, set()).update(rule.client_counts_key, _client_columns(rule))
    return {
        table: connection.execute(f"select {', '.join(sorted(columns))} from intermediate.{table}").df()
        for table, columns in wanted.items()
    }


def _client_columns(rule: MartRule) -> set[str]:
    """Columns of the table that the rule's client counts read."""
    counted = [count.clients for count in rule.counts.values()] + [one.clients for one in rule.complements]
    read = {clients for clients in counted if clients} - _own_columns(rule)
    return {column for sql in read for column in CLIENT_COLUMN.findall(sql)}


def _own_columns(rule: MartRule) -> set[str]:
    return {count.shown for count in rule.counts.values()}


def read_cells(
    connection: duckdb.DuckDBPyConnection, rules: Mapping[str, MartRule], *, with_clients: bool
) -> pd.DataFrame:
    """One row a cell that the marts print: key, dimensions, count, clients (null where nobody counted them).

    with_clients: whether the client counts are there.
    """
    parts = [
        _count_sql(mart, rule, count, with_clients=with_clients)
        for mart, rule in rules.items()
        for count in rule.counts.values()
    ]
    if not parts:
        return pd.DataFrame(columns=CELL_COLUMNS)
    dimensions = ", ".join(f"any_value({name}) as {name}" for name in DIMENSIONS)
    return connection.execute(
        f"select key, {dimensions}, max(count)::double as count, max(clients)::double as clients "
        f"from ({' union all '.join(parts)}) where key is not null and count is not null group by key order by key"
    ).df()


def _count_sql(mart: str, rule: MartRule, count: Count, *, with_clients: bool) -> str:
    names = ", ".join(f"({sql})::varchar as {name}" for name, sql in count.cell.expressions.items())
    clients = count.clients if count.clients and (with_clients or count.clients in _own_columns(rule)) else "null"
    return (
        f"select {count.cell.key_sql} as key, {names}, ({count.sql})::double as count, ({clients})::double as clients "
        f"from {_source(mart, rule, with_clients=with_clients)}"
    )


def _source(mart: str, rule: MartRule, *, with_clients: bool) -> str:
    if not (with_clients and rule.client_counts):
        return mart
    joined = f"left join counts_{rule.client_counts} using ({', '.join(rule.client_counts_key)})"
    return f"(select {mart}.*, {_client_count_columns(rule)} from {mart} {joined}) as {mart}"


def _client_count_columns(rule: MartRule) -> str:
    return ", ".join(f"counts_{rule.client_counts}.{column}" for column in sorted(_client_columns(rule)))


def read_sums(
    connection: duckdb.DuckDBPyConnection, rules: Mapping[str, MartRule], *, with_clients: bool
) -> pd.DataFrame:
    """Sums that the rules declare: equation, whole, part (keys), clients of what the part leaves of the whole."""
    queries = []
    for mart, rule in rules.items():
        for complement in rule.complements:
            part, whole = rule.counts[complement.part].cell.key_sql, rule.counts[complement.whole].cell.key_sql
            clients = complement.clients if with_clients and complement.clients else "null"
            queries.append(
                f"select {whole} || ' - ' || {part} as equation, {whole} as whole, {part} as part, "
                f"({clients})::double as clients from {_source(mart, rule, with_clients=with_clients)}"
            )
        if rule.sums:
            queries.append(f"select *, null::double as clients from ({rule.sums})")
    if not queries:
        return pd.DataFrame(columns=PAIR_COLUMNS)
    return connection.execute(
        "select equation, whole, part, max(clients) as clients "
        f"from ({' union all by name '.join(queries)}) where whole != part group by all order by all"
    ).df()
