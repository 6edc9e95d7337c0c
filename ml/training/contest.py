"""The declared contest: every recipe cross-validated on the training split alone; of those that may be used alone the
lowest log loss wins."""

from typing import Any

import joblib
import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedGroupKFold

from ml.features.keywords import TechnologyTerms
from ml.features.post_texts import TextSetting
from ml.features.terms import keyword_groups
from ml.scores import evaluate
from ml.training.recipes import REFERENCE, feature_transformer, fit_platt, platt, recipes
from ml.training.training_set import TrainingSet, training_set

Array = npt.NDArray[Any]
Terms = dict[str, TechnologyTerms]
FOLDS = 3
THRESHOLD = 0.5  # the policy: a post is accepted when its calibrated probability says likelier than not


def results(
    truth: Array, probability: dict[str, Array], weight: Array, feed_weight: Array
) -> dict[str, dict[str, Any]]:
    """Cross-validated results by recipe, from the probabilities of `out_of_fold`.

    Each holds is_reference, calibration (slope, intercept: fitted on what a feed holds, by `feed_weights`), log_loss of
    the probabilities calibrated by `weight`, threshold, and the scores of `evaluate` on the calibrated probabilities.
    """
    return {name: _result(name, truth, values, weight, feed_weight) for name, values in probability.items()}


def out_of_fold(
    technology: str, train: pd.DataFrame, seed: int, *, text_setting: TextSetting, terms: Terms
) -> tuple[dict[str, Array], Array]:
    """By recipe each post's probability, not yet calibrated, by a model that has not seen its writer; and what each
    post counts. Titles alone (`ml.training.training_set`) of judged posts are in no fitted fold."""
    truth = train[technology].to_numpy()
    probability = {name: np.zeros(len(train)) for name in recipes(seed)}
    groups = keyword_groups(terms)
    everything = training_set(train, terms[technology], text_setting)
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    for fitted, judged in folds.split(truth, truth, writers_of(train)):
        question = everything.posts.iloc[judged]
        scores = _fold_scores(everything.of_rows(fitted), question, seed, groups, technology)
        for name, values in scores.items():
            probability[name][judged] = values
    return probability, everything.weight[: len(train)]


def writers_of(labels: pd.DataFrame) -> Array:
    """Who wrote each shipped post, the letter that its id begins with; a post from elsewhere stands for itself.

    A writer has a manner of his own, so only posts of others tell what a recipe makes of a new feed. Of fewer writers
    than folds each post stands for itself.
    """
    writer = labels["post_id"].str.extract(r"^([a-z])-\d", expand=False).fillna(labels["post_id"])
    return (writer if writer.nunique() >= FOLDS else labels["post_id"]).to_numpy()


def _fold_scores(
    training: TrainingSet, question: pd.DataFrame, seed: int, groups: dict[str, list[str]], technology: str
) -> dict[str, Array]:
    """Probabilities of the judged posts by recipe; recipes share features, because vectorising is the dear
    part."""
    contestants = recipes(seed)
    matrices = {}
    for feature_set in {recipe.feature_set for recipe in contestants.values()}:
        transformer = feature_transformer(feature_set, technology, groups)
        matrix = transformer.fit_transform(training.posts, training.truth)
        matrices[feature_set] = (matrix, transformer.transform(question))
    scores: dict[str, Array] = {}
    for name, recipe in contestants.items():
        if recipe.members:  # already fitted on this fold as contestants of their own
            said, weights = [scores[member] for member in recipe.members], [*recipe.members.values()]
            scores[name] = np.average(said, axis=0, weights=weights)
            continue
        matrix, judged_matrix = matrices[recipe.feature_set]
        fit_classifier(recipe.classifier, matrix, training)
        scores[name] = recipe.classifier.predict_proba(judged_matrix)[:, 1]
    return scores


def fit_classifier(classifier: Any, matrix: Any, training: TrainingSet) -> Any:
    """Fit on all cores; only fitting, because threads that add up predictions do so in any order."""
    with joblib.parallel_config(backend="threading", n_jobs=-1):
        return classifier.fit(matrix, training.truth, sample_weight=training.weight)


def _result(name: str, truth: Array, probability: Array, weight: Array, feed_weight: Array) -> dict[str, Any]:
    """Recipes are compared on all posts, because hard cases tell them apart; what a verdict is likely worth in a feed
    only posts like a feed's can say."""
    compared = scored(truth, platt(probability, *fit_platt(truth, probability, weight)), weight)
    slope, intercept = fit_platt(truth, probability, feed_weight)
    calibrated = evaluate(truth, platt(probability, slope, intercept), THRESHOLD)
    calibration = {"slope": slope, "intercept": intercept}
    return {"is_reference": name == REFERENCE, "calibration": calibration, **compared, **calibrated}


def scored(truth: Array, calibrated: Array, weight: Array) -> dict[str, Any]:
    """Weighted log loss, threshold and the scores of `evaluate`."""
    return {
        "log_loss": round(float(log_loss(truth, calibrated, labels=[0, 1], sample_weight=weight)), 4),
        "threshold": THRESHOLD,
        **evaluate(truth, calibrated, THRESHOLD),
    }
