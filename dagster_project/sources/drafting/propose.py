"""From the columns of an export to one proposal for each of our columns, by names and by values."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import duckdb
import pyarrow as pa

from dagster_project.sources.contracts import JOB_POSTS
from dagster_project.sources.drafting import closed_words, plain_columns
from dagster_project.sources.drafting.amounts import amount_proposals
from dagster_project.sources.drafting.closed_words import Translation
from dagster_project.sources.drafting.export_columns import (
    ACTIVE,
    WORTH_A_REMARK,
    ExportColumn,
    Proposal,
    combined_score,
    name_score,
)
from dagster_project.sources.drafting.look import Look
from dagster_project.sources.drafting.times import TimeReading, is_age, is_later_state, read_time, snowflake_time
from dagster_project.sources.validation.rules import given, given_sql, load_vocabularies, typed, typed_sql
from dagster_project.storage.sql import file_literal, literal

_NAMED_VALUES = 8
_HARDLY_EVER = 0.03
_AGE_IS_WORTH = 0.5
_AS_GOOD = 0.05
_HASHED = ("posted_at", "title", "description", "client_id")
_PLAIN: dict[str, Callable[[ExportColumn], Proposal | None]] = {
    "post_id": plain_columns.post_id,
    "title": plain_columns.title,
    "description": plain_columns.description,
    "skills": plain_columns.skills,
    "occupation": plain_columns.occupation,
    "client_id": plain_columns.client_id,
    "client_country": plain_columns.client_country,
    "language": plain_columns.language,
}
_TRANSLATED: dict[str, tuple[Callable[[ExportColumn], Translation | None], float]] = {
    "contract_type": (closed_words.contract_type, 0.75),
    "weekly_hours_band": (closed_words.weekly_hours, 0.0),
    "duration_band": (closed_words.duration, 0.6),
}
"""How a column's values become our words, and what values alone score where all are understood."""
_UNDERSTOOD = 0.8
_CATEGORY_UNDERSTOOD = 0.5


@dataclass(frozen=True)
class Draft:
    """Proposals by field in the order of the contract; `remarks` are those that a person has to decide on."""

    chosen: dict[str, Proposal]
    remarks: dict[str, list[Proposal]]


def propose(connection: duckdb.DuckDBPyConnection, columns: list[ExportColumn]) -> Draft:
    """One proposal at most for each column of job_posts; `connection` knows the reader's macros."""
    candidates = sorted(_candidates(connection, columns), key=lambda proposal: -proposal.score)
    chosen = _with_rivals(_one_each(candidates), candidates)
    if "posted_at" not in chosen and (inside := _time_in_ids(columns)):
        chosen["posted_at"] = inside
    _date_ages(chosen)
    day = chosen["posted_at"].expression if "posted_at" in chosen else "null"
    for proposal in amount_proposals(columns, chosen.get("contract_type"), day):
        chosen.setdefault(proposal.field, proposal)
    if "post_id" not in chosen:
        chosen["post_id"] = _content_hash(chosen, columns)
    used = {id(proposal.column) for proposal in chosen.values()}
    remarks: dict[str, list[Proposal]] = {}
    for proposal in candidates:
        if proposal.field not in chosen and proposal.score >= WORTH_A_REMARK and id(proposal.column) not in used:
            remarks.setdefault(proposal.field, []).append(proposal)
    in_order = {name: chosen[name] for name in JOB_POSTS.column_names if name in chosen}
    return Draft(in_order, remarks)


def _one_each(candidates: list[Proposal]) -> dict[str, Proposal]:
    """The best first; a column that was taken for one of ours is not taken for another."""
    chosen: dict[str, Proposal] = {}
    used: set[int] = set()
    for proposal in candidates:
        if proposal.score >= ACTIVE and proposal.field not in chosen and id(proposal.column) not in used:
            chosen[proposal.field] = proposal
            used.add(id(proposal.column))
    return chosen


