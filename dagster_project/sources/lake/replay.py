"""Reading rejected rows again after a mapping was fixed, from the lake alone: the files may be gone."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from dagster_project.sources.contracts import HISTORY_START, TABLES
from dagster_project.sources.errors import SourceError
from dagster_project.sources.files.connection import reading_connection
from dagster_project.sources.lake.load import naive_utc
from dagster_project.sources.lake.manifests import Manifest, load_manifests, with_rejects
from dagster_project.sources.lake.publication import publish, reject_files, staging_area
from dagster_project.sources.lake.touched_months import with_touched_months
from dagster_project.sources.mapping.load import WORKSPACE_LABELS
from dagster_project.sources.mapping.model import FileGroup, Mapping
from dagster_project.sources.validation.judging import RowCounts, Rows, Session, judge_rows
from dagster_project.sources.validation.rules import (
    PROBLEM_COLUMN,
    RECORD_COLUMN,
    ROW_NUMBER,
    UNREADABLE,
    load_vocabularies,
)
from dagster_project.storage.sql import file_literal, identifier, literal
from dagster_project.storage.workspace import SEEDS, Workspace


@dataclass(frozen=True)
class ReplayResult:
    """`loads` hold the rows that are accepted now; `still_rejected` counts those that fail again."""

    loads: list[Manifest]
    still_rejected: int

    @property
    def accepted(self) -> int:
        return sum(load.accepted for load in self.loads)

    @property
    def touched_months(self) -> list[str]:
        return sorted({month for load in self.loads for month in load.touched_months})


def replay(
    workspace: Workspace,
    mapping: Mapping,
    now: datetime,
    *,
    progress: Callable[[str], None] = lambda message: None,
    memory_limit: str = "2GB",
    history_start: date = HISTORY_START,
    seeds: Path = SEEDS,
) -> ReplayResult:
    """Judges the open rejects of the lake by `mapping`.

    Rows accepted now become a load of their own and leave the rejects and the count of their former load, so that
    rows read = accepted + rejected holds over all loads as before. Raises SourceError before anything changes.
    """
    vocabularies = load_vocabularies(seeds)
    accepted, fixed, outdated = [], [], []
    with staging_area(workspace) as staged:
        with reading_connection(memory_limit, staged.root / "spill", mapping.usd_rates) as connection:
            session = Session(connection, vocabularies, naive_utc(now), history_start, staged, progress)
            for manifest in _loads_with_open_rejects(workspace, mapping):
                progress(f"replaying {manifest.rejected:,} rejects of {manifest.source_file}")
                load_id = _replay_id(workspace, manifest, mapping)
                rows = _judge_again(session, workspace, manifest, load_id, mapping)
                outdated += reject_files(workspace, manifest)
                fixed.append(with_rejects(manifest, rows))
                if rows.accepted:
                    accepted.append(_replay_manifest(manifest, load_id, rows, mapping, session.now))
            loads = with_touched_months(connection, workspace, staged, accepted, [])
        if fixed:
            publish(workspace, staged, [*fixed, *loads], outdated)
    return ReplayResult(loads=loads, still_rejected=sum(manifest.rejected for manifest in fixed))


def _loads_with_open_rejects(workspace: Workspace, mapping: Mapping) -> list[Manifest]:
    return [
        manifest
        for table in mapping.tables
        for manifest in load_manifests(workspace, table)
        if manifest.rejected and manifest.superseded_by is None and manifest.mapping != WORKSPACE_LABELS
    ]


def _replay_id(workspace: Workspace, manifest: Manifest, mapping: Mapping) -> str:
    """Another id for each replay of a load: a vocabulary may be fixed where the mapping stays the same."""
    earlier = sum(other.replay_of == manifest.load_id for other in load_manifests(workspace, manifest.table))
    return hashlib.sha256(f"{manifest.load_id}:{mapping.mapping_hash}:{earlier}".encode()).hexdigest()[:16]


def _judge_again(
    session: Session, workspace: Workspace, manifest: Manifest, load_id: str, mapping: Mapping
) -> RowCounts:
    group = _group_of(manifest, mapping)
    rows = Rows(
        query=_rejected_rows(workspace, manifest),
        columns=manifest.columns,
        source_file=manifest.source_file,
        load_id=load_id,
        reject_load_id=manifest.load_id,
        main_month=max(manifest.months, key=lambda month: manifest.months[month].rows_read),
    )
    try:
        return judge_rows(session, rows, group, TABLES[manifest.table])
    except duckdb.Error as error:
        raise SourceError(f"rejects of {manifest.uri}: {mapping.origin} fails on them: {error}") from error


def _group_of(manifest: Manifest, mapping: Mapping) -> FileGroup:
    for group in mapping.tables[manifest.table]:
        if group.covers(manifest.uri):
            return group
    raise SourceError(
        f"{mapping.origin}: no group of {manifest.table} covers {manifest.uri}; list it in the group's `files`"
    )


def _rejected_rows(workspace: Workspace, manifest: Manifest) -> str:
    """The raw rows in the columns and types in which they were first read; what could not be read stays so."""
    fields = ", ".join(f"{identifier(name)} {sql_type}" for name, sql_type in manifest.columns.items())
    files = ", ".join(file_literal(str(workspace.lake / path)) for path in reject_files(workspace, manifest))
    is_unread = f"reason = {literal(UNREADABLE.reason)}"
    return f"""
        with rejects as (select * from read_parquet([{files}], hive_partitioning = false))
        select
            source_row as {ROW_NUMBER},
            case when {is_unread} then value end as {PROBLEM_COLUMN},
            case when {is_unread} then raw_row::json ->> '$' end as {RECORD_COLUMN},
            unnest(case when not {is_unread} then raw_row end::json::struct({fields}))
        from rejects
    """


def _replay_manifest(manifest: Manifest, load_id: str, rows: RowCounts, mapping: Mapping, now: datetime) -> Manifest:
    """The load of the rows that are accepted now; the rest stays with the load that first read it."""
    group = _group_of(manifest, mapping)
    accepted = RowCounts(rows.columns, accepted=rows.accepted)
    described = {
        "load_id": load_id,
        "mapping": mapping.name,
        "mapping_hash": mapping.mapping_hash,
        "loaded_at": now,
        "provided_fields": [name for name in TABLES[manifest.table].column_names if name in group.columns],
        "replay_of": manifest.load_id,
    }
    return manifest.model_copy(update=described).counting(accepted)
