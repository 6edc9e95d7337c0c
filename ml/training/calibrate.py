"""Probabilities that mean what they say: a classifier's scores put through a logistic curve (Platt 1999)."""

from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression

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
        positive = platt(self.classifier.predict_proba(features)[:, 1], self.slope, self.intercept)
        return np.column_stack([1.0 - positive, positive])

    def predict(self, features: Any) -> Array:
        return (self.predict_proba(features)[:, 1] >= 0.5).astype(int)


def _logit(probability: Array) -> Array:
    clipped = np.clip(probability, _EDGE, 1.0 - _EDGE)
    return np.log(clipped / (1.0 - clipped))
