import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ml import artifact
from ml.classify import probabilities
from ml.contest import run_contest
from ml.keywords import load_terms
from ml.recipes import REFERENCE
from ml.train import train_champion
from ml.training_set import HARD_NEGATIVE_WEIGHT, texts_of, training_set, weights_of


def test_the_first_model_becomes_champion_and_its_card_tells_where_it_comes_from(
    trained_models: Path,
) -> None:
    card = artifact.load_champion(trained_models, "rpa").card
    stored = json.loads((trained_models / "rpa" / card.model_version / "model_card.json").read_text())
    assert stored["model_version"] == card.model_version
    assert {"data_hash", "terms_hash", "seed", "libraries", "scores", "threshold", "contest"} <= set(stored)
    assert REFERENCE in card.contest


def test_training_twice_with_one_seed_gives_the_same_version_and_probabilities(
    labels: pd.DataFrame, model: artifact.StoredModel, tmp_path: Path
) -> None:
    again = train_champion("rpa", labels.sample(frac=1, random_state=1), tmp_path, seed=7)
    assert again.model_version == model.card.model_version
    posts = texts_of(labels, "full")
    other = artifact.load_champion(tmp_path, "rpa")
    assert (probabilities(posts, model) == probabilities(posts, other)).all()


def test_the_held_out_posts_teach_nothing(labels: pd.DataFrame, model: artifact.StoredModel) -> None:
    assert model.card.labels["train"] == int((~labels["is_held_out"]).sum())


def test_shuffled_labels_score_at_chance(labels: pd.DataFrame) -> None:
    rng = np.random.default_rng(3)
    shuffled = labels.assign(rpa=rng.permutation(labels["rpa"].to_numpy()), unsure_rpa=0)
    contest = run_contest("rpa", shuffled, 7, text_setting="full", terms=load_terms())
    assert all(0.35 < scores["auroc"] < 0.65 for scores in contest.values())


def test_a_worse_challenger_leaves_the_champion_in_place(
    labels: pd.DataFrame, model: artifact.StoredModel, trained_models: Path
) -> None:
    rng = np.random.default_rng(3)
    noise = labels["rpa"].where(labels["is_held_out"], rng.permutation(labels["rpa"].to_numpy()))
    card = train_champion("rpa", labels.assign(rpa=noise), trained_models, seed=7)
    assert not card.is_champion and model.card.model_version in card.promotion
    assert artifact.champion_version(trained_models, "rpa") == model.card.model_version


def test_too_few_labels_of_a_class_are_refused_with_what_to_do(labels: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="label more posts"):
        train_champion("rpa", labels.assign(rpa=0), tmp_path, seed=7)
    with pytest.raises(ValueError, match="none of ai, cloud, rpa"):
        train_champion("blockchain", labels, tmp_path, seed=7)


def test_a_post_whose_title_names_the_technology_teaches_by_its_title_too(labels: pd.DataFrame) -> None:
    one = labels.head(1).assign(title="UiPath developer", description="Robots for invoices", rpa=1, unsure_rpa=0)
    lesson = training_set(one, load_terms()["rpa"], "full")
    assert lesson.posts["text"].tolist()[-1] == "UiPath developer"
    assert lesson.truth.tolist() == [1, 1]


def test_a_written_hard_negative_counts_less_than_the_posts_a_feed_is_full_of(labels: pd.DataFrame) -> None:
    pair = labels.head(2).assign(title="Not a UiPath job", stratum=["rpa hard negative", "ordinary"], unsure_rpa=0)
    assert weights_of(pair, load_terms()["rpa"]).tolist() == [HARD_NEGATIVE_WEIGHT, 1.0]
