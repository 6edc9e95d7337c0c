"""Where the real posts lie."""

import os
from pathlib import Path

import pytest

from dagster_project.storage.workspace import REPOSITORY


@pytest.fixture(scope="session")
def real_posts() -> Path:
    """The folder of real posts; tests are skipped where there is none."""
    folder = Path(os.environ.get("HIRING_PULSE_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real posts: set HIRING_PULSE_REAL_DATA to their folder (looked in {folder})")
    return folder
