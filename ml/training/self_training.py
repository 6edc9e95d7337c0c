"""Self-training on a feed of one's own: posts that the model in use is sure of teach the challenger, as if labelled.

The model in use is the teacher; with a second reader it hands on what the sentence encoder saw. scikit-learn's
SelfTrainingClassifier was looked at and left: it hands no weights of posts to what it fits, while here posts count
differently, and its rounds would vectorise and fit anew up to ten times.
"""

import pandas as pd

from ml.classify import probabilities
from ml.features.keywords import TECHNOLOGIES
from ml.features.post_texts import post_texts
from ml.labels.labelled_posts import GUIDE_VERSION
from ml.training.artifact import StoredModel
from ml.training.training_set import SURE_STRATUM

SURE = 0.95
"""Calibrated probability, of yes or of no, from which a verdict is taken for a label."""
POSTS = 1_500  # more would outnumber the labelled posts that name a technology


def with_sure_posts(labels: pd.DataFrame, feed: pd.DataFrame, teacher: StoredModel) -> pd.DataFrame:
    """The labels and, below them, the posts of a feed that the teacher is sure of, labelled by its verdict.

    labels: of `load_labels`; feed: post_id, title, description, skills of candidates, none, one or many of them
    labelled. At most POSTS are taken, in the feed's order. They train and are never judged: not by the contest, whose
    weights leave them out, nor among the frozen posts.
    """
    new = feed[~feed["post_id"].isin(labels["post_id"])].reset_index(drop=True)
    texts = post_texts(new["title"], new["description"], new["skills"], teacher.card.text_setting)
    probability = probabilities(texts, teacher)
    sure = new[(probability >= SURE) | (probability <= 1.0 - SURE)].head(POSTS)
    verdict = pd.Series(probability, new.index)[sure.index].ge(0.5).astype(int)
    other = {f"{mark}{technology}": 0 for technology in TECHNOLOGIES for mark in ("", "unsure_")}
    second = {f"{technology}_second": pd.array([pd.NA] * len(sure), dtype="Int64") for technology in TECHNOLOGIES}
    rows = sure.assign(**(other | second | {teacher.card.technology: verdict}))
    rows = rows.assign(category="", stratum=SURE_STRATUM, guide_version=GUIDE_VERSION, source=SURE_STRATUM)
    return pd.concat([labels, rows.assign(pass_count=0, is_held_out=False, is_frozen=False)], ignore_index=True)
