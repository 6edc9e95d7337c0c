"""Small champions, trained in seconds: the chain asks that they exist, not how good they are."""

from pathlib import Path
from unittest.mock import patch

import pandas as pd

from ml.features.keywords import TECHNOLOGIES
from ml.labels.labelled_posts import load_labels
from ml.training import recipes
from ml.training.train import train_champion

TREES, POSITIVES, NEGATIVES = 10, 60, 120


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
