"""What was written proves itself: a record beside each file of scores, with each release what it was made from.

`findings` compares all of it, and the lake, with what is there now.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from dagster_project.publishing.catalog import LINEAGE_FILE, list_releases
from dagster_project.publishing.release.bundle import release_findings
from dagster_project.sources.lake.manifests import LakeFile, Manifest, MonthCounts, all_manifests, left_out_loads
from dagster_project.sources.lake.publication import damaged_files, finding_of, record_of
from dagster_project.storage.plan import MonthState, built_states
from dagster_project.storage.workspace import Workspace
from ml.atomic import write_text

_FOLDERS = ("predictions", "drift")


class ReleasedLoad(BaseModel):
    """One file that was read: where it came from and what lies of it in the lake, by month YYYY-MM and by path.

    `left_out` are months in which its rows do not count; `columns` are the fields that its mapping provides.
    """

    model_config = ConfigDict(frozen=True)

    table: str
    load_id: str
    source_file: str
    uri: str
    file_hash: str
    mapping_hash: str
    loaded_at: datetime
    columns: list[str]
    months: dict[str, MonthCounts]
    left_out: list[str]
    files: dict[str, LakeFile]


class Lineage(BaseModel):
    """What one release was made from; `months` are the states that its counts were built from."""

    model_config = ConfigDict(frozen=True)

    run_id: str
    months: dict[str, MonthState]
    loads: list[ReleasedLoad]


def present_lineage(workspace: Workspace, run_id: str) -> Lineage:
    """The lineage of what the warehouse holds now."""
    loads = all_manifests(workspace)
    left_out = left_out_loads(workspace, loads)
    return Lineage(
        run_id=run_id,
        months=built_states(workspace.warehouse),
        loads=[released_load(load, sorted(m for m, ids in left_out.items() if load.load_id in ids)) for load in loads],
    )


def read_lineage(release: Path) -> Lineage | None:
    """The lineage in a release's directory; None in a release of a version that kept none."""
    file = release / LINEAGE_FILE
    return Lineage.model_validate_json(file.read_bytes()) if file.is_file() else None


def released_load(load: Manifest, left_out: list[str]) -> ReleasedLoad:
    """What a release keeps of a load; left_out: months, YYYY-MM, in which people left its rows out."""
    shared = ReleasedLoad.model_fields.keys() & Manifest.model_fields.keys() - {"columns"}
    same = {name: getattr(load, name) for name in shared}
    return ReleasedLoad(**same, columns=load.provided_fields, left_out=left_out)


def record_scored(file: Path) -> None:
    """Write `<name>.json` beside a Parquet file of predictions or drift: its size, rows and SHA-256."""
    write_text(file.with_suffix(".json"), record_of(file).model_dump_json())


def damaged_predictions(workspace: Workspace) -> dict[str, str]:
    """Months, YYYY-MM, of which a file is not as it was written, each with the sentence that says so.

    Files of versions that recorded nothing are not looked at.
    """
    damaged: dict[str, str] = {}
    for folder in _FOLDERS:
        for record in sorted((workspace.lake / folder).glob("technology=*/month=*/*.json")):
            file = record.with_suffix(".parquet")
            if finding := _finding(file, record):
                month = file.parent.name.removeprefix("month=")
                damaged.setdefault(month, f"{file.relative_to(workspace.root).as_posix()}: {finding}")
    return dict(sorted(damaged.items()))


def _finding(file: Path, record: Path) -> str | None:
    try:
        recorded = LakeFile.model_validate_json(record.read_bytes())
    except ValueError:
        return f"has no readable record ({record.name})"
    return finding_of(file, recorded)


def findings(workspace: Workspace) -> Iterator[str]:
    """A sentence for each file that is not as it was written; nothing where all are. Reads every byte, changes none."""
    for damage in damaged_files(workspace, all_manifests(workspace)):
        yield f"{damage.message}; the next run reads {damage.manifest.source_file} again"
    for month, told in damaged_predictions(workspace).items():
        yield f"{told}; the next run scores {month} again"
    for release in list_releases(workspace.releases):
        for finding in release_findings(release):
            yield (
                f"releases/{release.path.name}/{finding}; `hiring-pulse report --month {release.month}` writes the "
                "release again where its numbers are the same as then, else restore or remove its folder"
            )
