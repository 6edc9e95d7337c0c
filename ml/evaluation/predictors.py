"""What is compared on the same posts: the model in use, the published recipe, the keyword rule, the majority class."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import Pipeline

from ml.features.keywords import TechnologyTerms
from ml.features.post_texts import TextSetting
from ml.training.frozen_scores import candidates_of, chain_probabilities, claims_of
from ml.training.recipes import TREES, feature_transformer
from ml.training.training_set import texts_of

Array = npt.NDArray[Any]
MODEL, PUBLISHED, RULE, MAJORITY = "model in use", "published recipe", "keyword rule", "majority class"
THRESHOLD = 0.5


@dataclass(frozen=True)
class Judged:
    """One technology on one set of posts: truth (0/1), whether each post is a candidate, and by predictor verdicts
    (0/1) and the probabilities it has."""

    truth: Array
    is_candidate: Array
    verdicts: dict[str, Array]
    probabilities: dict[str, Array]

    def only(self, chosen: Array) -> "Judged":
        """The same for the posts where `chosen` is true."""
        return Judged(
            self.truth[chosen],
            self.is_candidate[chosen],
            {name: values[chosen] for name, values in self.verdicts.items()},
            {name: values[chosen] for name, values in self.probabilities.items()},
        )


def fit_published(train: pd.DataFrame, technology: str, seed: int, setting: TextSetting) -> Pipeline:
    """The published recipe as it stands: TF-IDF of words and a Random Forest; posts count once, no calibration."""
    features = feature_transformer("words", technology, {})
    forest = RandomForestClassifier(TREES, random_state=seed, n_jobs=-1)
    pipeline = Pipeline([("features", features), ("classifier", forest)])
    return pipeline.fit(texts_of(train, setting), train[technology])


def judge(posts: pd.DataFrame, models: dict[str, Pipeline], setting: TextSetting, terms: TechnologyTerms) -> Judged:
    """posts: title, description, skills and the label of the technology; models: by predictor name, all reading
    `setting`.

    A post that is no candidate has probability 0.
    """
    truth = posts[terms.technology].to_numpy()
    scored = {name: chain_probabilities(model, posts, setting, terms) for name, model in models.items()}
    verdicts = {name: (values >= THRESHOLD).astype(int) for name, values in scored.items()}
    verdicts[RULE] = claims_of(posts, setting, terms)
    verdicts[MAJORITY] = np.full(len(truth), int(truth.mean() > 0.5))
    return Judged(truth, candidates_of(posts, terms), verdicts, scored)
