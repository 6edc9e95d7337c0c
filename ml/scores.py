"""How good a classifier is: scores with intervals, exact comparison with simpler rules, calibration, recall of the
keyword step, and the declared rule by which a challenger replaces the model in use.

Intervals: Wilson (statsmodels `proportion_confint`) for shares, percentile bootstrap (Efron 1979, seeded) for the rest;
paired comparison: exact McNemar (statsmodels `mcnemar`).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import brentq
from scipy.stats import rankdata
from sklearn.metrics import brier_score_loss, confusion_matrix, f1_score, roc_auc_score
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

Array = npt.NDArray[Any]
Score = tuple[float, float, float]
"""Value, lower and upper end of the 95 % interval; NaN where the score is not defined."""
RESAMPLES, SEED = 500, 7
_DIGITS = 4


def evaluate(truth: Array, probability: Array, threshold: float) -> dict[str, Any]:
    """Scores of probabilities against 0/1 labels at a threshold.

    Returns n, positives, confusion (tn, fp, fn, tp), accuracy, precision, recall each with `_low` and
    `_high` (95 %), f1, auroc and brier. auroc is None where the labels hold a single class; a share without
    a denominator is None. Raises ValueError without posts.
    """
    if len(truth) == 0:
        raise ValueError("no posts to evaluate on; label more posts (see ml/README.md)")
    predicted = probability >= threshold
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
    right, other_right = one == truth, other == truth
    table = [
        [int((right & other_right).sum()), int((right & ~other_right).sum())],
        [int((~right & other_right).sum()), int((~right & ~other_right).sum())],
    ]
    p_value = float(mcnemar(table, exact=True).pvalue)
    return {"only_one_right": table[0][1], "only_other_right": table[1][0], "p_value": round(p_value, 6)}


def compare_with_rules(truth: Array, probability: Array, threshold: float, keyword_hit: Array) -> dict[str, Any]:
    """Model, keyword rule and majority class on the same posts, the model tested against both; truth, keyword_hit: 0/1
    a post."""
    predicted = (probability >= threshold).astype(int)
    majority = np.full(len(truth), int(truth.mean() > 0.5))
    return {
        "model": evaluate(truth, probability, threshold),
        "keyword_rule": evaluate_labels(truth, keyword_hit),
        "majority_class": evaluate_labels(truth, majority),
        "model_against_keyword_rule": compare(truth, predicted, keyword_hit),
        "model_against_majority_class": compare(truth, predicted, majority),
    }


def bootstrap(measure: Callable[..., float], *columns: Array) -> Score:
    """The measure of the columns (one value a post) and its interval over resampled posts.

    Resamples on which the measure is not defined (no positive among them, say) are left out.
    """
    rng = np.random.default_rng(SEED)
    size = len(columns[0])
    draws = (rng.integers(0, size, size) for _ in range(RESAMPLES))
    values = [measure(*(column[draw] for column in columns)) for draw in draws]
    low, high = np.nanquantile(values, [0.025, 0.975]) if np.isfinite(values).any() else (np.nan, np.nan)
    return float(measure(*columns)), float(low), float(high)


def weighted_precision(truth: Array, predicted: Array, weight: Array) -> float:
    """Share of true among accepted posts, each counting by its weight (1 / inclusion probability: Horvitz-Thompson)."""
    return _ratio((weight * truth * predicted).sum(), (weight * predicted).sum())


def weighted_recall(truth: Array, predicted: Array, weight: Array) -> float:
    return _ratio((weight * truth * predicted).sum(), (weight * truth).sum())


def weighted_f1(truth: Array, predicted: Array, weight: Array) -> float:
    return _ratio(2.0 * (weight * truth * predicted).sum(), (weight * (truth + predicted)).sum())


def f1(truth: Array, predicted: Array) -> float:
    return weighted_f1(truth, predicted, np.ones(len(truth)))


def auroc(truth: Array, probability: Array) -> float:
    """Area under the ROC curve by ranks (Mann-Whitney)."""
    positives = truth.sum()
    pairs = positives * (len(truth) - positives)
    return _ratio(rankdata(probability)[truth == 1].sum() - positives * (positives + 1) / 2, pairs)


def brier(truth: Array, probability: Array) -> float:
    return weighted_brier(truth, probability, np.ones(len(truth)))


def weighted_brier(truth: Array, probability: Array, weight: Array) -> float:
    return float(np.average((probability - truth) ** 2, weights=weight))


def _ratio(numerator: float, denominator: float) -> float:
    return float(numerator / denominator) if denominator > 0 else float("nan")


BINS = 10


def reliability(truth: Array, probability: Array) -> pd.DataFrame:
    """A row for every bin of equal width that holds posts.

    Returns low, high (ends of the bin), posts, mean_probability, observed_share (share of true posts), observed_low and
    observed_high (95 %, Wilson).
    """
    frame = pd.DataFrame({"bin": _bin_of(probability), "truth": truth, "probability": probability})
    rows = []
    for number, part in frame.groupby("bin"):
        low, high = proportion_confint(part["truth"].sum(), len(part), method="wilson")
        rows.append(
            {
                "low": int(str(number)) / BINS,
                "high": (int(str(number)) + 1) / BINS,
                "posts": len(part),
                "mean_probability": round(float(part["probability"].mean()), 4),
                "observed_share": round(float(part["truth"].mean()), 4),
                "observed_low": round(float(low), 4),
                "observed_high": round(float(high), 4),
            }
        )
    return pd.DataFrame(rows)


def expected_calibration_error(truth: Array, probability: Array) -> float:
    """Mean distance between probability and observed share over the bins, by posts (Naeini et al. 2015).

    NaN without posts. Chance alone keeps it above 0, the more so the fewer posts there are.
    """
    if len(truth) == 0:
        return float("nan")
    gaps = np.bincount(_bin_of(probability), truth - probability, minlength=BINS)
    return float(np.abs(gaps).sum() / len(truth))


def _bin_of(probability: Array) -> Array:
    return np.minimum((probability * BINS).astype(int), BINS - 1)


ALPHA = 0.05


def keyword_recall(truth: Array, is_candidate: Array, weight: Array) -> Score:
    """Weighted share of true posts that are candidates, with its 95 % interval.

    weight: 1 / inclusion probability. Bootstrap over posts; where the sample holds no lost post the lower end comes
    from `hidden_posts_bound`, because a bootstrap of nothing lost says that nothing can be.
    """
    value, low, high = bootstrap(weighted_recall, truth, is_candidate.astype(int), weight)
    if value < 1.0 or not np.isfinite(value):
        return value, low, high
    found = float(weight[(truth == 1) & is_candidate].sum())
    return value, found / (found + hidden_posts_bound(weight[~is_candidate])), 1.0


def hidden_posts_bound(weight: Array) -> float:
    """Upper 95 % bound of the true posts behind sampled posts of which none is true, each standing for `weight` posts.

    Posts of one weight are a stratum with an unknown share p. The bound is the largest sum of n * weight * p under
    which a sample without a true post still has the chance ALPHA: the product of (1 - p)^n. At the maximum
    p = 1 - c / weight where weight > c, and none elsewhere; for equal weights it is the exact bound
    1 - ALPHA^(1/n), about 3 / n. Without any sampled post nothing is known: infinity.
    """
    if len(weight) == 0:
        return float("inf")
    weights, counts = np.unique(weight, return_counts=True)

    def log_chance(level: float) -> float:
        return float((counts * np.log(np.minimum(level / weights, 1.0))).sum() - np.log(ALPHA))

    level = brentq(log_chance, weights.max() * ALPHA, weights.max())
    return float((counts * np.maximum(weights - level, 0.0)).sum())


RULE = (
    "The challenger replaces the model in use when, on the posts held out, each counted as a feed holds its like, its "
    "F1 is no lower and its Brier score no higher; a tie in both goes to it only when it was trained on more labelled "
    "posts."
)
_EQUAL_DIGITS = 9


def replaces(f1_difference: float, brier_difference: float, is_trained_on_more: bool) -> bool:
    """RULE; differences are challenger less champion, an F1 that neither model defines (NaN) makes no difference.

    Point estimates decide, because the same posts are used again at every training: a rule that forgave what chance
    can explain would let quality slip one insignificant step at a time. A challenger that is as good may so be refused
    by chance; the price is small, since the champion stays as good as it was, and every change of a model asks for all
    months to be scored again. For the same reason a tie goes to the challenger only when it was trained on more
    labelled posts, whose vocabulary the posts held out cannot see.
    """
    gain = round(float(np.nan_to_num(f1_difference)), _EQUAL_DIGITS)
    loss = round(brier_difference, _EQUAL_DIGITS)
    if gain == 0 and loss == 0:
        return is_trained_on_more
    return gain >= 0 and loss <= 0