def _with_rivals(chosen: dict[str, Proposal], candidates: list[Proposal]) -> dict[str, Proposal]:
    """Names the columns that fit as well as the one that was taken, and are taken for nothing else."""
    used = {id(proposal.column) for proposal in chosen.values()}
    named = {}
    for field, proposal in chosen.items():
        rivals = [
            other.column.name
            for other in candidates
            if other.field == field and other.column and id(other.column) not in used
            if other.score > proposal.score - _AS_GOOD
        ]
        named[field] = proposal.doubting(f"fits as well: {', '.join(rivals)}") if rivals else proposal
    return named


def _candidates(connection: duckdb.DuckDBPyConnection, columns: list[ExportColumn]) -> Iterator[Proposal]:
    categories = load_vocabularies()["category"]
    for column in columns:
        if column.filled_share < _HARDLY_EVER:
            continue
        yield from filter(None, (make(column) for make in _PLAIN.values()))
        reading = read_time(connection, column)
        if reading is not None:
            yield from _times(column, reading)
        for field, (translate, alone) in _TRANSLATED.items():
            if translation := translate(column):
                yield _translated(field, column, translation, alone)
        if translation := closed_words.category(column, categories):
            yield _category(column, translation)


def _times(column: ExportColumn, reading: TimeReading) -> Iterator[Proposal]:
    share = reading.share * (_AGE_IS_WORTH if reading.is_age else 1)
    alone = 0.0 if is_later_state(column) else ACTIVE
    posted = combined_score(name_score("posted_at", column.name), share, alone)
    yield Proposal("posted_at", reading.expression, posted, column, reading.doubts)
    observed = combined_score(name_score("observed_at", column.name), 0.0 if reading.is_age else reading.share)
    yield Proposal("observed_at", reading.expression, observed, column, reading.doubts)


def _translated(field: str, column: ExportColumn, translation: Translation, alone: float) -> Proposal:
    values = translation.share if translation.share >= _UNDERSTOOD else 0.0
    score = combined_score(name_score(field, column.name), values, alone if not translation.unknown else 0.0)
    return Proposal(field, translation.expression, score, column, _unknown_values(translation))


def _category(column: ExportColumn, translation: Translation) -> Proposal:
    score = combined_score(name_score("category", column.name), translation.share, 0.7)
    if translation.share < _CATEGORY_UNDERSTOOD:
        score = min(score, ACTIVE - 0.01)
    return Proposal("category", translation.expression, score, column, _unknown_values(translation))


def _unknown_values(translation: Translation) -> tuple[str, ...]:
    if not translation.unknown:
        return ()
    named = ", ".join(repr(value) for value in translation.unknown[:_NAMED_VALUES])
    more = len(translation.unknown) - _NAMED_VALUES
    rest = f" and {more} more" if more > 0 else ""
    unknown = 1 - translation.share
    share = f"{unknown:.0%}" if unknown >= 0.005 else "less than 1%"
    return (f"{share} of the values have no equivalent here and stay empty: {named}{rest}",)


def _time_in_ids(columns: list[ExportColumn]) -> Proposal | None:
    for column in columns:
        if column.distinct_share > 0.9 and (expression := snowflake_time(column)):
            return Proposal("posted_at", expression, 0.6, column, ("there is no date: the time is inside the id",))
    return None


def _date_ages(chosen: dict[str, Proposal]) -> None:
    """An age in words is a time only beside the time of looking: the reader takes it from observed_at."""
    posted = chosen.get("posted_at")
    if posted and posted.column and is_age(posted.column) and "observed_at" not in chosen:
        doubt = "an age in words: put the day on which the export was made in place of 2025-01-31"
        dated = replace(posted, expression=f"ago({posted.expression}, {literal('2025-01-31')})")
        chosen["posted_at"] = dated.doubting(doubt)


def _content_hash(chosen: dict[str, Proposal], columns: list[ExportColumn]) -> Proposal:
    """An id made from what a row says: the same row twice is one post."""
    hashed = [proposal.column for name in _HASHED if (proposal := chosen.get(name)) and proposal.column]
    parts = ", ".join(dict.fromkeys(column.sql for column in hashed or columns))
    doubt = "the export has no id: one is made from what a row says, so a row that comes twice is one post"
    return Proposal("post_id", f"md5(concat_ws('|', {parts}))", ACTIVE, None, (doubt,))


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
