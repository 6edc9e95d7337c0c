"""A release that is broken on its way or where it lies: readers see whole ones, the message says what heals."""

import os
from pathlib import Path

import pytest

from dagster_project.publishing.catalog import latest_release
from dagster_project.publishing.export import export_marts
from dagster_project.publishing.release.publish import publish_release
from dagster_project.stages.provenance import findings
from dagster_project.storage.shown_text import remedy
from dagster_project.storage.workspace import Workspace
from tests.faults.conftest import Disk
from tests.support.small_release import DICTIONARY, NOW, build_warehouse, write_report


def test_a_full_disk_leaves_latest_as_it_was_and_publishing_again_heals(small_disk: Disk, tmp_path: Path) -> None:
    workspace = Workspace(small_disk.root / "workspace")
    small_disk.grow("4m")

    def publish(text: str) -> str:
        files = export_marts(build_warehouse(tmp_path / "w.duckdb"), DICTIONARY.primary_keys(), tmp_path / "export")
        report = write_report(tmp_path / "report", text)
        return publish_release(workspace, "2025-11", files, report, DICTIONARY, NOW).id

    first = publish("Posts rose.")
    free = os.statvfs(small_disk.root)
    (small_disk.root / "filler").write_bytes(b"x" * (free.f_bavail * free.f_frsize - 200_000))
    with pytest.raises(Exception) as error:
        publish("Posts fell.")
    assert remedy(str(error.value)), error.value
    latest = latest_release(workspace.releases)
    assert latest and latest.id == first and list(findings(workspace)) == []
    (small_disk.root / "filler").unlink()
    second = publish("Posts fell.")
    latest = latest_release(workspace.releases)
    assert latest and latest.id == second != first and list(findings(workspace)) == []
    assert not list(workspace.releases.glob(".building-*"))
