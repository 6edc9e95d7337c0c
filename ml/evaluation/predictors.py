"""What is compared on the same posts: the model in use, the published recipe, the keyword rule, the majority class; and
the model fitted anew, by each text setting, and with what a feed of one's own teaches: its unlabelled posts, or a
hundred labels that came back."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import Pipeline

from ml.evaluation.labelled_feeds import TRACKS, read_feed
from ml.features.keywords import TECHNOLOGIES, TechnologyTerms, load_terms
from ml.features.post_texts import TEXT_SETTINGS, TextSetting
from ml.labels.labelled_posts import WORKSPACE_SOURCE
from ml.scores import bootstrap, f1, replaces, weighted_brier, weighted_f1
from ml.training.artifact import StoredModel, load
from ml.training.promote import chain_probabilities, claims_of
from ml.training.recipes import TREES, feature_transformer
from ml.training.train import base_recipe, fit_recipe, train_champion
from ml.training.training_set import candidates_of, feed_weights, texts_of, with_sure_posts

Array = npt.NDArray[Any]
MODEL, PUBLISHED, RULE, MAJORITY = "model in use", "published recipe", "keyword rule", "majority class"
THRESHOLD = 0.5
SEED = 7
TELLING_POSITIVES = 30
"""Of fewer true posts one decides what a score comes to."""
RETURNED = 100
"""Labels that come back: the posts of a queue that the model is least sure of."""


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


def fit_published(train: pd.DataFrame, technology: str, setting: TextSetting) -> Pipeline:
    """The published recipe as it stands: TF-IDF of words and a Random Forest; posts count once, no calibration."""
    features = feature_transformer("words", technology, {})
    forest = RandomForestClassifier(TREES, random_state=SEED, n_jobs=-1)
    pipeline = Pipeline([("features", features), ("classifier", forest)])
    return pipeline.fit(texts_of(train, setting), train[technology])


def refitted(stored: StoredModel, train: pd.DataFrame) -> Pipeline:
    """The recipe of a stored model (of a second reader that of its fast model), with its calibration, fitted anew."""
    card = stored.card
    recipe = base_recipe(card.contest)
    calibration = card.contest[recipe]["calibration"]
    return fit_recipe(
        recipe, card.technology, train, SEED, calibration, text_setting=card.text_setting, terms=load_terms()
    )


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


def compare_settings(labels: pd.DataFrame, real: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """A row a technology and text setting: recipe that won, its cross-validated log_loss on the training posts, and F1
    with interval on the held-out posts and on clear real posts that have a text, for the model and the keyword rule.

    labels: of `load_labels`; real: of `read_real_posts`; folder: where the models are written.
    """
    rows = []
    for technology in TECHNOLOGIES:
        clear = real["corpus"].eq(TRACKS) & real[f"unsure_{technology}"].eq(0)
        sets = labels[labels["is_held_out"]], real[clear]
        for setting in TEXT_SETTINGS:
            card = train_champion(technology, labels, folder / setting, SEED, text_setting=setting)
            model = load(folder / setting / technology / card.model_version).pipeline
            judged = [judge(posts, {MODEL: model}, setting, load_terms()[technology]) for posts in sets]
            scores = [bootstrap(f1, own.truth, own.verdicts[MODEL]) for own in judged]
            rule = bootstrap(f1, judged[1].truth, judged[1].verdicts[RULE])
            row = {"technology": technology, "setting": setting, "recipe": card.recipe}
            row["log_loss"] = card.contest[card.recipe]["log_loss"]
            rows.append({**row, "held_out": scores[0], "real": scores[1], "rule": rule})
    return pd.DataFrame(rows).replace({np.nan: None})


def own_feed_rows(
    stored: StoredModel, labels: pd.DataFrame, real: pd.DataFrame, folder: Path
) -> list[dict[str, object]]:
    """Rows feed, taught (by what beside the shipped labels), posts (that teach), f1 and brier before and after on the
    half of the feed's clear labelled posts that teaches in no row, passes (the gate: posts held out).

    labels: of `load_labels`; real: of `read_real_posts`; folder: where its feeds lie. A feed with fewer true posts than
    TELLING_POSITIVES has no row.
    """
    terms = load_terms()[stored.card.technology]
    rows = []
    for corpus, own in real[real[f"unsure_{terms.technology}"].eq(0)].groupby("corpus"):
        if own[terms.technology].sum() < TELLING_POSITIVES:
            continue
        shuffled = own.sample(frac=1.0, random_state=SEED)
        asked, judged = shuffled.iloc[: len(own) // 2], shuffled.iloc[len(own) // 2 :]
        for taught, training in _taught(stored, labels, asked, _unlabelled(folder, str(corpus), real, terms), terms):
            scores = _own_feed_scores(stored, training, judged, labels[labels["is_held_out"]])
            rows.append({"feed": corpus, "taught": taught, "posts": len(training) - len(labels), **scores})
    return rows


def _unlabelled(folder: Path, corpus: str, real: pd.DataFrame, terms: TechnologyTerms) -> pd.DataFrame:
    """The feed's other candidates, in the order of chance that the chain reads them in."""
    feed = read_feed(folder, corpus)
    feed = feed[~feed["post_id"].isin(real["post_id"])].sample(frac=1.0, random_state=0)
    return feed[candidates_of(feed, terms)]


def _taught(
    stored: StoredModel, labels: pd.DataFrame, asked: pd.DataFrame, unlabelled: pd.DataFrame, terms: TechnologyTerms
) -> Iterator[tuple[str, pd.DataFrame]]:
    yield "its unlabelled posts", with_sure_posts(labels, unlabelled, stored)
    returned = _least_sure(stored, asked, terms)
    returned = returned.assign(stratum=WORKSPACE_SOURCE, is_held_out=False, is_frozen=False)
    yield f"{RETURNED} labels", pd.concat([labels, returned], ignore_index=True)


def _least_sure(stored: StoredModel, asked: pd.DataFrame, terms: TechnologyTerms) -> pd.DataFrame:
    candidates = asked[candidates_of(asked, terms)]
    distance = np.abs(chain_probabilities(stored.pipeline, candidates, stored.card.text_setting, terms) - 0.5)
    return candidates.iloc[np.argsort(distance, kind="stable")[:RETURNED]]


def _own_feed_scores(
    stored: StoredModel, training: pd.DataFrame, judged: pd.DataFrame, held_out: pd.DataFrame
) -> dict[str, object]:
    terms, setting = load_terms()[stored.card.technology], stored.card.text_setting
    train = training[~training["is_held_out"]]
    model = refitted(stored, train)
    sets = (judged, np.ones(len(judged))), (held_out, feed_weights(held_out, terms))
    before, after = (
        [_f1_and_brier(judge(posts, {MODEL: pipeline}, setting, terms), weight) for posts, weight in sets]
        for pipeline in (stored.pipeline, model)
    )
    f1_change, brier_change = map(float, after[1] - before[1])
    passes = replaces(f1_change, brier_change, len(train) > stored.card.labels["train"])
    changes = {
        f"{name} {when}": float(of[0][n])
        for n, name in enumerate(("F1", "Brier"))
        for when, of in (("before", before), ("after", after))
    }
    return {**changes, "passes the gate": bool(passes)}


def _f1_and_brier(own: Judged, weight: Array) -> Array:
    scores = (
        weighted_f1(own.truth, own.verdicts[MODEL], weight),
        weighted_brier(own.truth, own.probabilities[MODEL], weight),
    )
    return np.array(scores)
