"""Fixtures that folders share: trained models, a workspace built once a session, copies of it for tests to change."""

from pathlib import Path

import pandas as pd
import pytest

from ml.features.keywords import TECHNOLOGIES
from ml.labels.labelled_posts import load_labels
from ml.training import recipes
from ml.training.train import train_champion
from tests.support.job_runs import Place, new_place
from tests.support.written_feed import REPORT_MONTH

TREES, POSITIVES, NEGATIVES = 10, 60, 120


@pytest.fixture(scope="session")
def champions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small champion of each technology: the chain asks that they exist, not how good they are."""
    models = tmp_path_factory.mktemp("champions")
    labels = load_labels()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recipes, "TREES", TREES)
        for technology in TECHNOLOGIES:
            train_champion(technology, _few_labels(labels, technology), models, seed=7)
    return models


def _few_labels(labels: pd.DataFrame, technology: str) -> pd.DataFrame:
    positives = labels[labels[technology].eq(1)].head(POSITIVES)
    negatives = labels[labels[technology].eq(0)].head(NEGATIVES)
    return pd.concat([positives, negatives], ignore_index=True)


@pytest.fixture(scope="session")
def built(champions: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The written feed after one whole run of the main job; read-only by agreement, see `place`."""
    place = new_place(tmp_path_factory.mktemp("built"), champions)
    run = place.run(REPORT_MONTH)
    assert run.succeeded, run.failures
    return place


@pytest.fixture
def place(built: Place, tmp_path: Path) -> Place:
    """A copy of the built workspace that the test may change."""
    return built.copy_to(tmp_path)


@pytest.fixture
def fresh_place(champions: Path, tmp_path: Path) -> Place:
    """The written feed with models and nothing else in its workspace."""
    return new_place(tmp_path, champions)
