"""A small workspace and a way to publish in it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from dagster_project.publishing.catalog import Release
from dagster_project.publishing.dictionary import DataDictionary
from dagster_project.publishing.export import export_marts
from dagster_project.publishing.release.publish import publish_release
from dagster_project.storage.workspace import Workspace
from tests.support.small_release import DICTIONARY, NOW, build_warehouse, write_report


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def publish(workspace: Workspace, tmp_path: Path) -> Callable[..., Release]:
    """Publishes a month, 2025-11, with a given post count; each call is an hour later than the one before."""
    hours = iter(range(10_000))

    def run(
        post_count: int = 120,
        text: str = "Posts rose.",
        dictionary: DataDictionary = DICTIONARY,
        month: str = "2025-11",
    ) -> Release:
        warehouse = build_warehouse(tmp_path / "warehouse.duckdb", post_count)
        files = export_marts(warehouse, DICTIONARY.primary_keys(), tmp_path / "export")
        report = write_report(workspace.report(month), text)
        now = NOW + timedelta(hours=next(hours))
        return publish_release(workspace, month, files, report, dictionary, now)

    return run
