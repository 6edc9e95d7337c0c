"""What a newer version of a file no longer holds: counted with the load that brought the newer version."""

import duckdb

from dagster_project.sources.contracts import TABLES
from dagster_project.sources.lake.manifests import Manifest
from dagster_project.storage.sql import identifier, month_of
from dagster_project.storage.workspace import Workspace


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
