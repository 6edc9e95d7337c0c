"""Small champions, trained in seconds: the chain asks that they exist, not how good they are."""

from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pandas as pd

from ml.features.keywords import TECHNOLOGIES
from ml.labels.labelled_posts import load_labels
from ml.training import contest, recipes
from ml.training.train import train_champion

if TYPE_CHECKING:  # an earlier version trains by this module too, in an environment without tests' packages
    import pytest

TREES, POSITIVES, NEGATIVES = 10, 60, 120
SOONEST = (recipes.REFERENCE, "keyword_boosting")
"""The recipes that train soonest."""


def hold_a_short_contest(monkeypatch: "pytest.MonkeyPatch") -> None:
    """Train few trees of few recipes: for tests of who takes over and where, whatever recipe a model is of."""
    monkeypatch.setattr(recipes, "TREES", TREES)
    contestants = {name: recipe for name, recipe in recipes.recipes(7).items() if name in SOONEST}
    monkeypatch.setattr(contest, "recipes", lambda seed: contestants)


def train_champions(models: Path) -> None:
    """One of each technology below `models`."""
    labels = load_labels()
    with patch.object(recipes, "TREES", TREES):
        for technology in TECHNOLOGIES:
            train_champion(technology, _few_labels(labels, technology), models, seed=7)


def _few_labels(labels: pd.DataFrame, technology: str) -> pd.DataFrame:
    positives = labels[labels[technology].eq(1)].head(POSITIVES)
    negatives = labels[labels[technology].eq(0)].head(NEGATIVES)
    return pd.concat([positives, negatives], ignore_index=True)
