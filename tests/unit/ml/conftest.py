"""A small labelled set of the project's own posts, read once, and one trained model that the tests of this
folder share."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from ml.labels.labelled_posts import load_labels
from ml.training import artifact, recipes
from ml.training.train import train_champion


@pytest.fixture(scope="session", autouse=True)
def few_trees() -> Iterator[None]:
    """Small forests: the tests ask how training behaves, not how well a model does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recipes, "TREES", 20)
        yield


@pytest.fixture(scope="session")
def labels() -> pd.DataFrame:
    """At most 300 labelled posts, the rarer classes kept: enough to learn from, quick to train on."""
    everything = load_labels()
    positives = everything[everything["rpa"].eq(1)].head(80)
    return pd.concat([positives, everything[everything["rpa"].eq(0)].head(220)], ignore_index=True)


@pytest.fixture(scope="session")
def trained_models(labels: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models directory with a trained rpa champion; tests that spoil it work on a copy."""
    models = tmp_path_factory.mktemp("models")
    train_champion("rpa", labels, models, seed=7)
    return models


@pytest.fixture(scope="session")
def model(trained_models: Path) -> artifact.StoredModel:
    return artifact.load_champion(trained_models, "rpa")
