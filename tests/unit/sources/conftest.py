"""Fixtures of the source tests: a small feed of one's own, and the real posts where they are present."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from dagster_project.sources.lake.load import IngestResult, ingest
from dagster_project.sources.mapping.load import load_mapping
from dagster_project.storage.workspace import Workspace
from tests.support.small_feed import Feed, new_feed

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    """A mapped feed without files yet; the seeds know two categories, one of them under a former name too."""
    return new_feed(tmp_path)


@pytest.fixture
def real_data() -> Path:
    """The folder of real posts; the test is skipped where there is none."""
    folder = Path(os.environ.get("HIRING_PULSE_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real posts: set HIRING_PULSE_REAL_DATA to their folder (looked in {folder})")
    return folder


@pytest.fixture
def load_real(real_data: Path, tmp_path: Path) -> Callable[..., tuple[Workspace, IngestResult]]:
    """Loads a shipped mapping's real files, or spoiled copies of them in `folder`, into a workspace of its own."""

    def load(name: str, folder: Path | None = None) -> tuple[Workspace, IngestResult]:
        workspace = Workspace(tmp_path / name)
        data = folder or real_data / name.replace("_", "-")
        result = ingest(
            workspace,
            load_mapping(name),
            data,
            now=datetime(2026, 1, 1),
            progress=lambda message: None,
            memory_limit="500MB",
        )
        return workspace, result

    return load
