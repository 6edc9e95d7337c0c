"""How files enter the lake, by renames with manifests last, and the proof that each is still as it was recorded."""

import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock

from dagster_project.sources.contracts import READER_COLUMNS, TABLES, Table
from dagster_project.sources.errors import SourceError
from dagster_project.sources.lake.manifests import LakeFile, Manifest, write_manifest
from dagster_project.storage.sql import literal
from dagster_project.storage.workspace import Workspace
from ml.atomic import replacing


@dataclass(frozen=True)
class Damage:
    """A file that is not what its load wrote; `path` below the lake."""

    manifest: Manifest
    path: str
    finding: str

    @property
    def message(self) -> str:
        return f"lake/{self.path}: {self.finding}"


def record_of(file: Path) -> LakeFile:
    """Size in bytes, rows and SHA-256 of a Parquet file."""
    with file.open("rb") as stream:
        digest = file_digest(stream, "sha256").hexdigest()
    return LakeFile(size=file.stat().st_size, rows=pq.read_metadata(file).num_rows, sha256=digest)


def damaged_files(workspace: Workspace, loads: list[Manifest]) -> Iterator[Damage]:
    """Files of the loads that are absent, unreadable, or of another size, row count or content; reads every byte.

    Loads of versions that recorded no files are not looked at.
    """
    for manifest in loads:
        for path, recorded in manifest.files.items():
            if finding := finding_of(workspace.lake / path, recorded):
                yield Damage(manifest, path, finding)


def finding_of(file: Path, recorded: LakeFile) -> str | None:
    """What a file of the lake is that it should not be, None where it is as recorded."""
    if not file.is_file():
        return f"is gone; it held {recorded.rows:,} rows"
    if (size := file.stat().st_size) != recorded.size:
        return f"has {size:,} bytes, written were {recorded.size:,}"
    try:
        rows = pq.read_metadata(file).num_rows
    except (pa.ArrowException, OSError) as error:
        return f"is unreadable ({str(error).splitlines()[0]})"
    if rows != recorded.rows:
        return f"has {rows:,} rows, written were {recorded.rows:,}"
    if record_of(file).sha256 != recorded.sha256:
        return "has other content than was written"
    return None


def set_aside(workspace: Workspace, damages: Iterable[Damage]) -> None:
    """Move what is left of damaged files to `damaged/` of the workspace, for whoever wants to look."""
    for damage in damages:
        if (file := workspace.lake / damage.path).is_file():
            target = workspace.damaged / damage.path
            target.parent.mkdir(parents=True, exist_ok=True)
            file.replace(target)


def require_read_again(damages: list[Damage], read: Iterable[tuple[str, str]]) -> None:
    """Raises SourceError for damaged loads whose source file was not read again; read: (table, load_id)."""
    known = set(read)
    lost = [damage for damage in damages if _key(damage.manifest) not in known]
    if lost:
        lines = [f"{damage.message}; it came from {damage.manifest.uri}" for damage in lost]
        raise SourceError(
            "\n".join(lines) + "\nThe source is not in the feed any more, or has other content now: put it back, or "
            "restore the file of the lake from a backup. Nothing was changed"
        )


def _key(manifest: Manifest) -> tuple[str, str]:
    return manifest.table, manifest.replay_of or manifest.load_id


_STAGING = ".staging"
_COMMITTED = ".committed"
_REMOVALS = "removals.json"


@contextmanager
def staging_area(workspace: Workspace) -> Iterator[Workspace]:
    """A place laid out like `workspace`, for one writer at a time; repairs the lake first, leaves nothing behind."""
    workspace.lake.mkdir(parents=True, exist_ok=True)
    with FileLock(workspace.lake / ".lock"):
        repair(workspace)
        area = workspace.lake / _STAGING
        area.mkdir()
        try:
            yield Workspace(area)
        finally:
            shutil.rmtree(area, ignore_errors=True)


