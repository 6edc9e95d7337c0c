"""The dbt project: its manifest, and what stands in it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from threading import Thread
from typing import Any

from filelock import FileLock

from dagster_project.settings import Settings
from dagster_project.storage.workspace import DBT_DIRECTORY, SHARED_DBT_TARGET


def parsed_folder() -> Path:
    """Where dbt leaves what it parsed: beside its models, or beside the workspaces where the checkout is read-only."""
    beside_models = DBT_DIRECTORY / "target"
    existing = beside_models if beside_models.exists() else DBT_DIRECTORY
    return beside_models if os.access(existing, os.W_OK) else Settings().data_root.resolve() / SHARED_DBT_TARGET


def dbt_executable() -> str:
    """dbt as it runs in a workspace (workspace_dbt.py), also where this environment's bin folder is not on the PATH."""
    return str(Path(sys.executable).parent / "hiring-pulse-dbt")


def current_manifest() -> Path:
    """dbt's manifest, parsed anew when a file of the project is younger; processes that start together parse once."""
    manifest = parsed_folder() / "manifest.json"
    manifest.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(manifest.parent / "parse.lock"):
        if not manifest.exists() or manifest.stat().st_mtime < _last_change():
            project = ["--project-dir", str(DBT_DIRECTORY), "--profiles-dir", str(DBT_DIRECTORY)]
            places = ["--target-path", str(manifest.parent), "--log-path", str(manifest.parent)]
            subprocess.run([dbt_executable(), "--quiet", *places[2:], "parse", *project, *places[:2]], check=True)
    return manifest


def parse_ahead() -> None:
    """Parse in a thread, for which `current_manifest` then waits: on a new checkout dbt takes seven seconds, as long as
    this process takes to import what a run needs. What goes wrong `current_manifest` says."""

    def parse() -> None:
        with suppress(subprocess.CalledProcessError, OSError):
            current_manifest()

    Thread(target=parse, daemon=True).start()


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
