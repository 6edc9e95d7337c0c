import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ml.features.keywords import load_terms
from ml.labels.labelled_posts import label_counts
from ml.training import artifact, self_training
from ml.training.self_training import with_sure_posts
from ml.training.train import train_champion
from ml.training.training_set import SURE_STRATUM, SURE_WEIGHT, feed_weights, weights_of

FEED = pd.DataFrame(
    {
        "post_id": ["x1", "x2", "x3"],
        "title": ["UiPath developer for invoice robots", "Selenium scraper for shop prices", "UiPath trainer"],
        "description": ["UiPath robots log in to SAP and key in invoices", "", ""],
        "skills": [["UiPath", "RPA"], ["Selenium"], ["UiPath"]],
    }
)


@pytest.fixture
def taught(labels: pd.DataFrame, model: artifact.StoredModel, monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    """The labels and the posts of FEED, of which the model is sure of the first two."""
    monkeypatch.setattr(self_training, "probabilities", lambda texts, _: np.array([0.99, 0.02, 0.6])[: len(texts)])
    return with_sure_posts(labels, FEED, model)


def test_posts_that_the_model_is_sure_of_are_labelled_by_its_verdict_and_others_are_not(
    labels: pd.DataFrame, taught: pd.DataFrame
) -> None:
    rows = taught.iloc[len(labels) :]
    assert rows["post_id"].tolist() == ["x1", "x2"] and rows["rpa"].tolist() == [1, 0]
    assert not rows["is_held_out"].any() and not rows["is_frozen"].any()
    assert label_counts(taught, "rpa")["sources"] == {SURE_STRATUM: 2, "shipped": len(labels)}


def test_a_verdict_teaches_less_than_a_label_and_calibrates_nothing(taught: pd.DataFrame) -> None:
    assert weights_of(taught, load_terms()["rpa"])[-2:].tolist() == [SURE_WEIGHT] * 2
    many = pd.concat([taught.assign(stratum="feed ai", ai=value, title="GPT bot") for value in (0, 1)])
    many = pd.concat([many, taught.tail(2)], ignore_index=True)
    assert feed_weights(many, load_terms()["ai"])[-2:].tolist() == [0.0, 0.0]


def test_a_post_that_readers_labelled_keeps_their_label(
    labels: pd.DataFrame, model: artifact.StoredModel, taught: pd.DataFrame
) -> None:
    known = pd.concat([labels, taught.tail(2).assign(rpa=[0, 1])], ignore_index=True)
    assert with_sure_posts(known, FEED.head(2), model)["rpa"].tolist() == known["rpa"].tolist()


def test_a_challenger_taught_by_the_feed_faces_the_gate(
    labels: pd.DataFrame, model: artifact.StoredModel, taught: pd.DataFrame, trained_models: Path, tmp_path: Path
) -> None:
    models = shutil.copytree(trained_models, tmp_path / "models")
    card = train_champion("rpa", taught, models, seed=7)
    assert card.labels["sources"][SURE_STRATUM] == 2
    assert card.decision["champion_version"] == model.card.model_version
