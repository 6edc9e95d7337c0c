"""What a classifier is fitted on: labelled posts, beside each post that its title gives away the title alone, and
posts of a feed of one's own that the model in use is sure of.

Feeds differ in what they show: some give titles only. A post whose title names the technology is labelled
by the same guide when the title stands alone, so it teaches twice: with its text, and without.

Self-training: the model in use is the teacher; with a second reader it hands on what the sentence encoder saw.
scikit-learn's SelfTrainingClassifier was looked at and left: it hands no weights of posts to what it fits, while here
posts count differently, and its rounds would vectorise and fit anew up to ten times.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.classify import probabilities
from ml.features.keywords import TECHNOLOGIES, TechnologyTerms
from ml.features.post_texts import TextSetting, post_texts
from ml.features.terms import are_candidates, are_claimed
from ml.labels.labelled_posts import GUIDE_VERSION, WORKSPACE_SOURCE, never_judged
from ml.training.artifact import StoredModel

RARE_WEIGHT = 0.1  # of posts written on purpose: far more of them stand here than in any feed
NAMES_ITSELF = ("ai", "cloud")  # RPA is also a robot of one's own, described in plain words: its posts need no name
NEAR_IS_RARE = ("cloud",)  # a client whose title names a cloud and means none is rarer than one who names AI so
NEAR_SHARE = {"ai": 0.3, "cloud": 0.3, "rpa": 1.0}
"""What a feed-like post near a technology counts where a feed is meant: of posts that name AI or a cloud feeds hold a
third as many that mean none; of scripts, bots and office work by software they are full."""
CALIBRATED_TO_FEEDS = ("ai",)  # the others gain on writers not seen, and lose a post of few on a real feed
FEED_LIKE = "feed "
"""How the strata of posts begin that were written in the mixture of a whole feed."""
SURE_STRATUM, SURE_WEIGHT = "labelled by model", 0.2  # a verdict of a model teaches less than a reader's
SURE = 0.95
"""Calibrated probability, of yes or of no, from which a verdict is taken for a label."""
SURE_POSTS = 1_500  # more would outnumber the labelled posts that name a technology
UNSURE_WEIGHT = 0.5  # a post that a careful reader could decide otherwise teaches half as much
_TELLING_POSTS = 30
Array = npt.NDArray[Any]


@dataclass(frozen=True)
class TrainingSet:
    """Posts (frame of `post_texts`), 0/1 truth, weight and row of the labels that each comes from; the same length.

    The labels' own posts come first, in their order.
    """

    posts: pd.DataFrame
    truth: Array
    weight: Array
    origin: Array

    def of_rows(self, rows: Array) -> "TrainingSet":
        """The part that comes from these rows of the labels, in the same order."""
        is_part = np.isin(self.origin, rows)
        return TrainingSet(self.posts[is_part], self.truth[is_part], self.weight[is_part], self.origin[is_part])


def texts_of(labels: pd.DataFrame, setting: TextSetting) -> pd.DataFrame:
    """The model's input frame of labelled posts."""
    return post_texts(labels["title"], labels["description"], labels["skills"], setting)


def weights_of(labels: pd.DataFrame, terms: TechnologyTerms) -> Array:
    """What each labelled post counts: unsure posts half; a tenth what the labels hold far more of than any feed.

    Those are hard negatives whose title names the technology: without the weight a model learns that half of such
    titles do not mean it, and in feeds nine of ten do (named in the text alone it is in passing often enough, so there
    every post counts). And true posts of AI and cloud that name it nowhere: among posts with no more than a word near
    the technology they are far rarer in a feed, and a model that waits for them accepts plain data analysis as AI.
    """
    unsure = labels[f"unsure_{terms.technology}"].eq(1).to_numpy()
    strata = [f"{terms.technology} hard negative"]
    if terms.technology in NEAR_IS_RARE:
        strata.append(f"feed near {terms.technology}")
    is_hard = labels["stratum"].isin(strata).to_numpy()
    is_rare = is_hard & _is_named(labels, terms, "title")
    if terms.technology in NAMES_ITSELF:
        is_rare |= labels[terms.technology].eq(1).to_numpy() & ~_is_named(labels, terms, "full")
    is_verdict = labels["stratum"].eq(SURE_STRATUM).to_numpy()
    weight = np.where(unsure, UNSURE_WEIGHT, 1.0) * np.where(is_rare, RARE_WEIGHT, 1.0)
    return np.where(is_verdict, SURE_WEIGHT, weight)


