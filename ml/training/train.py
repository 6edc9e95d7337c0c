"""Train one technology's classifier: a contest on the training split, scores on the frozen evaluation posts,
promotion of the better model."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from ml import semantic
from ml.cards.model_card import ModelCard
from ml.features.keywords import TECHNOLOGIES, TechnologyTerms, load_terms
from ml.features.post_texts import DEFAULT_SETTING, TextSetting
from ml.features.terms import keyword_groups
from ml.labels.labelled_posts import data_hash, label_counts
from ml.training import artifact
from ml.training.contest import FOLDS, Terms, fit_classifier, out_of_fold, results, scored, writers_of
from ml.training.promote import frozen_scores, promote
from ml.training.recipes import VOTES_ONLY, Array, PlattScaled, feature_transformer, platt, recipes
from ml.training.training_set import candidates_of, feed_weights, texts_of, training_set


def train_champion(
    technology: str,
    labels: pd.DataFrame,
    models_dir: Path,
    seed: int,
    *,
    text_setting: TextSetting = DEFAULT_SETTING,
) -> ModelCard:
    """Train, store and, if it is no worse than the model in use, promote a classifier.

    labels: the frame of `load_labels`. Writes `<models_dir>/<technology>/<model_version>/`: model, card, and
    the card as pages; `champion.json` only where `promote` lets the new model take over. The returned card says so
    in `is_champion`, `promotion`, `decision`. Raises ValueError for an unknown technology or too few labelled posts of
    a class.
    """
    _check_labels(technology, labels)
    terms, labels = load_terms(), labels.sort_values("post_id", ignore_index=True)
    train, frozen = labels[~labels["is_held_out"]], labels[labels["is_frozen"]]
    probability, weight = out_of_fold(technology, train, seed, text_setting=text_setting, terms=terms)
    truth = train[technology].to_numpy()
    contest = results(truth, probability, weight, feed_weights(train, terms[technology]))
    winner = base_recipe(contest)
    threshold, calibration = contest[winner]["threshold"], contest[winner]["calibration"]
    pipeline: Any = fit_recipe(winner, technology, train, seed, calibration, text_setting=text_setting, terms=terms)
    if semantic.is_wanted(technology):
        said = platt(probability[winner], **calibration)
        reading = _reading(said, train, weight, text_setting, terms[technology])
        contest[semantic.RECIPE] = _second_result(said, reading, truth, weight, seed)
        if contest[semantic.RECIPE]["log_loss"] < scored(truth, said, weight)["log_loss"]:
            winner = semantic.RECIPE
            pipeline = semantic.second_reader(pipeline, reading, terms[technology])
    card = ModelCard(
        technology=technology,
        recipe=winner,
        text_setting=text_setting,
        threshold=threshold,
        seed=seed,
        data_hash=data_hash(labels),
        frozen_hash=data_hash(frozen),
        terms_hash=terms_hash(terms),
        labels=label_counts(labels, technology),
        scores=frozen_scores(pipeline, frozen, text_setting, threshold, terms[technology]),
        contest=contest,
        trained_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    _, stored = artifact.save(pipeline, card, models_dir)
    return promote(stored, labels[labels["is_held_out"]], models_dir, terms[technology])


def base_recipe(contest: dict[str, dict[str, Any]]) -> str:
    """The recipe of the lowest log loss that may be used alone; of a second reader that of the model whose doubts it
    reads."""
    alone = [name for name in contest if name not in (semantic.RECIPE, *VOTES_ONLY)]
    return min(alone, key=lambda name: contest[name]["log_loss"])


def _reading(
    said: Array, train: pd.DataFrame, weight: Array, setting: TextSetting, terms: TechnologyTerms
) -> semantic.Reading:
    """Of the candidates among the training posts; said: the fast model's calibrated probabilities of all, by models
    that have not seen the writers."""
    rows = np.flatnonzero(candidates_of(train, terms))
    near = train["stratum"].eq(f"feed near {terms.technology}").to_numpy()
    counted = np.where(near, np.minimum(weight, semantic.NEAR_WEIGHT), weight)
    vectors = semantic.text_vectors(texts_of(train, setting)["text"].iloc[rows], *semantic.patterns(terms))
    truth, writer = train[terms.technology].to_numpy(), writers_of(train)
    return semantic.Reading(rows, semantic.log_odds(said[rows]), vectors, truth[rows], counted[rows], writer[rows])


def _second_result(said: Array, reading: semantic.Reading, truth: Array, weight: Array, seed: int) -> dict[str, Any]:
    probability = said.copy()
    probability[reading.rows] = semantic.cross_validated(reading, FOLDS, seed)
    calibration = {"slope": 1.0, "intercept": 0.0}
    return {"is_reference": False, "calibration": calibration, **scored(truth, probability, weight)}


def fit_recipe(
    name: str,
    technology: str,
    train: pd.DataFrame,
    seed: int,
    calibration: dict[str, float],
    *,
    text_setting: TextSetting,
    terms: Terms,
) -> Pipeline:
    """A recipe fitted and calibrated, ready to be stored: from the frame of `post_texts` to probabilities."""
    recipe = recipes(seed)[name]
    features = feature_transformer(recipe.feature_set, technology, keyword_groups(terms))
    training = training_set(train, terms[technology], text_setting)
    matrix = features.fit_transform(training.posts, training.truth)
    classifier = fit_classifier(recipe.classifier, matrix, training)
    return Pipeline([("features", features), ("classifier", PlattScaled(classifier, **calibration))])


def terms_hash(terms: Terms) -> str:
    """First 16 hex digits of the sha256 over the vocabulary of all technologies."""
    return hashlib.sha256(json.dumps(keyword_groups(terms), sort_keys=True).encode()).hexdigest()[:16]


def _check_labels(technology: str, labels: pd.DataFrame) -> None:
    if technology not in TECHNOLOGIES:
        raise ValueError(f"technology {technology!r} is none of {', '.join(TECHNOLOGIES)}")
    train = labels[~labels["is_held_out"]]
    rarest = min(int(train[technology].eq(value).sum()) for value in (0, 1))
    if rarest < FOLDS:
        raise ValueError(
            f"{technology}: {rarest} training posts in the rarer class, {FOLDS} are the least; "
            "label more posts in ml/labels/posts/"
        )
    if not labels["is_frozen"].any():
        raise ValueError(
            f"{technology}: none of the {len(labels)} posts is in the frozen evaluation set; add its posts"
        )
