"""Old releases lose their DuckDB file by a stated rule; what later releases compare with stays."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from dagster_project.cli import app
from dagster_project.publishing.catalog import Release, latest_release, list_releases, prunable, prune
from dagster_project.stages.provenance import findings
from dagster_project.storage.workspace import Workspace
from tests.support.small_release import publisher

Publish = Callable[..., Release]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, list[Release]]:
    """Two of October, three of November, the last one of September, made in this order; not to be changed."""
    folder = tmp_path_factory.mktemp("prune")
    workspace = Workspace(folder / "workspace")
    publish = publisher(workspace, folder)
    months = ["2025-10", "2025-10", "2025-11", "2025-11", "2025-11", "2025-09"]
    return workspace, [publish(count, month=month) for count, month in enumerate(months)]


@pytest.fixture
def releases(published: tuple[Workspace, list[Release]], workspace: Workspace) -> list[Release]:
    """A copy of what was published, for a test to prune."""
    original, made = published
    shutil.copytree(original.root, workspace.root, symlinks=True)
    return [replace(release, path=workspace.releases / release.id) for release in made]


def test_latest_the_newest_of_each_month_and_the_newest_are_kept(releases: list[Release], workspace: Workspace) -> None:
    october, _, november, second, *_ = releases
    assert prunable(workspace.releases, keep=0) == [october, november, second]
    assert prunable(workspace.releases, keep=3) == [october, november]
    assert prunable(workspace.releases, keep=99) == []


def test_latest_is_kept_where_it_is_not_the_newest_of_its_month(publish: Publish, workspace: Workspace) -> None:
    first, second, _ = publish(1), publish(2), publish(1)
    assert latest_release(workspace.releases) == first
    assert prunable(workspace.releases, keep=0) == []
    publish(3)
    assert prunable(workspace.releases, keep=0) == [first, second]


def test_pruning_removes_the_duckdb_file_alone_and_a_second_time_nothing(
    releases: list[Release], workspace: Workspace
) -> None:
    before = {path for path in workspace.releases.rglob("*") if path.is_file()}
    pruned = prune(workspace.releases, keep=0)
    after = {path for path in workspace.releases.rglob("*") if path.is_file()}
    assert before - after == {release.database for release in pruned}
    assert list_releases(workspace.releases) == releases
    assert prune(workspace.releases, keep=0) == []


def test_a_pruned_release_whose_content_returns_gets_its_duckdb_file_back_and_stays_as_old_as_it_is(
    releases: list[Release], publish: Publish, workspace: Workspace
) -> None:
    _, _, november, *_ = releases
    before = {path: path.read_bytes() for path in november.path.rglob("*.*") if path.suffix not in (".duckdb", ".json")}
    prune(workspace.releases, keep=0)
    returned = publish(2)
    assert replace(returned, files={}) == replace(november, files={})
    assert latest_release(workspace.releases) == returned
    with duckdb.connect(str(november.database), read_only=True) as bi:
        assert bi.sql("select sum(post_count) from monthly_growth").fetchone() == (110,)
        assert bi.sql("select comment from duckdb_tables() where table_name = 'monthly_growth'").fetchone() != (None,)
    assert {path: path.read_bytes() for path in before} == before
    assert [release.id for release in list_releases(workspace.releases)] == [release.id for release in releases]
    assert list(findings(workspace)) == [] and not workspace.damaged.exists()
    assert {path.stat().st_mode & 0o777 for path in november.path.glob("*.*")} == {0o444}
    assert [path.name for path in workspace.releases.glob(".building-*")] == []


def test_the_command_names_what_it_would_remove_and_removes_it_when_told(
    tmp_path: Path, publish: Publish, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = publish(1), publish(2)
    workspace.root.rename(tmp_path / "simulated_marketplace")
    monkeypatch.setenv("HIRING_PULSE_DATA_ROOT", str(tmp_path))
    database = tmp_path / "simulated_marketplace" / "releases" / first.id / first.database.name
    dry = CliRunner().invoke(app, ["prune", "--keep", "1"])
    assert first.id in dry.output and second.id not in dry.output and "would be pruned: 1 of 2" in dry.output
    assert database.is_file()
    done = CliRunner().invoke(app, ["prune", "--keep", "1", "--yes"])
    assert "pruned: 1 of 2 releases" in done.output and not database.exists()
