"""What is compared on the same posts: the model in use, the published recipe, the keyword rule, the majority class."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import Pipeline

from ml.keywords import TechnologyTerms
from ml.recipes import TREES, feature_transformer
from ml.training_set import texts_of

Array = npt.NDArray[Any]
MODEL, PUBLISHED, RULE, MAJORITY = "model in use", "published recipe", "keyword rule", "majority class"
THRESHOLD = 0.5


@dataclass(frozen=True)
class Judged:
    """One technology on one set of posts: truth (0/1), and by predictor verdicts (0/1) and the probabilities it has."""

    truth: Array
    verdicts: dict[str, Array]
    probabilities: dict[str, Array]

    def only(self, chosen: Array) -> "Judged":
        """The same for the posts where `chosen` is true."""
        return Judged(
            self.truth[chosen],
            {name: values[chosen] for name, values in self.verdicts.items()},
            {name: values[chosen] for name, values in self.probabilities.items()},
        )


def fit_published(train: pd.DataFrame, technology: str, seed: int) -> Pipeline:
    """The published recipe as it stands: TF-IDF of words and a Random Forest; posts count once, no calibration."""
    features = feature_transformer("words", technology, {})
    forest = RandomForestClassifier(TREES, random_state=seed, n_jobs=-1)
    return Pipeline([("features", features), ("classifier", forest)]).fit(texts_of(train, "full"), train[technology])


def judge(posts: pd.DataFrame, truth: Array, models: dict[str, Pipeline], terms: TechnologyTerms) -> Judged:
    """posts: frame of `post_texts`; models: by predictor name. A post that is no candidate has probability 0."""
    is_candidate = posts["text"].map(terms.is_candidate).to_numpy(dtype=bool)
    scored = {name: np.where(is_candidate, model.predict_proba(posts)[:, 1], 0.0) for name, model in models.items()}
    verdicts = {name: (values >= THRESHOLD).astype(int) for name, values in scored.items()}
    verdicts[RULE] = posts["text"].map(terms.is_claimed).to_numpy(dtype=int)
    verdicts[MAJORITY] = np.full(len(truth), int(truth.mean() > 0.5))
    return Judged(truth, verdicts, scored)
