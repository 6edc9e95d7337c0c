"""What a classifier is fitted on: labelled posts, and beside each post that its title gives away, the title
alone.

Feeds differ in what they show: some give titles only. A post whose title names the technology is labelled
by the same guide when the title stands alone, so it teaches twice: with its text, and without.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.keywords import TechnologyTerms
from ml.post_texts import TextSetting, post_texts

HARD_NEGATIVE_WEIGHT = 0.1  # written on purpose: far more of them stand here than in any feed
UNSURE_WEIGHT = 0.5  # a post that a careful reader could decide otherwise teaches half as much
Array = npt.NDArray[Any]


@dataclass(frozen=True)
class TrainingSet:
    """Posts (frame of `post_texts`), 0/1 truth and weight; the same length."""

    posts: pd.DataFrame
    truth: Array
    weight: Array


def texts_of(labels: pd.DataFrame, setting: TextSetting) -> pd.DataFrame:
    """The model's input frame of labelled posts."""
    return post_texts(labels["title"], labels["description"], labels["skills"], setting)


def weights_of(labels: pd.DataFrame, terms: TechnologyTerms) -> Array:
    """What each labelled post counts: unsure posts half, hard negatives whose title names the technology a tenth.

    Without the second, a model learns that half of the titles that name a technology do not mean it; in feeds
    nine of ten do. Named in the text alone it is in passing often enough, so there every post counts.
    """
    unsure = labels[f"unsure_{terms.technology}"].eq(1)
    is_hard = labels["stratum"].eq(f"{terms.technology} hard negative")
    is_named = texts_of(labels, "title")["text"].map(terms.is_claimed)
    written = (is_hard & is_named.to_numpy(dtype=bool)).to_numpy()
    return np.where(unsure, UNSURE_WEIGHT, 1.0) * np.where(written, HARD_NEGATIVE_WEIGHT, 1.0)


def training_set(labels: pd.DataFrame, terms: TechnologyTerms, setting: TextSetting) -> TrainingSet:
    """The labelled posts of one technology, and the title alone of those whose title names it."""
    technology = terms.technology
    posts, titles = texts_of(labels, setting), texts_of(labels, "title")
    has_more = posts["text"].ne(titles["text"])
    echoed = (has_more & titles["text"].map(terms.is_claimed)).to_numpy(dtype=bool)
    truth = labels[technology].to_numpy()
    weight = weights_of(labels, terms)
    return TrainingSet(
        pd.concat([posts, titles[echoed]], ignore_index=True),
        np.concatenate([truth, truth[echoed]]),
        np.concatenate([weight, weight[echoed]]),
    )
