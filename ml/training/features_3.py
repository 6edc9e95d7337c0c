"""Models that were stored before posts were read in blocks, in the shape of today: the same numbers, learnt once."""

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import FeatureUnion, Pipeline

from ml.features.terms import TermHits
from ml.features.transformers import CombinedNGrams

VERSION = "3"


def converted(pipeline: Pipeline) -> Pipeline:
    """A pipeline of these features whose predictions are the same."""
    *terms, (_, columns) = pipeline["features"].steps
    steps = {name: step for name, step, _ in columns.transformers_}
    if "text_words" in steps:
        ngrams = _combined(columns, np.ones(len(steps["text_words"].vocabulary_), bool))
        features = Pipeline([("terms", TermHits({})), ("ngrams", ngrams)])
    else:
        if "ngrams" in steps:
            steps["ngrams"] = _combined(steps["ngrams"]["columns"], steps["ngrams"]["selection"].get_support())
        parts = [(name, steps[name]) for name in ("hits", "cues", "ngrams") if name in steps]
        features = Pipeline([*terms, ("columns", FeatureUnion(parts))])
    return Pipeline([("features", features), ("classifier", pipeline["classifier"])])


def _combined(columns: ColumnTransformer, is_kept: np.ndarray) -> CombinedNGrams:
    parts = []
    for name, step, source in columns.transformers_:
        weight = (columns.transformer_weights or {}).get(name, 1.0)
        if isinstance(step, Pipeline):
            parts.append((name, step["windows"], step["words"], weight))
        elif step != "drop":
            parts.append((name, source, step, weight))
    combined = CombinedNGrams(parts, None if is_kept.all() else int(is_kept.sum()))
    combined.is_kept_ = is_kept
    return combined