def repair(workspace: Workspace) -> None:
    """Completes a committed publication and sweeps what a killed run left: staging areas, files without a manifest."""
    shutil.rmtree(workspace.lake / _STAGING, ignore_errors=True)
    if (workspace.lake / _COMMITTED).exists():
        _roll_forward(workspace)
    for table in TABLES:
        loads = {path.stem for path in workspace.manifests(table).glob("*.json")}
        for directory in (workspace.raw(table), workspace.rejects(table)):
            for path in directory.glob("month=*/load=*.parquet"):
                if path.stem.removeprefix("load=") not in loads:
                    path.unlink()


def publish(workspace: Workspace, staged: Workspace, changed: list[Manifest], outdated: Iterable[str]) -> None:
    """Makes the staged files and `changed` manifests the lake's; `outdated` files that are not staged go."""
    for manifest in changed:
        write_manifest(staged, _with_files(workspace, staged, manifest))
    kept = {_place(staged, path) for path in staged.lake.rglob("*") if path.is_file()}
    (staged.root / _REMOVALS).write_text(json.dumps(sorted(set(outdated) - kept)), encoding="utf-8")
    staged.root.rename(workspace.lake / _COMMITTED)
    _roll_forward(workspace)


def load_files(workspace: Workspace, manifest: Manifest) -> list[str]:
    """Every file of a load, below the lake."""
    raw = [workspace.raw(manifest.table) / _month_file(month, manifest) for month in manifest.accepted_months]
    own_manifest = workspace.manifests(manifest.table) / f"{manifest.load_id}.json"
    return [*(_place(workspace, path) for path in [*raw, own_manifest]), *reject_files(workspace, manifest)]


def _with_files(workspace: Workspace, staged: Workspace, manifest: Manifest) -> Manifest:
    """The manifest with what its files hold: as staged, or as they were when they were written."""
    paths = [path for path in load_files(workspace, manifest) if path.endswith(".parquet")]
    files = {path: record_of(staged.lake / path) for path in paths if (staged.lake / path).exists()}
    kept = {path: manifest.files[path] for path in paths if path in manifest.files and path not in files}
    return manifest.model_copy(update={"files": kept | files})


def reject_files(workspace: Workspace, manifest: Manifest) -> list[str]:
    """The files of a load's rejects, below the lake."""
    directory = workspace.rejects(manifest.table)
    return [_place(workspace, directory / _month_file(month, manifest)) for month in manifest.rejected_months]


def _month_file(month: str, manifest: Manifest) -> str:
    return f"month={month}/load={manifest.load_id}.parquet"


def _place(workspace: Workspace, path: Path) -> str:
    return path.relative_to(workspace.lake).as_posix()


def _roll_forward(workspace: Workspace) -> None:
    """Can be repeated after a kill at any point: a file is either still committed or already in its place."""
    committed = Workspace(workspace.lake / _COMMITTED)
    for name in json.loads((committed.root / _REMOVALS).read_text(encoding="utf-8")):
        (workspace.lake / name).unlink(missing_ok=True)
    for directory in ("raw", "rejects", "manifests"):
        for path in sorted((committed.lake / directory).rglob("*")):
            if path.is_file():
                target = workspace.lake / _place(committed, path)
                target.parent.mkdir(parents=True, exist_ok=True)
                path.replace(target)
    shutil.rmtree(committed.root)


def write_schema_files(workspace: Workspace) -> None:
    """Write `lake/raw/<table>/schema.parquet` for every input table of the contract."""
    with duckdb.connect() as connection:
        for table in TABLES.values():
            with replacing(workspace.raw(table.name) / "schema.parquet") as building:
                empty = f"select {_typed_nulls(table)} limit 0"
                connection.execute(f"copy ({empty}) to {literal(str(building))} (format parquet)")


def _typed_nulls(table: Table) -> str:
    types = {column.name: column.sql_type for column in table.columns} | READER_COLUMNS
    return ", ".join(f"null::{sql_type} as {name}" for name, sql_type in types.items())
