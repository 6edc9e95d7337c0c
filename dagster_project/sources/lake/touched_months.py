"""What a new load changes of what was known: months in which its posts stand, rows that its file no longer holds."""

from collections import defaultdict
from pathlib import Path

import duckdb

from dagster_project.sources.contracts import TABLES
from dagster_project.sources.lake.manifests import Manifest
from dagster_project.storage.sql import identifier, month_of
from dagster_project.storage.workspace import Workspace


def with_touched_months(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    staged: Workspace,
    new: list[Manifest],
    replaced: list[Manifest],
) -> list[Manifest]:
    """The new manifests with `touched_months` filled; reads nothing but the key column of the lake.

    The former rows of a replaced load count as its own too: a post that it now drops changes its months as well.
    """
    shared: dict[tuple[str, str], set[str]] = defaultdict(set)
    for table in {manifest.table for manifest in new}:
        for load_id, month in _shared_months(connection, workspace, staged, table, new, replaced):
            shared[table, load_id].add(month)
    former = {(manifest.table, manifest.load_id): set(manifest.touched_months) for manifest in replaced}
    return [
        manifest.model_copy(
            update={
                "touched_months": sorted(
                    set(manifest.months)
                    | shared[manifest.table, manifest.load_id]
                    | former.get((manifest.table, manifest.load_id), set())
                )
            }
        )
        for manifest in new
    ]


def _shared_months(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    staged: Workspace,
    table: str,
    new: list[Manifest],
    replaced: list[Manifest],
) -> list[tuple[str, str]]:
    """Pairs of a new load and a month of another load that holds one of its keys."""
    key = TABLES[table].key
    load_ids = {manifest.load_id for manifest in new if manifest.table == table}
    own = [*_files(staged, table), *(path for path in _files(workspace, table) if _load_id(path) in load_ids)]
    dropped = {manifest.load_id for manifest in replaced if manifest.table == table}
    others = [path for path in _files(workspace, table) if _load_id(path) not in load_ids | dropped]
    known = [*others, *_files(staged, table)]
    if key is None or not own:
        return []
    options = "filename = true, hive_partitioning = false"
    rows = f"select distinct {key}, load_id, {month_of('filename')} as month from read_parquet($%s, {options})"
    return connection.execute(
        f"""
        with own_keys as ({rows % "own"}),
        known_keys as ({rows % "known"})
        select distinct own_keys.load_id, known_keys.month
        from own_keys
        inner join known_keys using ({key})
        where own_keys.load_id <> known_keys.load_id
        """,
        {"own": [str(path) for path in own], "known": [str(path) for path in known]},
    ).fetchall()


def _files(workspace: Workspace, table: str) -> list[Path]:
    return sorted(workspace.raw(table).glob("month=*/load=*.parquet"))


def _load_id(path: Path) -> str:
    return path.stem.removeprefix("load=")


def with_withdrawn_rows(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    staged: Workspace,
    new: list[Manifest],
    known: list[Manifest],
) -> list[Manifest]:
    """The new manifests with `withdrawn` filled, against the version of the same file that stood before."""
    return [
        manifest.model_copy(update={"withdrawn": _withdrawn(connection, workspace, staged, manifest, former[-1])})
        if (former := [one for one in known if _is_version_before(one, manifest)])
        else manifest
        for manifest in new
    ]


def _is_version_before(known: Manifest, newer: Manifest) -> bool:
    """Whether it is another content of the same file that stood until now, or until the newer was first read."""
    is_same_file = (known.table, known.uri) == (newer.table, newer.uri) and known.load_id != newer.load_id
    return is_same_file and known.replay_of is None and known.superseded_by in (None, newer.load_id)


def _withdrawn(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, staged: Workspace, newer: Manifest, former: Manifest
) -> dict[str, int]:
    """Keys of the former version that the newer one has not accepted, by month; {} for a table without a key."""
    key = TABLES[newer.table].key
    if key is None or not former.accepted:
        return {}
    files = [
        sorted(str(path) for path in place.raw(newer.table).glob(f"month=*/load={manifest.load_id}.parquet"))
        for place, manifest in ((workspace, former), (staged, newer))
    ]
    read = f"select {identifier(key)}, filename from read_parquet($%s, filename = true, hive_partitioning = false)"
    remaining = f"anti join ({read % 'newer'}) using ({identifier(key)})" if files[1] else ""
    rows = connection.execute(
        f"select {month_of('filename')} as month, count(distinct {identifier(key)}) from ({read % 'former'}) "
        f"{remaining} group by month order by month",
        {"former": files[0]} | ({"newer": files[1]} if files[1] else {}),
    ).fetchall()
    return dict(rows)
