"""What a draft says of one of our columns: expression, doubts, and how many sampled values become ours."""

from dataclasses import dataclass, replace

import duckdb
import pyarrow as pa

from dagster_project.sources.contracts import JOB_POSTS
from dagster_project.sources.drafting.export_columns import ExportColumn
from dagster_project.sources.drafting.look import Look
from dagster_project.sources.validation.rules import given, given_sql, typed, typed_sql
from dagster_project.storage.sql import file_literal, identifier

ACTIVE = 0.5
"""From this score on a proposal is a line of the mapping; below it is a remark that a person decides on."""
WORTH_A_REMARK = 0.3
_NAME_WEIGHT, _VALUE_WEIGHT = 0.6, 0.4


@dataclass(frozen=True)
class Proposal:
    """`column` shows the sample values; None where the expression is made of several."""

    field: str
    expression: str
    score: float
    column: ExportColumn | None
    doubts: tuple[str, ...] = ()

    def doubting(self, *doubts: str) -> "Proposal":
        return replace(self, doubts=(*self.doubts, *doubts))


def combined_score(name: float, values: float, values_alone: float = 0.0) -> float:
    """Score of a name and values that fit 0..1; `values_alone` is what values score under a name that says nothing."""
    if values == 0 or name < 0:
        return 0.0
    if name == 0:
        return values * values_alone
    return max(_NAME_WEIGHT * name + _VALUE_WEIGHT * values, values * values_alone)


@dataclass(frozen=True)
class Understood:
    """Rows where the expression gives something, and those of them that our type can hold; `error` where it fails.

    `refused` is one of the values that it cannot.
    """

    given: int = 0
    typed: int = 0
    refused: str | None = None
    error: str | None = None


def load_sample(connection: duckdb.DuckDBPyConnection, look: Look) -> None:
    """The table `sample` with the rows that were looked at, typed as the reader types them."""
    if look.format == "parquet":
        files = f"read_parquet({file_literal(str(look.path))}, hive_partitioning = false)"
        connection.execute(f"create or replace temp table sample as from {files} limit {max(look.rows, 1)}")
        return
    arrays = {name: pa.array(values, pa.string()) for name, values in look.columns.items()}
    connection.register("looked_at", pa.table(arrays))
    connection.execute("create or replace temp table sample as from looked_at")
    connection.unregister("looked_at")


def understood(connection: duckdb.DuckDBPyConnection, field: str, expression: str) -> Understood:
    """What an expression makes of `sample`; a vocabulary is not asked here, only the type."""
    column = JOB_POSTS.column(field)
    try:
        sql_type = str(connection.execute(f"describe select ({expression}) from sample").fetchall()[0][1])
        row = connection.execute(f"""
            with given_rows as (
                select {given_sql(column, expression, sql_type)} as {given(field)} from sample
            ),
            typed_rows as (select *, {typed_sql(column, sql_type)} as {typed(field)} from given_rows)
            select
                count({given(field)}),
                count({typed(field)}),
                min({given(field)}::varchar) filter (where {typed(field)} is null)
            from typed_rows
        """).fetchone()
    except duckdb.Error as error:
        return Understood(error=str(error).splitlines()[0])
    return Understood(*row) if row else Understood()


def unused_columns(look: Look, expressions: list[str]) -> list[str]:
    """Columns of the file that no expression names."""
    said = " ".join(expressions)
    return [name for name in look.columns if name not in said and identifier(name) not in said]
