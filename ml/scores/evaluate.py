"""How good is a classifier: scores with intervals, and exact comparison with simpler rules on the same posts.

Intervals: Wilson (statsmodels `proportion_confint`); paired comparison: exact McNemar (statsmodels
`mcnemar`); the rest is scikit-learn.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import brier_score_loss, confusion_matrix, f1_score, roc_auc_score
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

Array = npt.NDArray[Any]
_DIGITS = 4


def evaluate(truth: Array, probability: Array, threshold: float) -> dict[str, Any]:
    """Scores of probabilities against 0/1 labels at a threshold.

    Returns n, positives, confusion (tn, fp, fn, tp), accuracy, precision, recall each with `_low` and
    `_high` (95 %), f1, auroc and brier. auroc is None where the labels hold a single class; a share without
    a denominator is None. Raises ValueError without posts.
    """
    if len(truth) == 0:
        raise ValueError("no posts to evaluate on; label more posts (see ml/README.md)")
    predicted = np.asarray(probability) >= threshold
    scores = evaluate_labels(truth, predicted)
    single = len(np.unique(truth)) < 2
    scores["auroc"] = None if single else round(float(roc_auc_score(truth, probability)), _DIGITS)
    scores["brier"] = round(float(brier_score_loss(truth, probability)), _DIGITS)
    return scores


def evaluate_labels(truth: Array, predicted: Array) -> dict[str, Any]:
    """The scores of `evaluate` that 0/1 predictions allow: what a keyword rule can be asked for."""
    tn, fp, fn, tp = (int(c) for c in confusion_matrix(truth, predicted, labels=[0, 1]).ravel())
    return {
        "n": len(truth),
        "positives": tp + fn,
        "confusion": {"tn": tn, "fp": fp, "fn": fn, "tp": tp},
        **_share("accuracy", tp + tn, len(truth)),
        **_share("precision", tp, tp + fp),
        **_share("recall", tp, tp + fn),
        "f1": round(float(f1_score(truth, predicted, zero_division=0)), _DIGITS),
    }


def _share(name: str, count: int, total: int) -> dict[str, float | None]:
    if total == 0:
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    low, high = proportion_confint(count, total, method="wilson")
    values = {name: count / total, f"{name}_low": low, f"{name}_high": high}
    return {key: round(float(value), _DIGITS) for key, value in values.items()}


def compare(truth: Array, one: Array, other: Array) -> dict[str, Any]:
    """Exact McNemar test of two 0/1 predictions: only_one_right, only_other_right, p_value (two-sided)."""
    right, other_right = np.asarray(one) == truth, np.asarray(other) == truth
    table = [
        [int((right & other_right).sum()), int((right & ~other_right).sum())],
        [int((~right & other_right).sum()), int((~right & ~other_right).sum())],
    ]
    p_value = float(mcnemar(table, exact=True).pvalue)
    return {"only_one_right": table[0][1], "only_other_right": table[1][0], "p_value": round(p_value, 6)}


def compare_with_rules(
    truth: Array,
    probability: Array,
    threshold: float,
    keyword_hit: Array,
    *,
    is_candidate: Array | None = None,
) -> dict[str, Any]:
    """Model, keyword rule and majority class on the same posts, the model tested against both.

    truth, keyword_hit, is_candidate: 0/1 a post. A post that is no candidate is never scored in production:
    its probability counts as 0.
    """
    truth, keyword_hit = np.asarray(truth), np.asarray(keyword_hit)
    if is_candidate is not None:
        probability = np.where(np.asarray(is_candidate), probability, 0.0)
    predicted = (np.asarray(probability) >= threshold).astype(int)
    majority = np.full(len(truth), int(truth.mean() > 0.5))
    return {
        "model": evaluate(truth, probability, threshold),
        "keyword_rule": evaluate_labels(truth, keyword_hit),
        "majority_class": evaluate_labels(truth, majority),
        "model_against_keyword_rule": compare(truth, predicted, keyword_hit),
        "model_against_majority_class": compare(truth, predicted, majority),
    }
