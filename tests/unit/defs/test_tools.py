"""Dagster's own tools load the project as its users run them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from dagster_project.storage.workspace import REPOSITORY

TOOLS = Path(sys.executable).parent


def _call(*command: str | Path, workspace: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "DAGSTER_HOME": str(workspace),
        "HIRING_PULSE_DATA_ROOT": str(workspace / "data"),
        "PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}",
    }
    return subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=300)


@pytest.mark.slow
def test_dg_check_defs_passes(tmp_path: Path) -> None:
    """A process of its own loads everything: some ten seconds."""
    result = _call(TOOLS / "dg", "check", "defs", workspace=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.slow
def test_the_workspace_file_loads_and_shows_the_jobs(tmp_path: Path) -> None:
    """As `dagster dev -w workspace.yaml` loads it: some ten seconds."""
    result = _call(TOOLS / "dagster", "job", "list", "-w", "workspace.yaml", workspace=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert {"monthly_hiring_report", "train_classifiers_job"} <= set(result.stdout.replace(":", " ").split())


def test_the_shipped_instance_lets_one_step_at_a_time_into_the_warehouse() -> None:
    settings = yaml.safe_load((REPOSITORY / "dagster.yaml").read_text(encoding="utf-8"))
    assert settings["concurrency"]["pools"] == {"default_limit": 1, "granularity": "op"}
    assert settings["concurrency"]["runs"]["max_concurrent_runs"] == 1
    assert settings["telemetry"] == {"enabled": False}
