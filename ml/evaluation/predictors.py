"""What is compared on the same posts: the model in use, the published recipe, the keyword rule, the majority class."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import Pipeline

from ml.evaluation.labelled_feeds import TRACKS
from ml.features.keywords import TECHNOLOGIES, TechnologyTerms, load_terms
from ml.features.post_texts import TEXT_SETTINGS, TextSetting
from ml.scores import bootstrap, f1
from ml.training.artifact import load
from ml.training.promote import chain_probabilities, claims_of
from ml.training.recipes import TREES, feature_transformer
from ml.training.train import train_champion
from ml.training.training_set import candidates_of, texts_of

Array = npt.NDArray[Any]
MODEL, PUBLISHED, RULE, MAJORITY = "model in use", "published recipe", "keyword rule", "majority class"
THRESHOLD = 0.5


@dataclass(frozen=True)
class Judged:
    """One technology on one set of posts: truth (0/1), whether each post is a candidate, and by predictor verdicts
    (0/1) and the probabilities it has; weight: what each post counts in a feed, None for all alike."""

    truth: Array
    is_candidate: Array
    verdicts: dict[str, Array]
    probabilities: dict[str, Array]
    weight: Array | None = None

    @property
    def weights(self) -> Array:
        """`weight`, or 1 a post."""
        return np.ones(len(self.truth)) if self.weight is None else self.weight

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


def compare_settings(labels: pd.DataFrame, real: pd.DataFrame, folder: Path, seed: int) -> pd.DataFrame:
    """A row a technology and text setting: recipe that won, its cross-validated log_loss on the training posts, and F1
    with interval on the held-out posts and on clear real posts that have a text, for the model and the keyword rule.

    labels: of `load_labels`; real: of `read_real_posts`; folder: where the models are written.
    """
    rows = []
    for technology in TECHNOLOGIES:
        clear = real["corpus"].eq(TRACKS) & real[f"unsure_{technology}"].eq(0)
        sets = labels[labels["is_held_out"]], real[clear]
        for setting in TEXT_SETTINGS:
            card = train_champion(technology, labels, folder / setting, seed, text_setting=setting)
            model = load(folder / setting / technology / card.model_version).pipeline
            judged = [judge(posts, {MODEL: model}, setting, load_terms()[technology]) for posts in sets]
            scores = [bootstrap(f1, own.truth, own.verdicts[MODEL]) for own in judged]
            rule = bootstrap(f1, judged[1].truth, judged[1].verdicts[RULE])
            row = {"technology": technology, "setting": setting, "recipe": card.recipe}
            row["log_loss"] = card.contest[card.recipe]["log_loss"]
            rows.append({**row, "held_out": scores[0], "real": scores[1], "rule": rule})
    return pd.DataFrame(rows).replace({np.nan: None})
