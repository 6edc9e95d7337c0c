"""The lake's books as a file for dbt: what each load brought to each month, and which posts it brought first.

Posts are counted from the lake's files in another way than dbt's, so that a row that gets lost on dbt's way is missing
and does not pass for a duplicate.
"""

from collections.abc import Iterable
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from dagster_project.sources.contracts import JOB_POSTS
from dagster_project.sources.lake.manifests import Manifest, all_manifests, left_out_loads, load_manifests, standing
from dagster_project.storage.sql import month_of
from dagster_project.storage.workspace import Workspace
from ml.atomic import replacing

_COUNTS = ("accepted", "rejected", "withdrawn", "first_postings")
_SCHEMA = pa.schema(
    [*((name, pa.string()) for name in ("table_name", "month", "load_id")), *((name, pa.int64()) for name in _COUNTS)]
)


def write_loads(workspace: Workspace, held: set[str], planned: dict[str, list[str]]) -> None:
    """`lake/loads.parquet`: table_name, month, load_id, accepted, rejected, withdrawn, first_postings.

    planned: months that are built -> those that hold other states of their posts; of the others `first_postings` is
    what they were built with. Loads left out of a month are not among the rows. A held month keeps the rows of its
    last state, so that read = kept + duplicate + rejected stays true of what the warehouse holds.
    """
    target = workspace.lake / "loads.parquet"
    former = pq.read_table(target).to_pylist() if target.exists() else []
    loads = all_manifests(workspace)
    left_out = left_out_loads(workspace, loads)
    of_posts = [row for row in former if row["table_name"] == JOB_POSTS.name and row["month"] not in held]
    firsts = _known_first_postings(workspace, of_posts, planned)
    rows = [
        {"table_name": load.table, "month": month, "load_id": load.load_id} | _counted(load, month, firsts)
        for load in loads
        for month in sorted(load.months.keys() | load.withdrawn.keys())
        if month not in held and standing([load], month, left_out)
    ]
    rows += [{"withdrawn": 0} | row for row in former if row["month"] in held]
    with replacing(target) as building:
        pq.write_table(pa.Table.from_pylist(rows, _SCHEMA), building)


def _counted(load: Manifest, month: str, firsts: dict[tuple[str, str], int]) -> dict[str, int | None]:
    """Rows of a load in a month; a version that was replaced itself withdraws nothing any more."""
    counts = load.months.get(month)
    return {
        "accepted": counts.accepted if counts else 0,
        "rejected": counts.rejected if counts else 0,
        "withdrawn": 0 if load.superseded_by else load.withdrawn.get(month, 0),
        "first_postings": firsts.get((month, load.load_id), 0) if load.table == JOB_POSTS.name else None,
    }


def _known_first_postings(
    workspace: Workspace, former: list[dict[str, Any]], planned: dict[str, list[str]]
) -> dict[tuple[str, str], int]:
    """By (month, load id): of planned months counted now, of others as they were; all now where none were counted.

    former: rows of the job posts as last written, without those of held months, which an earlier version may have made.
    """
    if any(row.get("first_postings") is None for row in former):
        return first_postings(workspace, {month for load in all_manifests(workspace) for month in load.months})
    counted = first_postings(workspace, set(planned).union(*planned.values()))
    kept = {(row["month"], row["load_id"]): row["first_postings"] for row in former if row["month"] not in planned}
    return kept | {place: count for place, count in counted.items() if place[0] in planned}


def first_postings(workspace: Workspace, months: Iterable[str]) -> dict[tuple[str, str], int]:
    """By (month, load id): posts whose first posting is in that load's rows of the month.

    months: YYYY-MM, with those that hold other states of their posts; loads that are left out of a month do not count.
    """
    files = _files(workspace, set(months))
    if not files:
        return {}
    query = f"""
        with states as (
            select post_id, posted_at, {month_of("filename")} as month, load_id
            from read_parquet($files, hive_partitioning = false, filename = true)
        ),
        first_states as (
            select min_by({{'month': month, 'load_id': load_id}}, posted_at) as first_state
            from states
            group by post_id
        )
        select first_state.month, first_state.load_id, count(*) from first_states group by all
    """
    rows = duckdb.execute(query, {"files": files}).fetchall()
    return {(month, load_id): count for month, load_id, count in rows}


def _files(workspace: Workspace, months: set[str]) -> list[str]:
    loads = load_manifests(workspace, JOB_POSTS.name)
    left_out = left_out_loads(workspace, loads)
    return [
        str(workspace.raw(JOB_POSTS.name) / f"month={month}" / f"load={load.load_id}.parquet")
        for month in sorted(months)
        for load in standing(loads, month, left_out)
        if month in load.accepted_months
    ]
