"""What training on a feed of one's own gives there: on its unlabelled posts, and on a hundred labels that came back."""

from pathlib import Path

import numpy as np
import pandas as pd

from ml.evaluation.labelled_feeds import read_feed
from ml.evaluation.predictors import MODEL, Judged, judge
from ml.features.keywords import TechnologyTerms, load_terms
from ml.labels.workspace_labels import WORKSPACE_SOURCE
from ml.scores.measures import brier, f1
from ml.scores.promotion_rule import replaces
from ml.training.artifact import StoredModel
from ml.training.frozen_scores import chain_probabilities
from ml.training.self_training import with_sure_posts
from ml.training.train import base_recipe, fit_recipe
from ml.training.training_set import candidates_of

RETURNED = 100
"""Labels that come back: the posts of a queue that the model is least sure of."""


def own_feed_rows(
    stored: StoredModel, labels: pd.DataFrame, real: pd.DataFrame, folder: Path, seed: int
) -> list[dict[str, object]]:
    """Rows feed, taught (by what beside the shipped labels), F1 and Brier score before and after on the feed's clear
    labelled posts that teach in no row, passes (the gate on the frozen posts), posts (that teach).

    labels: of `load_labels`; real: of `read_real_posts`; folder: where its feeds lie.
    """
    terms = load_terms()[stored.card.technology]
    frozen = labels[labels["is_frozen"]]
    rows = []
    for corpus in real["corpus"].unique():
        own = real[real["corpus"].eq(corpus) & real[f"unsure_{terms.technology}"].eq(0)]
        returned = _least_sure(stored, own, terms)
        judged = own.drop(returned.index)
        unlabelled = read_feed(folder, corpus)
        unlabelled = unlabelled[~unlabelled["post_id"].isin(real["post_id"])].sample(frac=1.0, random_state=seed)
        sure = with_sure_posts(labels, unlabelled[candidates_of(unlabelled, terms)], stored)
        with_returned = pd.concat([labels, _as_labels(returned)], ignore_index=True)
        for taught, training in (("its unlabelled posts", sure), (f"{RETURNED} labels", with_returned)):
            rows.append(
                _row(stored, corpus, taught, training, judged, frozen, seed) | {"posts": len(training) - len(labels)}
            )
    return rows


def _least_sure(stored: StoredModel, own: pd.DataFrame, terms: TechnologyTerms) -> pd.DataFrame:
    candidates = own[candidates_of(own, terms)]
    distance = np.abs(chain_probabilities(stored.pipeline, candidates, stored.card.text_setting, terms) - 0.5)
    return candidates.iloc[np.argsort(distance, kind="stable")[: min(RETURNED, len(candidates) // 2)]]


def _as_labels(posts: pd.DataFrame) -> pd.DataFrame:
    return posts.assign(stratum=WORKSPACE_SOURCE, is_held_out=False, is_frozen=False)


def _row(
    stored: StoredModel,
    corpus: str,
    taught: str,
    training: pd.DataFrame,
    judged: pd.DataFrame,
    frozen: pd.DataFrame,
    seed: int,
) -> dict[str, object]:
    technology, terms, setting = stored.card.technology, load_terms(), stored.card.text_setting
    recipe = base_recipe(stored.card.contest)
    calibration = stored.card.contest[recipe]["calibration"]
    train = training[~training["is_held_out"]]
    model = fit_recipe(recipe, technology, train, seed, calibration, text_setting=setting, terms=terms)
    before, after = (
        [judge(posts, {MODEL: pipeline}, setting, terms[technology]) for posts in (judged, frozen)]
        for pipeline in (stored.pipeline, model)
    )
    scores = {
        f"{name}_{when}": measure(own)
        for when, (own, _) in (("before", before), ("after", after))
        for name, measure in _MEASURES.items()
    }
    gain, loss = (measure(after[1]) - measure(before[1]) for measure in _MEASURES.values())
    return {
        "feed": corpus,
        "taught": taught,
        **scores,
        "passes": replaces(gain, loss, len(train) > stored.card.labels["train"]),
    }


def _f1(own: Judged) -> float:
    return f1(own.truth, own.verdicts[MODEL])


def _brier(own: Judged) -> float:
    return brier(own.truth, own.probabilities[MODEL])


_MEASURES = {"f1": _f1, "brier": _brier}
