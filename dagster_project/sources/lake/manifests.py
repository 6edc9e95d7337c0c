"""The manifest of a load: what was read from one file, which load it replaced, where it does not count."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from dagster_project.sources.contracts import TABLES
from dagster_project.sources.errors import SourceError
from dagster_project.sources.files.locate import SourceFile
from dagster_project.sources.mapping.model import FileGroup, Mapping
from dagster_project.sources.validation.judging import RowCounts, Session
from dagster_project.sources.validation.rules import load_vocabularies
from dagster_project.storage.holds import Hold, HoldError, read_holds
from dagster_project.storage.workspace import SEEDS, Workspace


class MonthCounts(BaseModel):
    """Rows of one load in one month; `undated` is the part of `rejected` whose own month cannot be known."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    accepted: int
    rejected: int
    undated: int = 0

    @property
    def rows_read(self) -> int:
        return self.accepted + self.rejected


class LakeFile(BaseModel):
    """A file as it was written: bytes, rows, SHA-256."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    size: int
    rows: int
    sha256: str


class Manifest(BaseModel):
    """One load. Months are YYYY-MM; `touched_months` are its own and those in which one of its posts is already known.

    `superseded_by` names the load of a later version of the same file: from then on its rejects are closed, while its
    accepted rows stay, unless that load `replaces` it. `replay_of` names the load whose fixed rejects these rows are.
    `before_history` counts rows older than `history_start`, which no month holds. `withdrawn` counts, by month, what
    the version before had accepted and this one does not hold. `files` are those of its rows and rejects by their path
    below the lake.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str
    load_id: str
    file_hash: str
    uri: str
    source_file: str
    mapping: str
    mapping_hash: str
    history_start: date
    loaded_at: datetime
    format: str
    columns: dict[str, str]
    provided_fields: list[str]
    rows_read: int
    before_history: int = 0
    months: dict[str, MonthCounts]
    reject_reasons: dict[str, int]
    reject_reasons_by_month: dict[str, dict[str, int]]
    touched_months: list[str]
    replay_of: str | None = None
    superseded_by: str | None = None
    replaces: bool = False
    withdrawn: dict[str, int] = {}
    files: dict[str, LakeFile] = {}

    def counting(self, rows: RowCounts) -> "Manifest":
        """The same load with the counts of `rows`."""
        months = sorted(rows.accepted.keys() | rows.rejected.keys())
        reasons = {month: dict(sorted(counts.items())) for month, counts in rows.reasons_by_month.items()}
        return self.model_copy(
            update={
                "rows_read": rows.rows_read,
                "before_history": rows.before_history,
                "months": {
                    month: MonthCounts(
                        accepted=rows.accepted[month], rejected=rows.rejected[month], undated=rows.undated[month]
                    )
                    for month in months
                },
                "reject_reasons": total_reasons(reasons),
                "reject_reasons_by_month": dict(sorted(reasons.items())),
            }
        )

    @property
    def accepted(self) -> int:
        return sum(counts.accepted for counts in self.months.values())

    @property
    def rejected(self) -> int:
        return sum(counts.rejected for counts in self.months.values())

    @property
    def accepted_months(self) -> list[str]:
        return [month for month, counts in self.months.items() if counts.accepted]

    @property
    def rejected_months(self) -> list[str]:
        return [month for month, counts in self.months.items() if counts.rejected]


def new_manifest(
    table: str, file: SourceFile, group: FileGroup, mapping: Mapping, session: Session, rows: RowCounts
) -> Manifest:
    """The manifest of a file just read; its touched months are still to be found."""
    return Manifest(
        table=table,
        load_id=file.load_id,
        file_hash=file.file_hash,
        uri=file.uri,
        source_file=file.name,
        mapping=mapping.name,
        mapping_hash=mapping.mapping_hash,
        history_start=session.history_start,
        loaded_at=session.now,
        format=group.format,
        columns=rows.columns,
        provided_fields=[name for name in TABLES[table].column_names if name in group.columns],
        replaces=group.newer_version == "replaces",
        touched_months=[],
        rows_read=0,
        months={},
        reject_reasons={},
        reject_reasons_by_month={},
    ).counting(rows)


