"""Cells: counts of posts, contracts, searches or respondents, each with one key however many marts print it.

Rules declare them; they are read from a set of marts, the complete ones of the warehouse or those of a release.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from dagster_project.storage.sql import identifier, parquet_file

DIMENSIONS = ("subject", "period", "population", "technology", "place", "kind")
SMALLEST_COUNT, SMALLEST_CLIENTS = 10, 3
PAIR = "::"
"""How the place of two categories taken together begins: hidden before one of the two, which says more."""


@dataclass(frozen=True)
class Cell:
    """The key of a cell as SQL expressions over a mart's columns.

    period: `2025-11`, `2025`, a study period; population: `us`, `all`, or who was asked; technology: `any` = all, or
    the question; place: '' = everywhere, a path such as `writing` or `writing/copywriting`, or an answer; kind: what
    is counted (`all`, a value filter, ...).
    """

    subject: str
    period: str
    population: str = "'all'"
    technology: str = "'any'"
    place: str = "''"
    kind: str = "'all'"

    @property
    def expressions(self) -> dict[str, str]:
        """Dimension -> SQL."""
        return {"subject": f"'{self.subject}'"} | {name: getattr(self, name) for name in DIMENSIONS[1:]}

    @property
    def key_sql(self) -> str:
        """SQL of the key, null where a part of it is."""
        return " || '|' || ".join(f"({sql})::varchar" for sql in self.expressions.values())


@dataclass(frozen=True)
class Count:
    """A count that a mart prints in the column `shown`, or that its shares give away (`shown` empty).

    sql: the count over the mart's columns; null where another mart knows it. clients: column of the rule's
    client_counts
    table with the number of clients behind the count.
    """

    cell: Cell
    sql: str = "null"
    shown: str = ""
    clients: str | None = None

    @classmethod
    def column(cls, cell: Cell, column: str, clients: str | None = None) -> "Count":
        """A count printed in a column of its own."""
        return cls(cell, column, column, clients)


@dataclass(frozen=True)
class Computed:
    """Columns (patterns as of `fnmatch`) from which one of the named counts could be computed: hidden with any."""

    columns: tuple[str, ...]
    counts: tuple[str, ...]


@dataclass(frozen=True)
class Rounded:
    """Columns that sum up a whole group of cells, such as a Herfindahl index: rounded where one of the group is hidden.

    group: name of a count; its group are the cells that differ from it by their place alone. digits: None for columns
    that are then not printed, since a reader would compute them from rounded ones and get another number.
    """

    columns: tuple[str, ...]
    group: str
    digits: int | None


@dataclass(frozen=True)
class TooFew:
    """Columns (patterns as of `fnmatch`) that are not printed where `n`, SQL over the mart's columns, is below 10.

    This is reliability, not confidentiality: the count itself is printed.
    """

    columns: tuple[str, ...]
    n: str


@dataclass(frozen=True)
class Complement:
    """The difference of two named counts is a cell too; `clients` as in `Count`."""

    part: str
    whole: str
    clients: str | None = None


@dataclass(frozen=True)
class MartRule:
    """How a mart discloses: its counts by name, what is computed from them, what their shares leave over.

    client_counts: intermediate table with them, joined on the columns `client_counts_key`. sums: SQL over the marts
    with the columns equation, whole, part (keys): further sums of cells. free: patterns of the other numeric columns,
    which tell no hidden count. too_few: what is not printed from fewer than 10 rows. exempt: why the mart shows no cell
    of anybody.
    """

    counts: dict[str, Count] = field(default_factory=dict)
    computed: tuple[Computed, ...] = ()
    rounded: tuple[Rounded, ...] = ()
    complements: tuple[Complement, ...] = ()
    client_counts: str | None = None
    client_counts_key: tuple[str, ...] = ()
    sums: str | None = None
    free: tuple[str, ...] = ()
    too_few: tuple[TooFew, ...] = ()
    exempt: str | None = None

    @property
    def subjects(self) -> set[str]:
        """Whose cells the mart prints: posts, searches, contracts, pulse or study answers."""
        return {count.cell.subject for count in self.counts.values()}


def is_small(counts: pd.Series, clients: pd.Series) -> pd.Series:
    """1 to 9 rows, or some rows of fewer than 3 clients; clients null: not known, the rows decide."""
    return counts.between(1, SMALLEST_COUNT - 1) | ((counts > 0) & (clients < SMALLEST_CLIENTS))


WITH_CATEGORY = "'*'"
CATEGORY_OR_ALL = "case category_id when 'all' then '' else category_id end"
SERIES = {
    "population": "population",
    "technology": "case level when 'technology' then series_id else 'any' end",
    "place": "case level when 'category' then series_id "
    "when 'sub_category' then coalesce(category_id, 'none') || '/' || series_id "
    "when 'composite' then ':' || series_id else '' end",
}
QUESTION = "question_id || '/' || wording_version"


def month(column: str, before: int = 0) -> str:
    """SQL of a month's period id, `before` months earlier."""
    shifted = f"{column} - interval {before} month" if before else column
    return f"strftime({shifted}, '%Y-%m')"


CELL_COLUMNS = ["key", *DIMENSIONS, "count", "clients"]
MONTH = re.compile(r"\d{4}-\d{2}")
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


@dataclass(frozen=True)
class Told:
    """What a release says of the cells that there are now, in the order of their keys.

    counts: as printed, NaN where hidden or where the release has no such cell; is_there: whether it has; last_month:
    the latest month that it has a cell of, empty without one.
    """

    counts: np.ndarray
    is_there: np.ndarray
    last_month: str


def read_told(connection: duckdb.DuckDBPyConnection, rules: Mapping[str, MartRule], keys: pd.Series) -> Told:
    """What the marts of a release (`open_marts`) tell of the cells with these keys, each of which stands there once.

    A mart of an older release that lacks a column which its rule reads says nothing.
    """
    queries = {
        mart: " union all ".join(
            f"select {count.cell.key_sql} as key, ({count.sql})::double as count from {mart}"
            for count in rule.counts.values()
        )
        for mart, rule in rules.items()
        if rule.counts
    }
    readable = [query for query in queries.values() if _can_run(connection, query)]
    counts, is_there = np.full(len(keys), np.nan), np.zeros(len(keys), dtype=bool)
    if not readable:
        return Told(counts, is_there, "")
    connection.execute(
        "create temp table told as select key, max(count) as count "
        f"from ({' union all '.join(readable)}) where key is not null group by key"
    )
    connection.register("present", pd.DataFrame({"key": keys.to_numpy(), "place": np.arange(len(keys))}))
    found = connection.execute("select place, count from told join present using (key)").fetchnumpy()
    counts[found["place"]] = np.ma.filled(np.ma.asarray(found["count"], dtype=float), np.nan)
    is_there[found["place"]] = True
    months = "(select split_part(key, '|', 2) as period from told)"
    last = connection.execute(f"select max(period) from {months} where regexp_full_match(period, '{MONTH.pattern}')")
    return Told(counts, is_there, last.fetchone()[0] or "")  # type: ignore[index]


def _can_run(connection: duckdb.DuckDBPyConnection, query: str) -> bool:
    try:
        connection.execute(f"explain {query}")
    except (duckdb.BinderException, duckdb.CatalogException):
        return False
    return True


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
