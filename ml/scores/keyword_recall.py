"""What the keyword step loses: true posts that are no candidates, at the weights of a sample that reaches them too."""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

from ml.scores.intervals import Score, bootstrap, weighted_recall

Array = npt.NDArray[Any]
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


def hidden_posts_bound(weight: Array, alpha: float = ALPHA) -> float:
    """Upper 95 % bound of the true posts behind sampled posts of which none is true, each standing for `weight` posts.

    Posts of one weight are a stratum with an unknown share p. The bound is the largest sum of n * weight * p under
    which a sample without a true post still has the chance alpha: the product of (1 - p)^n. At the maximum
    p = 1 - c / weight where weight > c, and none elsewhere; for equal weights it is the exact bound
    1 - alpha^(1/n), about 3 / n. Without any sampled post nothing is known: infinity.
    """
    if len(weight) == 0:
        return float("inf")
    weights, counts = np.unique(weight, return_counts=True)

    def log_chance(level: float) -> float:
        return float((counts * np.log(np.minimum(level / weights, 1.0))).sum() - np.log(alpha))

    level = brentq(log_chance, weights.max() * alpha, weights.max())
    return float((counts * np.maximum(weights - level, 0.0)).sum())
