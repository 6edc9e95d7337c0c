"""The lake proves itself: each file of a load is as its manifest recorded it, or is set aside and read again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dagster_project.sources.errors import SourceError
from dagster_project.sources.lake.manifests import LakeFile, Manifest
from dagster_project.storage.workspace import Workspace


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
