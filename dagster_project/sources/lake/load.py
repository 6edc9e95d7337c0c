"""Loading a feed into the lake: every new file is read whole before anything of the lake changes."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import local

from dagster_project.sources.contracts import HISTORY_START, TABLES
from dagster_project.sources.errors import SourceError
from dagster_project.sources.files.connection import another_connection, reading_connection, thread_count
from dagster_project.sources.files.locate import SourceFile, find_files
from dagster_project.sources.lake.manifests import Manifest, all_manifests, new_manifest, with_supersession
from dagster_project.sources.lake.publication import (
    Damage,
    damaged_files,
    load_files,
    publish,
    require_read_again,
    set_aside,
    staging_area,
)
from dagster_project.sources.lake.touched_months import with_touched_months, with_withdrawn_rows
from dagster_project.sources.mapping.model import FileGroup, Mapping
from dagster_project.sources.validation.judging import RowCounts, Session, read_file
from dagster_project.sources.validation.rules import load_vocabularies
from dagster_project.storage.workspace import SEEDS, Workspace


@dataclass(frozen=True)
class IngestResult:
    """What one call changed: the loads read now; files already known by content and mapping are only counted."""

    loads: list[Manifest]
    unchanged_files: int

    @property
    def rows_read(self) -> int:
        return sum(load.rows_read for load in self.loads)

    @property
    def accepted(self) -> int:
        return sum(load.accepted for load in self.loads)

    @property
    def rejected(self) -> int:
        return sum(load.rejected for load in self.loads)

    @property
    def before_history(self) -> int:
        return sum(load.before_history for load in self.loads)

    @property
    def touched_months(self) -> list[str]:
        return sorted({month for load in self.loads for month in load.touched_months})


@dataclass
class _Progress:
    """Loads known before, loads read now, the known ones they replace, and which load each uri now holds."""

    known: dict[tuple[str, str], Manifest]
    read: dict[tuple[str, str], Manifest] = field(default_factory=dict)
    replaced: list[Manifest] = field(default_factory=list)
    current: dict[tuple[str, str], str] = field(default_factory=dict)
    unchanged_files: int = 0
    damaged: set[tuple[str, str]] = field(default_factory=set)

    def is_known(self, table: str, file: SourceFile, mapping_hash: str, history_start: date) -> bool:
        if (table, file.load_id) in self.damaged:
            return False
        former = self.known.get((table, file.load_id))
        return former is not None and (former.mapping_hash, former.history_start) == (mapping_hash, history_start)

    def read_again(self, damages: list[Damage]) -> None:
        """Take the loads with damaged files, and those replayed from them, for unknown: their sources are read anew."""
        for damage in damages:
            load_id = damage.manifest.replay_of or damage.manifest.load_id
            self.damaged.add((damage.manifest.table, load_id))

    def add(self, manifest: Manifest) -> None:
        """A load read anew takes the place of its former state and of what was replayed from it.

        One that only replaces damaged files keeps its time of loading: what it holds is no newer than before.
        """
        key = manifest.table, manifest.load_id
        former = self.known.get(key)
        if key in self.damaged and former and former.mapping_hash == manifest.mapping_hash:
            manifest = manifest.model_copy(update={"loaded_at": former.loaded_at})
        self.read[key] = manifest
        self.replaced += [
            known
            for known in self.known.values()
            if known.table == manifest.table and manifest.load_id in (known.load_id, known.replay_of)
        ]


def ingest(
    workspace: Workspace,
    mapping: Mapping,
    data: str | Path | None,
    *,
    now: datetime,
    progress: Callable[[str], None],
    warn: Callable[[str], None] | None = None,
    memory_limit: str,
    history_start: date = HISTORY_START,
    seeds: Path = SEEDS,
) -> IngestResult:
    """Reads the mapping's files that are new or whose mapping changed, and publishes them together.

    `now` is the time of loading (without a zone: UTC), `memory_limit` DuckDB's (`2GB`); `warn`, or else `progress`, is
    told of damaged files. Raises SourceError for anything that makes a file as a whole unusable; the lake is then as it
    was.
    """
    mapping.require_months()
    vocabularies = load_vocabularies(seeds)
    with staging_area(workspace) as staged:
        known = all_manifests(workspace)
        state = _Progress({(manifest.table, manifest.load_id): manifest for manifest in known})
        damages = list(damaged_files(workspace, [one for one in known if one.mapping == mapping.name]))
        state.read_again(damages)
        for damage in damages:
            (warn or progress)(f"{damage.message}; its source is read again")
        with reading_connection(memory_limit, staged.root / "spill", mapping.usd_rates) as connection:
            session = Session(connection, vocabularies, naive_utc(now), history_start, staged, progress)
            _read_new_files(session, state, mapping, data)
            require_read_again(damages, state.read)
            set_aside(workspace, damages)
            _require_history(state, mapping, history_start)
            loads = with_touched_months(connection, workspace, staged, list(state.read.values()), state.replaced)
            loads = with_withdrawn_rows(connection, workspace, staged, loads, list(state.known.values()))
        _tell_withdrawn_rows(loads, progress)
        kept = [manifest for manifest in state.known.values() if manifest not in state.replaced]
        changed = [*loads, *with_supersession(kept, state.current)]
        if changed:
            outdated = [path for manifest in state.replaced for path in load_files(workspace, manifest)]
            publish(workspace, staged, changed, outdated)
    return IngestResult(loads=loads, unchanged_files=state.unchanged_files)


def naive_utc(moment: datetime) -> datetime:
    """The moment as DuckDB's TIMESTAMP holds it: UTC, without a zone."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _read_new_files(session: Session, state: _Progress, mapping: Mapping, data: str | Path | None) -> None:
    new = _new_files(session, state, mapping, data)
    for (table, group, file), rows in zip(new, _rows_of_files(session, new), strict=True):
        if rows.before_history:
            session.log(
                f"{file.name}: {rows.before_history:,} of {rows.rows_read:,} rows lie before the history start, "
                f"{session.history_start}; they are counted apart and charge no month"
            )
        state.add(new_manifest(table, file, group, mapping, session, rows))


