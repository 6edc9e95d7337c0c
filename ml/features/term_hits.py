"""Where the terms stand in each post: found once, read by every feature that asks for them."""

from typing import Any

import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from ml.features.post_texts import FIELDS, SEPARATOR
from ml.features.term_finder import TermFinder, finder_of

Hit = tuple[int, int, int, int, list[int]]
"""Number of the field, start in the field, start and end in `text`, numbers of the term's groups."""


class TermHits(TransformerMixin, BaseEstimator):
    """Adds the column `hits` to the frame of `post_texts`: a list of Hit a post, from left to right.

    Parameters
    ----------
    groups : {group name: [terms]}, as `keyword_groups` makes them. Where two terms overlap the longer one counts.
    """

    def __init__(self, groups: dict[str, list[str]]) -> None:
        self.groups = groups

    def fit(self, posts: pd.DataFrame, y: Any = None) -> "TermHits":
        self.n_features_in_ = posts.shape[1]
        return self

    def transform(self, posts: pd.DataFrame) -> pd.DataFrame:
        finder = finder_of(self.groups)
        fields = zip(*(posts[name] for name in FIELDS), strict=True)
        found: list[Any] = [_hits(texts, finder) for texts in fields]
        return posts.assign(hits=pd.Series(found, posts.index, dtype=object))


def _hits(texts: tuple[str, ...], finder: TermFinder) -> list[Hit]:
    found: list[Hit] = []
    offset = 0
    for field, text in enumerate(texts):
        if text:
            hits = finder.hits(text)
            found += [(field, start, offset + start, offset + end, groups) for start, end, groups in hits]
            offset += len(text) + len(SEPARATOR)
    return found
