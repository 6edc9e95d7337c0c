"""Sample rows that break an expectation; Great Expectations returns a count only."""

from typing import Any

import duckdb
from duckdb import ColumnExpression, ConstantExpression, Expression, SQLExpression

from dagster_project.quality.declaration import Declared
from dagster_project.quality.engine.session import ValidationSource

SAMPLE_SIZE = 5
LONGEST_TEXT = 120


def sample_offenders(source: ValidationSource, declared: Declared, batch: str) -> list[dict[str, str]]:
    """Up to five rows of the view `batch` that break the expectation, every value as short text.

    Empty where no single row is at fault (a row count) or the table lacks the column.
    """
    try:
        relation = _offending_rows(source.connection, declared, batch)
        return _as_text(relation.limit(SAMPLE_SIZE)) if relation is not None else []
    except duckdb.Error:
        # The expectation itself failed on the same SQL, and its message is in the result.
        return []


def _offending_rows(
    connection: duckdb.DuckDBPyConnection, declared: Declared, batch: str
) -> duckdb.DuckDBPyRelation | None:
    kwargs = declared.kwargs
    if declared.type == "unexpected_rows_expectation":
        return connection.sql(kwargs["unexpected_rows_query"].format(batch=batch))
    condition = _broken(declared.type, kwargs)
    return connection.table(batch).filter(condition) if condition is not None else None


def _broken(type: str, kwargs: Any) -> Expression | None:
    if type == "expect_column_values_to_not_be_null":
        return ColumnExpression(kwargs["column"]).isnull()
    if type == "expect_column_values_to_be_in_set":
        known = [ConstantExpression(value) for value in kwargs["value_set"]]
        return ColumnExpression(kwargs["column"]).isnotin(*known)
    if type == "expect_column_values_to_be_between":
        column = ColumnExpression(kwargs["column"])
        low, high = ConstantExpression(kwargs["min_value"]), ConstantExpression(kwargs["max_value"])
        return (column < low) | (column > high)
    return None


def _as_text(relation: duckdb.DuckDBPyRelation) -> list[dict[str, str]]:
    shown = relation.project(*[SQLExpression(f'"{name}"::varchar').alias(name) for name in relation.columns])
    return [
        {name: _shortened(value) for name, value in zip(relation.columns, row, strict=True)} for row in shown.fetchall()
    ]


def _shortened(value: str | None) -> str:
    text = "" if value is None else value.replace("\x00", "")
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
