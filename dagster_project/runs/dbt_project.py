"""The dbt project as Dagster sees it: its place, its manifest, the keys and groups of its assets."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject
from filelock import FileLock

from dagster_project.settings import Settings
from dagster_project.storage.workspace import DBT_DIRECTORY, SHARED_DBT_TARGET


def parsed_folder() -> Path:
    """Where dbt leaves what it parsed: beside its models, or beside the workspaces where the checkout is read-only."""
    beside_models = DBT_DIRECTORY / "target"
    existing = beside_models if beside_models.exists() else DBT_DIRECTORY
    return beside_models if os.access(existing, os.W_OK) else Settings().data_root.resolve() / SHARED_DBT_TARGET


dbt_project = DbtProject(project_dir=DBT_DIRECTORY, profiles_dir=DBT_DIRECTORY, target_path=parsed_folder())


def dbt_executable() -> str:
    """dbt as it runs in a workspace (workspace_dbt.py), also where this environment's bin folder is not on the PATH."""
    return str(Path(sys.executable).parent / "hiring-pulse-dbt")


def current_manifest() -> Path:
    """dbt's manifest, parsed anew when a file of the project is younger; processes that start together parse once."""
    manifest = dbt_project.manifest_path
    manifest.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(manifest.parent / "parse.lock"):
        if not manifest.exists() or manifest.stat().st_mtime < _last_change():
            project = ["--project-dir", str(DBT_DIRECTORY), "--profiles-dir", str(DBT_DIRECTORY)]
            places = ["--target-path", str(manifest.parent), "--log-path", str(manifest.parent)]
            subprocess.run([dbt_executable(), "--quiet", *places[2:], "parse", *project, *places[:2]], check=True)
    return manifest


def appended_columns() -> dict[tuple[str, str], list[str]]:
    """Columns of the models to which a run appends, by (schema, table), in their documented order."""
    appended = [node for node in _nodes() if node["config"]["materialized"] == "incremental"]
    return {(node["schema"], node["name"]): list(node["columns"]) for node in appended}


def models_in(schema: str) -> list[str]:
    """Names of the models of one schema, sorted."""
    return sorted(node["name"] for node in _nodes() if node["resource_type"] == "model" and node["schema"] == schema)


def _nodes() -> Sequence[Mapping[str, Any]]:
    """The nodes of the current manifest, which every dbt step asks for: megabytes of JSON, read once a version."""
    manifest = current_manifest()
    return _nodes_of(manifest, manifest.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _nodes_of(manifest: Path, changed: int) -> Sequence[Mapping[str, Any]]:
    return list(json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values())


def _last_change() -> float:
    folders = ("models", "macros", "seeds", "tests")
    files = [path for folder in folders for path in (DBT_DIRECTORY / folder).rglob("*") if path.is_file()]
    return max(path.stat().st_mtime for path in [*files, DBT_DIRECTORY / "dbt_project.yml"])


class StageTranslator(DagsterDbtTranslator):
    """Asset keys are [stage, model]; the group is the stage; the owner is that of the dbt group."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        props = dbt_resource_props
        stage = props["source_name"] if props["resource_type"] == "source" else props["schema"]
        return dg.AssetKey([stage, props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        return str(dbt_resource_props["schema"])
