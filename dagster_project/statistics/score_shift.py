"""How far the scores of a month moved against a reference, from two histograms with the same equal bins over 0 to 1."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import wasserstein_distance

Counts = NDArray[np.int64]
DRAWS = 499
SEED = 2025


def score_shift(month: Counts, reference: Counts) -> float:
    """Wasserstein distance (scipy) between the bins' centres: how far probability moved.

    0 for equal shapes, nearly 1 when all scores moved from the first bin to the last; never below the change of the
    mean probability, up to the binning.
    """
    centres = (np.arange(len(month)) + 0.5) / len(month)
    return float(wasserstein_distance(centres, centres, month, reference))


def shift_p(month: Counts, reference: Counts, seed: int = SEED) -> float:
    """Permutation p of `score_shift`: the part of random splits of the pooled posts that shift at least as much.

    A split of pooled counts is a multivariate hypergeometric draw, so posts need not be shuffled one by one. The
    observed split counts as one of them (Phipson and Smyth 2010).
    """
    pooled = month + reference
    draws = np.random.default_rng(seed).multivariate_hypergeometric(pooled, int(month.sum()), DRAWS, "marginals")
    shares, others = draws / month.sum(), (pooled - draws) / reference.sum()
    shifts = np.abs(np.cumsum(shares - others, axis=1))[:, :-1].sum(axis=1) / len(month)
    return float((1 + (shifts >= score_shift(month, reference) - 1e-12).sum()) / (DRAWS + 1))