def with_rejects(manifest: Manifest, rows: RowCounts) -> Manifest:
    """The manifest with its own accepted rows and, of a later reading of its rejects, those that are rejected again."""
    accepted = Counter({month: counts.accepted for month, counts in manifest.months.items()})
    before_history = manifest.before_history + rows.before_history
    combined = replace(rows, accepted=+accepted, before_history=before_history)
    return manifest.counting(combined)


def total_reasons(by_month: dict[str, dict[str, int]]) -> dict[str, int]:
    """Reject reasons of all months together, by name."""
    names = sorted({reason for reasons in by_month.values() for reason in reasons})
    return {name: sum(reasons.get(name, 0) for reasons in by_month.values()) for name in names}


def load_manifests(workspace: Workspace, table: str) -> list[Manifest]:
    """The loads of a table in the order of loading, then of their ids; [] for a table that was never loaded."""
    found = []
    for path in sorted(workspace.manifests(table).glob("*.json")):
        try:
            found.append(Manifest.model_validate_json(path.read_bytes()))
        except ValueError as error:
            raise SourceError(
                f"{path}: not a manifest of this version ({error}); delete the file to have its source read again"
            ) from error
    return sorted(found, key=lambda manifest: (manifest.loaded_at, manifest.load_id))


def all_manifests(workspace: Workspace) -> list[Manifest]:
    """The loads of every table."""
    return [manifest for table in TABLES for manifest in load_manifests(workspace, table)]


def write_manifest(workspace: Workspace, manifest: Manifest) -> None:
    """Writes one manifest below `workspace`, which while loading is the staging area."""
    directory = workspace.manifests(manifest.table)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / f"{manifest.load_id}.json").write_text(manifest.model_dump_json(indent=2), encoding="utf-8")


def with_supersession(known: Iterable[Manifest], current: dict[tuple[str, str], str]) -> list[Manifest]:
    """The known loads whose `superseded_by` changes, changed; `current` is the load id now at each (table, uri).

    A load whose very content is back at its uri is open again. Replayed rows hold no rejects and stay as they are.
    """
    changed = []
    for manifest in known:
        load_id = current.get((manifest.table, manifest.uri))
        if load_id is None or manifest.replay_of is not None:
            continue
        superseded_by = None if load_id == manifest.load_id else load_id
        if superseded_by != manifest.superseded_by:
            changed.append(manifest.model_copy(update={"superseded_by": superseded_by}))
    return changed


_NAMED_FILES = 10


def left_out_loads(workspace: Workspace, loads: list[Manifest]) -> dict[str, set[str]]:
    """By month, YYYY-MM, those of the workspace's loads whose rows no count takes in; months without any are absent.

    A load is left out of the months in which people hold its file, and of every month when a newer version of its file
    replaces it (`newer_version: replaces` of the mapping).
    """
    held = {(hold.month, hold.file) for hold in read_holds(workspace) if hold.file}
    replacing = {manifest.load_id for manifest in loads if manifest.replaces}
    found: dict[str, set[str]] = defaultdict(set)
    for manifest in loads:
        for month in manifest.months:
            if manifest.superseded_by in replacing or (month, manifest.source_file) in held:
                found[month].add(manifest.load_id)
    return dict(found)


def standing(loads: list[Manifest], month: str, left_out: dict[str, set[str]]) -> list[Manifest]:
    """The loads whose rows of a month count."""
    return [manifest for manifest in loads if manifest.load_id not in left_out.get(month, ())]


def require_known_part(workspace: Workspace, hold: Hold) -> None:
    """Raises HoldError for an unknown category, and for a file that no rows of the month came from, or all."""
    if hold.category is not None:
        known = load_vocabularies(SEEDS)["category"]
        if hold.category not in known:
            raise HoldError(f"{hold.category}: no such category; there are {', '.join(sorted(known))}")
    if hold.file is not None:
        _require_known_file(workspace, hold)


def _require_known_file(workspace: Workspace, hold: Hold) -> None:
    files = sorted(
        {manifest.source_file for manifest in all_manifests(workspace) if hold.month in manifest.accepted_months}
    )
    if hold.file not in files:
        named = ", ".join(files[:_NAMED_FILES]) + (" ..." if len(files) > _NAMED_FILES else "") or "none"
        raise HoldError(f"{hold.file}: no rows of {hold.month} came from it; files of that month: {named}")
    if len(files) == 1:
        raise HoldError(f"{hold.file} is the only file of {hold.month}; hold the month itself")
