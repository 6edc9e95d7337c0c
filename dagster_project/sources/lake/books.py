"""The lake's books as a file for dbt: what each load brought to each month, and what of it staging has to keep.

What is to be kept is counted from the lake's files in another way than dbt's, so that a row that gets lost on dbt's way
is missing and does not pass for a duplicate.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from dagster_project.sources.contracts import TABLES
from dagster_project.sources.lake.manifests import Manifest, all_manifests, left_out_loads, standing
from dagster_project.storage.sql import literal, month_of
from dagster_project.storage.workspace import SEEDS, Workspace
from ml.atomic import replacing

_COUNTS = ("accepted", "rejected", "withdrawn", "to_keep")
_SCHEMA = pa.schema(
    [*((name, pa.string()) for name in ("table_name", "month", "load_id")), *((name, pa.int64()) for name in _COUNTS)]
)


@dataclass(frozen=True)
class Kept:
    """What staging keeps one row of, as SQL: `key` names it, `place` picks the state whose month it belongs to."""

    key: str
    place: str = "any_value(place)"


def _answer(questionnaire: str) -> str:
    """The answer where several of a respondent count beside each other."""
    rows = f"read_csv({literal(str(SEEDS / questionnaire))}, all_varchar = true)"
    of_many = f"select question_id || ' ' || wording_version from {rows} where response_kind = 'multiple'"
    return f"case when question_id || ' ' || wording_version in ({of_many}) then answer end"


_KEPT = {
    "job_posts": Kept("post_id", "min_by(place, posted_at)"),
    "pulse_answers": Kept(f"wave_month, respondent_id, question_id, {_answer('pulse_questions.csv')}"),
    "audit_labels": Kept("post_id, technology", "max_by(place, (labelled_on is not null, labelled_on, {read_last}))"),
    "contracts": Kept("contract_id", "max_by(place, (observed_at, {read_last}))"),
    "talent_searches": Kept("search_month, term, search_id"),
    "quoted_constants": Kept("constant_id, as_of_date"),
    "study_respondents": Kept("wave_month, respondent_id"),
    "study_answers": Kept(f"wave_month, respondent_id, question_id, {_answer('study_questions.csv')}"),
    "study_margins": Kept("wave_month, respondent_group, variable, level"),
}
_READ_LAST = "source_file, source_row, load_id"


def write_loads(workspace: Workspace, held: set[str], planned: dict[str, list[str]]) -> None:
    """`lake/loads.parquet`: table_name, month, load_id, accepted, rejected, withdrawn, to_keep.

    planned: months that are built -> those that hold other states of their rows; of the others `to_keep` is what they
    were built with. Loads left out of a month are not among the rows. A held month keeps the rows of its
    last state, so that read = kept + duplicate + rejected stays true of what the warehouse holds.
    """
    target = workspace.lake / "loads.parquet"
    former = pq.read_table(target).to_pylist() if target.exists() else []
    loads = all_manifests(workspace)
    left_out = left_out_loads(workspace, loads)
    count = partial(rows_to_keep, workspace, loads, left_out)
    to_keep = _known_to_keep([row for row in former if row["month"] not in held], planned, loads, count)
    rows = [
        {"table_name": load.table, "month": month, "load_id": load.load_id} | _counted(load, month, to_keep)
        for load in loads
        for month in sorted(load.months.keys() | load.withdrawn.keys())
        if month not in held and standing([load], month, left_out)
    ]
    rows += [{"withdrawn": 0} | row for row in former if row["month"] in held]
    with replacing(target) as building:
        pq.write_table(pa.Table.from_pylist(rows, _SCHEMA), building)


Place = tuple[str, str, str]
"""Table, month and load id."""


def _counted(load: Manifest, month: str, to_keep: dict[Place, int]) -> dict[str, int]:
    """Rows of a load in a month; a version that was replaced itself withdraws nothing any more."""
    counts = load.months.get(month)
    return {
        "accepted": counts.accepted if counts else 0,
        "rejected": counts.rejected if counts else 0,
        "withdrawn": 0 if load.superseded_by else load.withdrawn.get(month, 0),
        "to_keep": to_keep.get((load.table, month, load.load_id), 0),
    }


def _known_to_keep(
    former: list[dict[str, Any]],
    planned: dict[str, list[str]],
    loads: list[Manifest],
    count: Callable[[Iterable[str]], dict[Place, int]],
) -> dict[Place, int]:
    """By place: of planned months counted now, of others as they were; all now where none were counted.

    former: rows as last written, without those of held months, which an earlier version may have made.
    """
    if any(row.get("to_keep") is None for row in former):
        return count({month for load in loads for month in load.months})
    counted = count(set(planned).union(*planned.values()))
    kept = {
        (row["table_name"], row["month"], row["load_id"]): row["to_keep"]
        for row in former
        if row["month"] not in planned
    }
    return kept | {place: rows for place, rows in counted.items() if place[1] in planned}


def rows_to_keep(
    workspace: Workspace, loads: list[Manifest], left_out: dict[str, set[str]], months: Iterable[str]
) -> dict[Place, int]:
    """By place: what staging has to keep of that load's rows of the month.

    months: YYYY-MM, with those that hold other states of their rows; loads that are left out of a month do not count.
    """
    wanted = sorted(set(months))
    return {
        (table, month, load_id): count
        for table in TABLES
        if (files := _files(workspace.raw(table), [load for load in loads if load.table == table], left_out, wanted))
        for month, load_id, count in duckdb.execute(_query(_KEPT[table]), {"files": files}).fetchall()
    }


def _query(kept: Kept) -> str:
    return f"""
        with states as (
            select *, {{'month': {month_of("filename")}, 'load_id': load_id}} as place
            from read_parquet($files, union_by_name = true, hive_partitioning = false, filename = true)
        ),
        places as (
            select {kept.place.format(read_last=_READ_LAST)} as place
            from states
            group by {kept.key}
        )
        select place.month, place.load_id, count(*) from places group by all
    """


def _files(raw: Path, loads: list[Manifest], left_out: dict[str, set[str]], months: list[str]) -> list[str]:
    """Files with rows of the months; before them the empty one that has every column of today. None without rows."""
    with_rows = [
        str(raw / f"month={month}" / f"load={load.load_id}.parquet")
        for month in months
        for load in standing(loads, month, left_out)
        if month in load.accepted_months
    ]
    return [str(raw / "schema.parquet"), *with_rows] if with_rows else []
