"""The tables of a release as Postgres gets them, and what makes the tables that it has into those."""

from dataclasses import dataclass

import duckdb

from dagster_project.storage.sql import identifier, identifier_list

RECORD = "published_release"
RECORD_COLUMNS = {
    "release_id": ("text", "Id of the release that the tables hold."),
    "month": ("text", "Month of its report, YYYY-MM."),
    "released_at": ("timestamp with time zone", "When the release was made."),
    "schema_version": ("text", "Version of its tables: the first number rises where a query may fail."),
    "sources": ("text", "Name of the feed."),
    "published_at": ("timestamp with time zone", "When the release was copied here."),
}
TYPES = {
    "VARCHAR": "text",
    "DOUBLE": "double precision",
    "FLOAT": "real",
    "TIMESTAMP": "timestamp without time zone",
}
"""Types whose Postgres name is not DuckDB's in lower case."""


@dataclass(frozen=True)
class Table:
    """One released table as Postgres gets it: (column, type) in order, key columns, comments by column."""

    name: str
    columns: list[tuple[str, str]]
    key: list[str]
    comment: str
    comments: dict[str, str]


def released_tables(connection: duckdb.DuckDBPyConnection) -> list[Table]:
    keys = dict(
        connection.execute(
            "select table_name, constraint_column_names from duckdb_constraints()"
            " where database_name = 'released' and constraint_type = 'PRIMARY KEY'"
        ).fetchall()
    )
    named = connection.execute(
        "select table_name, coalesce(comment, '') from duckdb_tables() where database_name = 'released' order by 1"
    ).fetchall()
    return [_released_table(connection, name, keys.get(name, []), comment) for name, comment in named]


def _released_table(connection: duckdb.DuckDBPyConnection, name: str, key: list[str], comment: str) -> Table:
    columns = connection.execute(
        "select column_name, data_type, coalesce(comment, '') from duckdb_columns()"
        " where database_name = 'released' and table_name = ? order by column_index",
        [name],
    ).fetchall()
    types = [(column, postgres_type(data_type)) for column, data_type, _ in columns]
    return Table(name, types, key, comment, {column: said for column, _, said in columns})


def postgres_type(data_type: str) -> str:
    """The name that Postgres itself gives the type of a DuckDB column."""
    if data_type.endswith("[]"):
        return f"{postgres_type(data_type[:-2])}[]"
    return TYPES.get(data_type, data_type.lower().replace("decimal", "numeric"))


def record_table() -> Table:
    columns = [(name, kind) for name, (kind, _) in RECORD_COLUMNS.items()]
    comments = {name: said for name, (_, said) in RECORD_COLUMNS.items()}
    return Table(RECORD, columns, [], "One row: the release that the tables of this schema hold.", comments)


def definition(table: Table) -> str:
    parts = [f"{identifier(column)} {kind}" for column, kind in table.columns]
    return ", ".join([*parts, f"primary key ({identifier_list(table.key)})"] if table.key else parts)


def key_of(table: Table) -> set[tuple[str, str]]:
    """(column, type) of the key."""
    return {(column, kind) for column, kind in table.columns if column in table.key}


def alterations(present: Table, wanted: Table) -> list[str]:
    """A column of another type is dropped and added: changing the type would rewrite the table, which empties it for
    readers whose snapshot is older."""
    gone = [column for column, kind in present.columns if (column, kind) not in wanted.columns]
    new = [(column, kind) for column, kind in wanted.columns if (column, kind) not in present.columns]
    return [
        *(f"drop column {identifier(column)}" for column in gone),
        *(f"add column {identifier(column)} {kind}" for column, kind in new),
    ]