def feed_weights(labels: pd.DataFrame, terms: TechnologyTerms) -> Array:
    """What each labelled post counts where probabilities are calibrated: for AI as much as a feed holds of its like.

    Posts written as hard cases count nothing, posts near the technology NEAR_SHARE, and what no term finds counts
    nothing, because no model is asked about it. Of other technologies, and where there are few feed-like posts of a
    class, all count as in training.
    """
    technology, stratum = terms.technology, labels["stratum"]
    is_like = (stratum.str.startswith(FEED_LIKE) | stratum.eq(WORKSPACE_SOURCE)).to_numpy()
    is_counted = is_like & candidates_of(labels, terms)
    rarer = labels.loc[is_counted, technology].value_counts().reindex([0, 1], fill_value=0).min()
    if technology not in CALIBRATED_TO_FEEDS or rarer < _TELLING_POSTS:
        return weights_of(labels, terms)
    unsure = labels[f"unsure_{technology}"].eq(1).to_numpy()
    is_near = stratum.eq(f"{FEED_LIKE}near {technology}").to_numpy()
    return is_counted * np.where(unsure, UNSURE_WEIGHT, 1.0) * np.where(is_near, NEAR_SHARE[technology], 1.0)


def candidates_of(posts: pd.DataFrame, terms: TechnologyTerms) -> Array:
    """Whether each post is a candidate; the keyword step reads title, skills and text, whatever a model reads."""
    return are_candidates(texts_of(posts, "full_with_skills")["text"].tolist(), terms)


def _is_named(labels: pd.DataFrame, terms: TechnologyTerms, setting: TextSetting) -> Array:
    return are_claimed(texts_of(labels, setting)["text"].tolist(), terms)


def training_set(labels: pd.DataFrame, terms: TechnologyTerms, setting: TextSetting) -> TrainingSet:
    """The labelled posts of one technology, and the title alone of those whose title names it."""
    technology = terms.technology
    posts, titles = texts_of(labels, setting), texts_of(labels, "title")
    has_more = posts["text"].ne(titles["text"])
    echoed = has_more.to_numpy() & are_claimed(titles["text"].tolist(), terms)
    truth = labels[technology].to_numpy()
    weight = weights_of(labels, terms)
    return TrainingSet(
        pd.concat([posts, titles[echoed]], ignore_index=True),
        np.concatenate([truth, truth[echoed]]),
        np.concatenate([weight, weight[echoed]]),
        np.concatenate([np.arange(len(labels)), np.flatnonzero(echoed)]),
    )


def with_sure_posts(labels: pd.DataFrame, feed: pd.DataFrame, teacher: StoredModel) -> pd.DataFrame:
    """The labels and, below them, the posts of a feed that the teacher is sure of, labelled by its verdict.

    labels: of `load_labels`; feed: post_id, title, description, skills of candidates, none, one or many of them
    labelled. At most SURE_POSTS are taken, in the feed's order. They train and are never judged: not by the contest,
    whose weights leave them out, nor among the frozen posts.
    """
    new = feed[~feed["post_id"].isin(labels["post_id"])].reset_index(drop=True)
    probability = probabilities(texts_of(new, teacher.card.text_setting), teacher)
    sure = new[(probability >= SURE) | (probability <= 1.0 - SURE)].head(SURE_POSTS)
    verdict = pd.Series(probability, new.index)[sure.index].ge(0.5).astype(int)
    other = {f"{mark}{technology}": 0 for technology in TECHNOLOGIES for mark in ("", "unsure_")}
    rows = sure.assign(**(other | {teacher.card.technology: verdict}))
    rows = rows.assign(category="", stratum=SURE_STRATUM, guide_version=GUIDE_VERSION)
    return pd.concat([labels, never_judged(rows, SURE_STRATUM, pass_count=0)], ignore_index=True)
