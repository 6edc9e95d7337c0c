"""What a release was made from, kept beside its marts: the run, the state of each month, the loads and their files."""

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from dagster_project.publishing.catalog import LINEAGE_FILE
from dagster_project.sources.lake.manifests import LakeFile, Manifest, MonthCounts, all_manifests, left_out_loads
from dagster_project.storage.plan import MonthState, built_states
from dagster_project.storage.workspace import Workspace


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
        loads=[_released(load, sorted(m for m, ids in left_out.items() if load.load_id in ids)) for load in loads],
    )


def read_lineage(release: Path) -> Lineage | None:
    """The lineage in a release's directory; None in a release of a version that kept none."""
    file = release / LINEAGE_FILE
    return Lineage.model_validate_json(file.read_bytes()) if file.is_file() else None


def _released(load: Manifest, left_out: list[str]) -> ReleasedLoad:
    shared = ReleasedLoad.model_fields.keys() & Manifest.model_fields.keys() - {"columns"}
    same = {name: getattr(load, name) for name in shared}
    return ReleasedLoad(**same, columns=load.provided_fields, left_out=left_out)
