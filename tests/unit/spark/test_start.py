"""What building on Spark asks for, and what it says where that is missing."""

from pathlib import Path

import pytest

from dagster_project.spark import start
from tests.support.job_runs import new_place


def test_without_its_environment_the_command_that_makes_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "SPARK_PYTHON", Path("/nowhere/python"))
    with pytest.raises(start.SparkError, match="make setup-spark"):
        start.require_engine("sail")


def test_without_java_real_spark_names_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "python").touch()
    monkeypatch.setattr(start, "SPARK_PYTHON", tmp_path / "python")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    start.require_engine("sail")
    with pytest.raises(start.SparkError, match="openjdk-17-jre-headless"):
        start.require_engine("spark")


def test_a_workspace_without_a_month_asks_for_a_report_first(tmp_path: Path) -> None:
    with new_place(tmp_path).configured() as settings, pytest.raises(start.SparkError, match="make report"):
        start.months_built(settings)
