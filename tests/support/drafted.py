"""How much of a right mapping a draft finds alone: both are evaluated over the rows that were looked at."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project.sources.contracts import JOB_POSTS
from dagster_project.sources.drafting.export_columns import export_columns
from dagster_project.sources.drafting.look import files_to_look_at, group_by_schema, look_at_file
from dagster_project.sources.drafting.propose import load_sample, propose
from dagster_project.sources.files.connection import reading_connection
from dagster_project.sources.validation.rules import given, given_sql, typed_sql

NAMES_ALONE = ("post_id", "client_id")
"""Ids: what counts is that the same rows have the same one, not how it is written."""
ALIKE = 0.98


@dataclass(frozen=True)
class Comparison:
    """Our columns that the right mapping fills: which the draft fills with the same values, and which not."""

    right: list[str]
    wrong: dict[str, str | None]
    """Field -> the draft's expression, None without one."""

    @property
    def share(self) -> float:
        return len(self.right) / (len(self.right) + len(self.wrong))


def compare_draft(files: Path, mapped: dict[str, str], folder: Path) -> Comparison:
    """The draft of the files below `files` beside a mapping's columns; `folder` is a place for the engine's files."""
    looks = [look_at_file(path) for path in files_to_look_at([files])]
    [group] = group_by_schema(looks)
    with reading_connection("500MB", folder) as connection:
        chosen = propose(connection, export_columns(group.look)).chosen
        load_sample(connection, group.look)
        right, wrong = [], {}
        for field, expression in mapped.items():
            if expression in group.look.columns or not expression.isidentifier():
                drafted = chosen[field].expression if field in chosen else None
                if drafted is not None and _are_alike(connection, field, drafted, expression):
                    right.append(field)
                else:
                    wrong[field] = drafted
    return Comparison(right, wrong)


def _are_alike(connection: duckdb.DuckDBPyConnection, field: str, drafted: str, right: str) -> bool:
    ours, theirs = (_values(connection, field, expression) for expression in (drafted, right))
    if field in NAMES_ALONE:
        ours, theirs = _by_first_row(ours), _by_first_row(theirs)
    same = sum(1 for one, other in zip(ours, theirs, strict=True) if one == other)
    return same >= ALIKE * len(theirs)


def _values(connection: duckdb.DuckDBPyConnection, field: str, expression: str) -> list[object]:
    column = JOB_POSTS.column(field)
    kind = str(connection.execute(f"describe select ({expression}) from sample").fetchall()[0][1])
    value = f"{given_sql(column, expression, kind)} as {given(field)}"
    rows = connection.execute(f"select ({typed_sql(column, kind)})::varchar from (select {value} from sample)")
    return [text for (text,) in rows.fetchall()]


def _by_first_row(values: list[object]) -> list[object]:
    first: dict[object, int] = {}
    return [None if value is None else first.setdefault(value, row) for row, value in enumerate(values)]
