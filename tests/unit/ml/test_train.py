import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from ml.classify import probabilities
from ml.features.keywords import load_terms
from ml.labels.labelled_posts import label_counts
from ml.training import artifact, training_set
from ml.training.contest import out_of_fold, results, writers_of
from ml.training.recipes import REFERENCE, MostTelling, PlattScaled, recipes
from ml.training.train import base_recipe, train_champion
from ml.training.training_set import (
    NEAR_SHARE,
    RARE_WEIGHT,
    SURE_STRATUM,
    SURE_WEIGHT,
    feed_weights,
    texts_of,
    weights_of,
    with_sure_posts,
)

FEED = pd.DataFrame(
    {
        "post_id": ["x1", "x2", "x3"],
        "title": ["UiPath developer for invoice robots", "Selenium scraper for shop prices", "UiPath trainer"],
        "description": ["UiPath robots log in to SAP and key in invoices", "", ""],
        "skills": [["UiPath", "RPA"], ["Selenium"], ["UiPath"]],
    }
)


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
    assert model.card.labels["frozen"] == int(labels["is_frozen"].sum()) > 0


def test_shuffled_labels_score_at_chance(labels: pd.DataFrame) -> None:
    rng = np.random.default_rng(3)
    shuffled = labels.assign(rpa=rng.permutation(labels["rpa"].to_numpy()), unsure_rpa=0)
    probability, weight = out_of_fold("rpa", shuffled, 7, text_setting="full", terms=load_terms())
    contest = results(shuffled["rpa"].to_numpy(), probability, weight, weight)
    positives = shuffled["rpa"].sum()
    half_width = 1.96 * np.sqrt((len(shuffled) + 1) / (12 * positives * (len(shuffled) - positives)))  # Mann-Whitney
    assert all(abs(scores["auroc"] - 0.5) < half_width for scores in contest.values())


def test_posts_of_one_writer_are_judged_by_models_of_others_and_posts_from_elsewhere_stand_alone() -> None:
    ids = pd.DataFrame({"post_id": ["a-001", "a-002", "b-001", "021111", "x9"]})
    assert writers_of(ids.head(2)).tolist() == ["a-001", "a-002"], "of one writer no fold could be made"
    assert writers_of(ids).tolist() == ["a", "a", "b", "021111", "x9"]


def test_too_few_labels_of_a_class_are_refused_with_what_to_do(labels: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="label more posts"):
        train_champion("rpa", labels.assign(rpa=0), tmp_path, seed=7)
    with pytest.raises(ValueError, match="none of ai, cloud, rpa"):
        train_champion("blockchain", labels, tmp_path, seed=7)


def test_a_post_whose_title_names_the_technology_teaches_by_its_title_too(labels: pd.DataFrame) -> None:
    one = labels.head(1).assign(title="UiPath developer", description="Robots for invoices", rpa=1, unsure_rpa=0)
    training = training_set.training_set(one, load_terms()["rpa"], "full")
    assert training.posts["text"].tolist()[-1] == "UiPath developer"
    assert training.truth.tolist() == [1, 1]


def test_a_written_hard_negative_counts_less_than_the_posts_a_feed_is_full_of(labels: pd.DataFrame) -> None:
    pair = labels.head(2).assign(title="Not a UiPath job", stratum=["rpa hard negative", "ordinary"], unsure_rpa=0)
    assert weights_of(pair.assign(rpa=0), load_terms()["rpa"]).tolist() == [RARE_WEIGHT, 1.0]


def test_a_true_post_that_names_the_technology_nowhere_counts_less_than_one_that_does(labels: pd.DataFrame) -> None:
    texts = ["Forecast demand by branch from five years of sales", "Train a neural network on five years of sales"]
    pair = labels.head(2).assign(title="Sales", description=texts, skills=[[], []], stratum="x")
    pair = pair.assign(ai=1, rpa=1, unsure_ai=0, unsure_rpa=0)
    assert weights_of(pair, load_terms()["ai"]).tolist() == [RARE_WEIGHT, 1.0]
    assert weights_of(pair, load_terms()["rpa"]).tolist() == [1.0, 1.0]


def test_ai_is_calibrated_on_what_a_feed_holds_and_on_all_posts_where_few_are_like_a_feed(labels: pd.DataFrame) -> None:
    terms, posts = load_terms()["ai"], pd.concat([labels.head(100)] * 2, ignore_index=True)
    posts = posts.assign(title="Chatbot with GPT", ai=[1, 0] * 100, unsure_ai=0, stratum="feed ai")
    posts.loc[0:9, "stratum"], posts.loc[10, "title"] = "ai hard negative", "Logo"
    posts.loc[11:19, "stratum"] = "feed near ai"
    posts.loc[10, ["description"]], posts.at[10, "skills"] = "", []
    assert feed_weights(posts, terms).tolist() == [0.0] * 11 + [NEAR_SHARE["ai"]] * 9 + [1.0] * 180
    few = posts.head(40)
    assert feed_weights(few, terms).tolist() == weights_of(few, terms).tolist()


@pytest.fixture
def taught(labels: pd.DataFrame, model: artifact.StoredModel, monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    """The labels and the posts of FEED, of which the model is sure of the first two."""
    monkeypatch.setattr(training_set, "probabilities", lambda texts, _: np.array([0.99, 0.02, 0.6])[: len(texts)])
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


def test_a_classifier_of_the_most_telling_columns_reads_no_other() -> None:
    truth = np.array([0, 1] * 20)
    telling, noise = csr_matrix(np.column_stack([truth, 1 - truth])), csr_matrix(np.ones((40, 3)))
    model = MostTelling(LogisticRegression(), k=2).fit(hstack([noise, telling]).tocsr(), truth)
    assert model.classifier.n_features_in_ == 2
    assert (model.predict_proba(hstack([noise, telling]).tocsr()) == model.classifier.predict_proba(telling)).all()


def test_three_votes_are_the_weighted_mean_of_the_members_in_the_contest_and_when_stored(
    labels: pd.DataFrame,
) -> None:
    train = labels[~labels["is_held_out"]].reset_index(drop=True)
    said, _ = out_of_fold("rpa", train, 7, text_setting="full", terms=load_terms())
    weights = recipes(7)["three_votes"].members
    by_hand = sum(weights[name] * said[name] for name in weights) / sum(weights.values())
    assert said["three_votes"] == pytest.approx(by_hand)

    matrix = csr_matrix(np.random.default_rng(7).random((60, 30)))
    vote = recipes(7)["three_votes"].classifier.fit(matrix, np.array([0, 1] * 30))
    said_each = [member.predict_proba(matrix) for member in vote.estimators_]
    by_hand = sum(weight * each for weight, each in zip(weights.values(), said_each, strict=True))
    assert PlattScaled(vote, 1.0, 0.0).predict_proba(matrix)[:, 1] == pytest.approx(
        by_hand[:, 1] / sum(weights.values())
    )


def test_a_recipe_that_only_votes_is_never_used_alone() -> None:
    contest = {"all_ngrams_logistic": {"log_loss": 0.1}, "three_votes": {"log_loss": 0.2}, REFERENCE: {"log_loss": 0.3}}
    assert base_recipe(contest) == "three_votes"
