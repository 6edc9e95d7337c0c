"""A small workspace and a way to publish in it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dagster_project.publishing.catalog import Release
from dagster_project.storage.workspace import Workspace
from tests.support.small_release import publisher


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def publish(workspace: Workspace, tmp_path: Path) -> Callable[..., Release]:
    """Publishes a month, 2025-11, with a given post count; each call is an hour later than the one before."""
    return publisher(workspace, tmp_path)
