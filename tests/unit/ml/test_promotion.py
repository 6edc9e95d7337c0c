"""A challenger takes over only when it is no worse on posts held out; the card says how that was found."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ml.cards.model_card import ModelCard
from ml.features.keywords import load_terms
from ml.labels.labelled_posts import load_labels
from ml.scores import RULE
from ml.training import artifact, champion
from ml.training.artifact import StoredModel
from ml.training.promote import chain_probabilities, contest, promote
from ml.training.train import train_champion
from ml.training.training_set import texts_of

SEED = 7


@pytest.fixture(scope="module")
def models(trained_models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the trained models that these tests may change."""
    return Path(shutil.copytree(trained_models, tmp_path_factory.mktemp("promotion") / "models"))


@pytest.fixture(scope="module")
def refused(labels: pd.DataFrame, models: Path) -> ModelCard:
    """A challenger trained on shuffled labels, after it was compared with the champion."""
    shuffled = np.random.default_rng(3).permutation(labels["rpa"].to_numpy())
    noise = labels.assign(rpa=labels["rpa"].where(labels["is_held_out"], shuffled))
    return train_champion("rpa", noise, models, seed=SEED)


def test_a_challenger_trained_on_shuffled_labels_is_refused(
    labels: pd.DataFrame, model: StoredModel, models: Path, refused: ModelCard
) -> None:
    assert not refused.is_champion and f"refused against {model.card.model_version}" in refused.promotion
    assert champion.champion_version(models, "rpa") == model.card.model_version
    decision = refused.decision
    assert decision["rule"] == RULE and decision["posts"] == int(labels["is_held_out"].sum())
    assert decision["challenger"]["f1"] < decision["champion"]["f1"]
    assert decision["f1_difference"]["high"] < 0


def test_the_outcome_is_in_every_file_of_the_stored_card(models: Path, refused: ModelCard) -> None:
    directory = models / "rpa" / refused.model_version
    assert artifact.read_card(directory) == refused
    for page in ("model_card.html", "model_card.md"):
        assert refused.promotion in (directory / page).read_text()


def test_a_better_challenger_replaces_a_worse_champion(
    labels: pd.DataFrame, model: StoredModel, models: Path, refused: ModelCard, tmp_path: Path
) -> None:
    own = Path(shutil.copytree(models, tmp_path / "models"))
    champion.set_champion(own, refused, "to be replaced")
    card = promote(model.card, labels[labels["is_held_out"]], own, load_terms()["rpa"])
    assert card.is_champion and card.decision["champion_version"] == refused.model_version
    assert champion.champion_version(own, "rpa") == model.card.model_version


def test_a_challenger_that_is_right_on_a_feed_and_wrong_on_hard_cases_takes_over(model: StoredModel) -> None:
    """Of AI, whose probabilities are calibrated on what a feed holds."""
    terms, labels = load_terms()["ai"], load_labels()
    held_out = labels[labels["is_held_out"]]
    is_feed = held_out["stratum"].str.startswith("feed ").to_numpy()
    texts, truth = texts_of(held_out, "full")["text"], held_out["ai"].to_numpy()

    class Knows:
        """Right where it knows the posts, wrong elsewhere."""

        def __init__(self, known: np.ndarray) -> None:
            self.said = dict(zip(texts, np.where(known, truth, 1 - truth), strict=True))

        def predict_proba(self, posts: pd.DataFrame) -> np.ndarray:
            positive = posts["text"].map(self.said).to_numpy(dtype=float)
            return np.column_stack([1 - positive, positive])

    card = replace(model.card, technology="ai", text_setting="full", threshold=0.5)
    of_feeds, of_hard_cases = (StoredModel(Knows(known), card, model.directory) for known in (is_feed, ~is_feed))
    decided = contest(of_feeds, of_hard_cases, held_out, terms)
    assert decided.is_champion and decided.decision["challenger"] == {"f1": 1.0, "brier": 0.0}
    assert not contest(of_hard_cases, of_feeds, held_out, terms).is_champion


def test_a_post_that_is_no_candidate_has_probability_zero_whatever_a_model_says(labels: pd.DataFrame) -> None:
    class Sure:
        def predict_proba(self, posts: pd.DataFrame) -> np.ndarray:
            return np.tile([0.1, 0.9], (len(posts), 1))

    posts = labels.head(2).assign(title=["UiPath robot", "Logo"], description="", skills=[[], []])
    assert chain_probabilities(Sure(), posts, "full", load_terms()["rpa"]).tolist() == [0.9, 0.0]


def test_both_models_are_scored_as_the_card_says(labels: pd.DataFrame, model: StoredModel) -> None:
    frozen = labels[labels["is_frozen"]].sort_values("post_id")
    probability = chain_probabilities(model.pipeline, frozen, model.card.text_setting, load_terms()["rpa"])
    stored = json.loads((model.directory / "model_card.json").read_text())
    brier = float(np.mean((probability - frozen["rpa"].to_numpy()) ** 2))
    assert stored["scores"]["model"]["brier"] == pytest.approx(brier, abs=1e-4)
    assert stored["scores"]["model"]["n"] == len(frozen)