def _new_files(
    session: Session, state: _Progress, mapping: Mapping, data: str | Path | None
) -> list[tuple[str, FileGroup, SourceFile]]:
    """The files to read, each content of a table once; the others are counted as unchanged."""
    new: dict[tuple[str, str], tuple[str, FileGroup, SourceFile]] = {}
    for table, group, file in _mapped_files(session, mapping, data):
        state.current[table, file.uri] = file.load_id
        is_known = state.is_known(table, file, mapping.mapping_hash, session.history_start)
        if is_known or (table, file.load_id) in new:
            state.unchanged_files += 1
        else:
            new[table, file.load_id] = (table, group, file)
    return list(new.values())


def _rows_of_files(session: Session, files: list[tuple[str, FileGroup, SourceFile]]) -> Iterator[RowCounts]:
    """What became of each file's rows, in the order of the files; a month's file keeps one core busy, so several go on.

    Raises SourceError for the first of them that cannot be used; those not begun are left.
    """

    own = local()

    def connect() -> None:
        own.session = replace(session, connection=connections.enter_context(another_connection(session.connection)))

    def read(table: str, group: FileGroup, file: SourceFile) -> RowCounts:
        session.log(f"reading {table}: {file.name}")
        return read_file(own.session, file, group, TABLES[table])

    with ExitStack() as connections, ThreadPoolExecutor(thread_count(session.connection), initializer=connect) as pool:
        try:
            yield from pool.map(read, *zip(*files, strict=True)) if files else ()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _tell_withdrawn_rows(loads: list[Manifest], log: Callable[[str], None]) -> None:
    for load in loads:
        if withdrawn := sum(load.withdrawn.values()):
            kept = "they are withdrawn" if load.replaces else "they still count"
            log(f"{load.source_file}: rows of the version before that are no longer in it: {withdrawn:,}; {kept}")


def _require_history(state: _Progress, mapping: Mapping, history_start: date) -> None:
    """A table of which every row is too old says so: its dates are wrong, or the history starts too late for it."""
    for table in mapping.tables:
        read = [load for (name, _), load in state.read.items() if name == table]
        others = any(name == table and load.months for (name, _), load in state.known.items())
        if any(load.before_history for load in read) and not others and not any(load.months for load in read):
            field, names = TABLES[table].month_field, ", ".join(load.source_file for load in read)
            raise SourceError(
                f"{names}: all dates in {field} lie before the history start, "
                f"{history_start}. Correct the expression of {field} in {mapping.origin}, or set history_start "
                "(HIRING_PULSE_HISTORY_START) to an earlier date"
            )


def _mapped_files(
    session: Session, mapping: Mapping, data: str | Path | None
) -> Iterator[tuple[str, FileGroup, SourceFile]]:
    for table, groups in mapping.tables.items():
        seen: set[str] = set()
        for group in groups:
            for file in find_files(session.connection, group, data, session.staged.root / "fetched"):
                if file.uri in seen:
                    raise SourceError(f"{mapping.origin}: two groups of {table} list {file.name}; keep one")
                seen.add(file.uri)
                yield table, group, file
