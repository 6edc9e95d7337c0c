"""The contestants: each recipe is a feature set over the frame of `post_texts` and a calibrated classifier."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    RandomForestClassifier,
    VotingClassifier,
)
from sklearn.feature_selection import SelectKBest, chi2
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline

from ml.features.terms import TermHits
from ml.features.transformers import CombinedNGrams, HitContexts, HitCues, KeywordHits, NGrams

Array = npt.NDArray[Any]
_EDGE = 1e-4  # a forest says 0 and 1 outright, whose logits are infinite


def fit_platt(truth: Array, probability: Array, weight: Array | None = None) -> tuple[float, float]:
    """(slope, intercept) on the logit scale, fitted on cross-validated probabilities; the slope is never
    negative.

    Classes that scores do not tell apart give slope 0: every post then has the base rate.
    """
    curve = LogisticRegression(C=1e3).fit(_logit(probability)[:, None], truth, sample_weight=weight)
    slope, intercept = float(curve.coef_[0, 0]), float(curve.intercept_[0])
    if slope < 0:
        base_rate = float(np.average(truth, weights=weight))
        return 0.0, float(np.log(base_rate / (1.0 - base_rate)))
    return round(slope, 6), round(intercept, 6)


def platt(probability: Array, slope: float, intercept: float) -> Array:
    """Calibrated probabilities."""
    return 1.0 / (1.0 + np.exp(-(slope * _logit(probability) + intercept)))


class PlattScaled(ClassifierMixin, BaseEstimator):
    """A fitted classifier whose probabilities are calibrated with given slope and intercept."""

    def __init__(self, classifier: Any, slope: float, intercept: float) -> None:
        self.classifier = classifier
        self.slope = slope
        self.intercept = intercept

    def fit(self, features: Any, truth: Array) -> "PlattScaled":
        """Nothing to learn: the classifier is fitted already and the curve comes from cross-validation."""
        return self

    @property
    def classes_(self) -> Array:
        return self.classifier.classes_

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def predict_proba(self, features: Any) -> Array:
        """Shape (posts, 2): probability of 0 and of 1."""
        positive = platt(_positive(self.classifier, features), self.slope, self.intercept)
        return np.column_stack([1.0 - positive, positive])

    def predict(self, features: Any) -> Array:
        return (self.predict_proba(features)[:, 1] >= 0.5).astype(int)


class MostTelling(ClassifierMixin, BaseEstimator):
    """A classifier that reads the k most telling columns alone, by chi2; features may not be negative.

    scikit-learn's Pipeline of the two takes weights of posts under another name than the vote hands them on.
    """

    def __init__(self, classifier: Any, k: int) -> None:
        self.classifier = classifier
        self.k = k

    def fit(self, features: Any, truth: Array, sample_weight: Array | None = None) -> "MostTelling":
        self.columns_ = SelectKBest(chi2, k=min(self.k, features.shape[1])).fit(features, truth)
        self.classifier.fit(self.columns_.transform(features), truth, sample_weight=sample_weight)
        return self

    @property
    def classes_(self) -> Array:
        return self.classifier.classes_

    def predict_proba(self, features: Any) -> Array:
        """Shape (posts, 2): probability of 0 and of 1."""
        return self.classifier.predict_proba(self.columns_.transform(features))


def _positive(classifier: Any, features: Any) -> Array:
    """What `predict_proba` gives for the class 1, without what it does anew for each of a hundred trees."""
    if isinstance(classifier, VotingClassifier):
        said = [_positive(member, features) for member in classifier.estimators_]
        return np.average(said, axis=0, weights=classifier.weights)
    if isinstance(classifier, MostTelling):
        return _positive(classifier.classifier, classifier.columns_.transform(features))
    if not isinstance(classifier, RandomForestClassifier | ExtraTreesClassifier):
        return classifier.predict_proba(features)[:, 1]
    read = features.astype(np.float32)
    probability = np.zeros(features.shape[0])
    for tree in classifier.estimators_:
        probability += tree.tree_.predict(read)[:, 1]
    return probability / len(classifier.estimators_)


def _logit(probability: Array) -> Array:
    clipped = np.clip(probability, _EDGE, 1.0 - _EDGE)
    return np.log(clipped / (1.0 - clipped))


FeatureSet = Literal["words", "keywords", "keywords_and_ngrams"]
REFERENCE = "tfidf_forest"
TREES = 100
_TELLING = 1_650  # columns: trees drown in tens of thousands of rare n-grams
VOTES_ONLY = ("all_ngrams_logistic",)
"""Never used alone: best by far on written posts, worst on the worse of two real feeds, because it learns how those who
write for us write. As one vote of three, which counts three quarters, it helps on both kinds."""


@dataclass(frozen=True)
class Recipe:
    """One contestant: which features it reads, its classifier, and for a vote what each contestant counts in its
    mean."""

    feature_set: FeatureSet
    classifier: Any
    members: dict[str, float] = field(default_factory=dict)


def recipes(seed: int) -> dict[str, Recipe]:
    """All contestants by name, untrained; `tfidf_forest` is the published one: TF-IDF of words + Random
    Forest."""
    strict, loose, forest = _logistic(seed, 0.3), _logistic(seed, 10.0), _forest(seed)
    ensemble = MostTelling(_vote([strict, forest], [1.0, 1.0]), _TELLING)
    contestants = {
        REFERENCE: Recipe("words", RandomForestClassifier(TREES, random_state=seed)),
        "keyword_boosting": Recipe("keywords", _boosting(seed)),
        "ngram_logistic": Recipe("keywords_and_ngrams", MostTelling(strict, _TELLING)),
        "ngram_forest": Recipe("keywords_and_ngrams", MostTelling(forest, _TELLING)),
        "all_ngrams_logistic": Recipe("keywords_and_ngrams", loose),
        "ngram_ensemble": Recipe("keywords_and_ngrams", ensemble, {"ngram_logistic": 1.0, "ngram_forest": 1.0}),
    }
    counted = {"ngram_ensemble": 2.0, "all_ngrams_logistic": 0.75}
    three_votes = _vote([ensemble, loose], [*counted.values()])
    return contestants | {"three_votes": Recipe("keywords_and_ngrams", three_votes, counted)}


def feature_transformer(feature_set: FeatureSet, technology: str, groups: dict[str, list[str]]) -> Pipeline:
    """The untrained features of a technology; groups as `ml.features.terms.keyword_groups` makes them."""
    if feature_set == "words":
        words = NGrams(max_features=20_000, sublinear_tf=True)
        return Pipeline([("terms", TermHits({})), ("ngrams", CombinedNGrams([("text_words", "text", words, 1.0)]))])
    parts: list[tuple[str, Any]] = [("hits", KeywordHits(groups)), ("cues", HitCues(groups, technology))]
    if feature_set == "keywords_and_ngrams":
        parts.append(("ngrams", _all_ngrams(technology, groups)))
    return Pipeline([("terms", TermHits(groups)), ("columns", FeatureUnion(parts))])


def _all_ngrams(technology: str, groups: dict[str, list[str]]) -> CombinedNGrams:
    """Keyword hits carry over to other people's posts; the words of title, text and hit contexts tell what
    a hit means."""
    contexts = HitContexts(groups, f"{technology}:")
    parts: list[tuple[str, Any, NGrams, float]] = [
        ("contexts", contexts, _ngrams(ngram_range=(1, 2)), 0.7),
        ("title_words", "title", _ngrams(ngram_range=(1, 2)), 0.7),
        ("title_characters", "title", _ngrams(analyzer="char_wb", ngram_range=(3, 3)), 0.5),
        ("text_words", "text", _ngrams(ngram_range=(1, 2)), 0.7),
    ]
    return CombinedNGrams(parts)


def _ngrams(**settings: Any) -> NGrams:
    return NGrams(min_df=2, sublinear_tf=True, max_features=10_000, **settings)


def _logistic(seed: int, inverse_penalty: float) -> LogisticRegression:
    return LogisticRegression(C=inverse_penalty, max_iter=2_000, class_weight="balanced", random_state=seed)


def _forest(seed: int) -> ExtraTreesClassifier:
    settings = {"min_samples_leaf": 2, "max_features": 0.15, "class_weight": "balanced"}
    return ExtraTreesClassifier(TREES, random_state=seed, **settings)


def _boosting(seed: int) -> GradientBoostingClassifier:
    settings = {"learning_rate": 0.05, "subsample": 0.7, "max_features": 0.2, "max_depth": 4}
    return GradientBoostingClassifier(n_estimators=TREES, random_state=seed, **settings)


def _vote(members: list[Any], weights: list[float]) -> VotingClassifier:
    """The weighted mean of what the members say; fitting fits clones of them."""
    return VotingClassifier([(str(number), one) for number, one in enumerate(members)], voting="soft", weights=weights)
