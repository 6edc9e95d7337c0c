"""What training on a feed of one's own gives there: on its unlabelled posts, and on a hundred labels that came back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.evaluation import tables
from ml.evaluation.labelled_feeds import read_feed
from ml.evaluation.predictors import MODEL, Judged, judge
from ml.features.keywords import TechnologyTerms, load_terms
from ml.labels.labelled_posts import WORKSPACE_SOURCE
from ml.scores import brier, f1, replaces
from ml.training.artifact import StoredModel
from ml.training.promote import chain_probabilities
from ml.training.train import base_recipe, fit_recipe
from ml.training.training_set import candidates_of, with_sure_posts

Array = npt.NDArray[Any]
RETURNED = 100
"""Labels that come back: the posts of a queue that the model is least sure of."""


def own_feed_rows(
    stored: StoredModel, labels: pd.DataFrame, real: pd.DataFrame, folder: Path, seed: int
) -> list[dict[str, object]]:
    """Rows feed, taught (by what beside the shipped labels), posts (that teach), f1 and brier before and after on the
    half of the feed's clear labelled posts that teaches in no row, passes (the gate: frozen posts).

    labels: of `load_labels`; real: of `read_real_posts`; folder: where its feeds lie. A feed with fewer true posts than
    TELLING_POSITIVES has no row.
    """
    terms = load_terms()[stored.card.technology]
    rows = []
    for corpus, own in real[real[f"unsure_{terms.technology}"].eq(0)].groupby("corpus"):
        if own[terms.technology].sum() < tables.TELLING_POSITIVES:
            continue
        shuffled = own.sample(frac=1.0, random_state=seed)
        asked, judged = shuffled.iloc[: len(own) // 2], shuffled.iloc[len(own) // 2 :]
        for taught, training in _taught(stored, labels, asked, _unlabelled(folder, str(corpus), real, terms), terms):
            scores = _scores(stored, training, judged, labels[labels["is_frozen"]], seed)
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


def _scores(
    stored: StoredModel, training: pd.DataFrame, judged: pd.DataFrame, frozen: pd.DataFrame, seed: int
) -> dict[str, object]:
    technology, terms, setting = stored.card.technology, load_terms(), stored.card.text_setting
    recipe = base_recipe(stored.card.contest)
    calibration = stored.card.contest[recipe]["calibration"]
    train = training[~training["is_held_out"]]
    model = fit_recipe(recipe, technology, train, seed, calibration, text_setting=setting, terms=terms)
    before, after = (
        [_f1_and_brier(judge(posts, {MODEL: pipeline}, setting, terms[technology])) for posts in (judged, frozen)]
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


def _f1_and_brier(own: Judged) -> Array:
    return np.array([f1(own.truth, own.verdicts[MODEL]), brier(own.truth, own.probabilities[MODEL])])
