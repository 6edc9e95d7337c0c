"""What both errors cost at each threshold, for the quantities that are published: shares, and F1."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.cards.markdown import number, table
from ml.evaluation.predictors import MODEL, Judged
from ml.evaluation.tables import TELLING_POSITIVES
from ml.scores import f1, weighted_f1

Array = npt.NDArray[Any]
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7)


def threshold_table(
    writers: dict[str, dict[str, Judged]], clear: dict[str, Judged], corpora: "dict[str, pd.Series[str]]"
) -> str:
    """A row a technology and threshold: posts of unseen writers missed and invented, as many as a feed would hold, by
    how much the counted share is off, F1 there and on each real feed; corpora: those of the clear posts."""
    feeds = sorted(set(next(iter(corpora.values()))))
    rows = []
    for technology, of in writers.items():
        unseen = _pooled([own for own in of.values() if own.truth.sum() >= TELLING_POSITIVES])
        own, names = clear[technology], corpora[technology].to_numpy()
        for threshold in THRESHOLDS:
            scores = [f1(own.truth[names == feed], _verdict(own, threshold)[names == feed]) for feed in feeds]
            rows.append([technology, number(threshold), *_costs(unseen, threshold), *map(number, scores)])
    header = [
        "technology",
        "threshold",
        "missed",
        "invented",
        "share off by",
        "F1",
        *(f"F1 in {feed}" for feed in feeds),
    ]
    return table(header, rows)


def _pooled(parts: list[Judged]) -> Judged:
    truth, candidate, weight, said = (
        np.concatenate([get(part) for part in parts])
        for get in (lambda j: j.truth, lambda j: j.is_candidate, lambda j: j.weights, lambda j: j.probabilities[MODEL])
    )
    return Judged(truth, candidate, {}, {MODEL: said}, weight)


def _verdict(judged: Judged, threshold: float) -> Array:
    return (judged.probabilities[MODEL] >= threshold).astype(int)


def _costs(judged: Judged, threshold: float) -> list[str]:
    verdict, weight = _verdict(judged, threshold), judged.weights
    missed, invented = (float((weight * (judged.truth == true) * (verdict != true)).sum()) for true in (1, 0))
    off = (invented - missed) / float((weight * judged.truth).sum())
    return [f"{missed:.0f}", f"{invented:.0f}", f"{off:+.1%}", number(weighted_f1(judged.truth, verdict, weight))]
