"""The last wave of the worker study goes with a release; pages of waves that are gone are removed."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from dagster_project.publishing.catalog import Release
from dagster_project.publishing.export import export_marts
from dagster_project.publishing.release.publish import publish_release
from dagster_project.reports.page.selection import RunContext
from dagster_project.stages.report import study_folder, write_worker_studies
from dagster_project.storage.workspace import Workspace
from tests.support.sample_study import study_marts
from tests.support.small_release import DICTIONARY, build_warehouse, write_report

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>'
CONTEXT = RunContext(month="2025-11", sources="simulated", title="Simulated", is_simulated=True, provided={}, source={})


@pytest.fixture
def marts(monkeypatch: pytest.MonkeyPatch) -> dict[str, pd.DataFrame]:
    monkeypatch.setattr("dagster_project.reports.charts.surveys.to_svg", lambda chart, prefix: SVG)
    return study_marts()


def test_a_wave_is_written_into_the_folder_of_its_field_month(
    workspace: Workspace, marts: dict[str, pd.DataFrame]
) -> None:
    assert list(write_worker_studies(workspace, CONTEXT, marts)) == ["2025-07"]
    assert (workspace.report("2025-07") / "worker_study.html").exists()
    assert study_folder(workspace, "2025-11") == workspace.report("2025-07")
    assert study_folder(workspace, "2025-06") is None


def test_a_wave_that_is_gone_takes_its_page_with_it(workspace: Workspace, marts: dict[str, pd.DataFrame]) -> None:
    write_worker_studies(workspace, CONTEXT, marts)
    write_worker_studies(workspace, CONTEXT, {name: frame.iloc[:0] for name, frame in marts.items()})
    assert not [path for path in workspace.report("2025-07").rglob("*") if path.is_file()]


def test_the_release_holds_the_study_with_the_data_of_its_figures(
    workspace: Workspace, tmp_path: Path, marts: dict[str, pd.DataFrame]
) -> None:
    write_worker_studies(workspace, CONTEXT, marts)
    files = export_marts(
        build_warehouse(tmp_path / "warehouse.duckdb", 120), DICTIONARY.primary_keys(), tmp_path / "export"
    )
    report = write_report(workspace.report("2025-11"))

    def publish(study: Path | None) -> Release:
        return publish_release(
            workspace, "2025-11", files, report, DICTIONARY, datetime(2025, 12, 2, tzinfo=UTC), study
        )

    with_study, without = publish(study_folder(workspace, "2025-11")), publish(None)
    names = {path.relative_to(with_study.path / "report").as_posix() for path in with_study.path.rglob("report/**/*.*")}
    assert {"worker_study.html", "worker_study.md", "worker_study_claims.json"} <= names
    assert {"worker_study_annex.html", "worker_study_annex.md", "worker_study_annex_claims.json"} <= names
    assert {f"figures/worker-study-freelance.{kind}" for kind in ("csv", "svg", "png")} <= names
    assert with_study.id != without.id
    assert not list(without.path.rglob("worker_study*"))
