"""What a shell says to dbt, Dagster, Great Expectations or Python for another project changes nothing here."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dagster_project import cli
from dagster_project.runs import dbt_project, workspace_dbt
from dagster_project.settings import drop_foreign_variables
from dagster_project.storage.workspace import DBT_DIRECTORY, REPOSITORY
from tests.support.job_runs import Place

FOREIGN = {
    "DBT_TARGET": "prod",
    "DBT_PROFILES_DIR": "/nowhere",
    "DBT_TARGET_PATH": "/nowhere",
    "DAGSTER_CLOUD_DEPLOYMENT_NAME": "prod",
    "GX_CLOUD_ACCESS_TOKEN": "x",
    "PYTHONPATH": "/nowhere",
}


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    """The environment with foreign variables, put back afterwards."""
    before = dict(os.environ)
    os.environ.update(FOREIGN)
    yield
    os.environ.clear()
    os.environ.update(before)


def test_they_are_dropped_and_others_stay() -> None:
    os.environ["HIRING_PULSE_SEED"] = "7"
    drop_foreign_variables()
    assert not set(FOREIGN) & set(os.environ)
    assert os.environ["HIRING_PULSE_SEED"] == "7" and "PATH" in os.environ


def test_a_command_runs_without_them(tmp_path: Path) -> None:
    with Place(tmp_path, sources="simulated_marketplace").configured() as settings:
        assert not set(FOREIGN) & set(os.environ)
        assert os.environ["DAGSTER_HOME"] == str(settings.workspace.dagster)


def test_dbt_hears_only_what_dagster_says_to_it(tmp_path: Path) -> None:
    """As Dagster starts it, also where Dagster itself was started by hand: dbt would not find a target `prod`."""
    said = {"DBT_PROJECT_DIR": str(DBT_DIRECTORY), "DBT_PROFILES_DIR": str(DBT_DIRECTORY)}
    places = {"DBT_TARGET_PATH": str(tmp_path), "DBT_LOG_PATH": str(tmp_path)}
    environment = os.environ | said | places | {"DBT_TARGET": "prod", "DBT_FULL_REFRESH": "x"}
    environment |= {workspace_dbt.VARIABLE: str(tmp_path / "warehouse.duckdb")}
    code = "from dagster_project.runs.workspace_dbt import main; main()"
    command = [sys.executable, "-I", "-c", code, "--quiet", "ls", "--select", "stg_marketplace__candidates"]
    listed = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert "stg_marketplace__candidates" in listed.stdout, listed.stdout + listed.stderr


def test_modules_of_pythonpath_are_not_taken_for_ours(tmp_path: Path) -> None:
    (tmp_path / "ml").mkdir()
    (tmp_path / "ml" / "__init__.py").write_text("raise ImportError('a module of somebody else')")
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    command = [Path(sys.executable).parent / "hiring-pulse", "--help"]
    said = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert said.returncode == 0 and "report" in said.stdout, said.stderr


def test_a_checkout_that_cannot_be_written_leaves_dbt_s_files_beside_the_workspaces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIRING_PULSE_DATA_ROOT", str(tmp_path))
    assert dbt_project.parsed_folder() == DBT_DIRECTORY / "target"
    monkeypatch.setattr(dbt_project.os, "access", lambda path, mode: not path.is_relative_to(DBT_DIRECTORY))
    assert dbt_project.parsed_folder() == tmp_path / "dbt_target"


def test_the_ui_starts_where_no_env_file_wins_over_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dagster reads `.env` of the folder that it is started in, and lets it win over the environment."""
    started: list[tuple[list[str], Path]] = []
    monkeypatch.setattr(cli.os, "execv", lambda program, command: started.append((command, Path.cwd())))
    monkeypatch.setattr(cli.signal, "signal", lambda *arguments: None)
    monkeypatch.setenv("HIRING_PULSE_DATA_ROOT", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    cli.ui(sources="simulated_marketplace", port=3123)
    [(command, folder)] = started
    assert folder == tmp_path / "simulated_marketplace" / "dagster" and not (folder / ".env").exists()
    assert command[:2] == [sys.executable, "-I"] and command[4:6] == ["-m", "dagster"]
    assert str(REPOSITORY / "workspace.yaml") in command and "3123" in command
