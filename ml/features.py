"""From posts to numbers: word and character n-grams, keyword hits by group and field, and the words around
the hits.

Every transformer takes the frame of `post_texts`; nothing here is fitted on posts that are only scored.
"""

from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer

from ml.term_finder import TermFinder, claim_columns, finder_of

TextSetting = Literal["title", "full"]
DESCRIPTION_CHARS = 650  # what the labellers saw, and what a search page shows of a post
FIELDS = ("title", "skills", "description")
_SEPARATOR = " | "
CLAIM_NAMES = (
    *(f"in {field}" for field in FIELDS),
    *(f"times in {field}" for field in FIELDS),
    "early in description",
    "in title and description",
    "in skills alone",
    "in title without description",
)
_CAP = 3  # a client who writes 'AI' ten times means it no more than one who writes it three times


def post_texts(
    titles: Iterable[str | None],
    descriptions: Iterable[str | None],
    skills: Iterable[Iterable[str] | None],
    setting: TextSetting = "full",
) -> pd.DataFrame:
    """The frame that models read: title, skills, description (first 650 characters) and `text`, all three
    joined.

    Skill tags are read only where a post has no description: clients pick tags that the text contradicts, and the
    text decides. By the setting `title` the other two fields are empty. Absent values become ''.
    """
    frame = pd.DataFrame({"title": [title or "" for title in titles]}, dtype=object)
    is_full = setting == "full"
    frame["skills"] = [_SEPARATOR.join(tags) if is_full and tags is not None else "" for tags in skills]
    frame["description"] = [(text or "")[:DESCRIPTION_CHARS] if is_full else "" for text in descriptions]
    frame.loc[frame["description"].ne(""), "skills"] = ""
    frame["text"] = [_SEPARATOR.join(filter(None, fields)) for fields in frame[list(FIELDS)].to_numpy()]
    return frame


class KeywordHits(TransformerMixin, BaseEstimator):
    """Keyword hits by group and field, and where each technology is claimed; a fixed vocabulary, nothing is
    learnt.

    Parameters
    ----------
    groups : {group name: [terms]}, as `keyword_groups` makes them. Where two terms overlap the longer one
    counts.

    Output: csr_matrix, a row a post, named by `get_feature_names_out`: log(1 + hits) of every group in
    every field (hits capped at 3), then for each technology the summary of `_claim_summary`, then whether
    the post has a description.
    """

    def __init__(self, groups: dict[str, list[str]]) -> None:
        self.groups = groups

    def fit(self, posts: pd.DataFrame, y: Any = None) -> "KeywordHits":
        self.n_features_in_ = posts.shape[1]
        return self

    def transform(self, posts: pd.DataFrame) -> csr_matrix:
        finder, claims = finder_of(self.groups), claim_columns(self.groups)
        counts = np.zeros((len(posts), len(self.groups), len(FIELDS)))
        first = np.full((len(posts), len(claims)), np.inf)
        for field_number, field in enumerate(FIELDS):
            for row, text in enumerate(posts[field]):
                for start, _, columns in finder.hits(text):
                    counts[row, columns, field_number] += 1
                    if field == "description":
                        _note_first(first[row], start, columns, claims)
        has_description = posts["description"].ne("").to_numpy(dtype=float)
        claimed = np.stack([counts[:, own].sum(axis=1) for own in claims.values()], axis=1)
        summary = _claim_summary(claimed, first, has_description)
        groups = np.log1p(np.minimum(counts, _CAP)).reshape(len(posts), -1)
        return csr_matrix(np.hstack([groups, summary, has_description[:, None]]))

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        names = [f"{group} in {field}" for group in self.groups for field in FIELDS]
        names += [f"{technology} {name}" for technology in claim_columns(self.groups) for name in CLAIM_NAMES]
        return np.array([*names, "has description"], dtype=object)


def _note_first(first: np.ndarray, start: int, columns: list[int], claims: dict[str, list[int]]) -> None:
    for number, own in enumerate(claims.values()):
        if not set(own).isdisjoint(columns):
            first[number] = min(first[number], start)


def _claim_summary(claimed: np.ndarray, first: np.ndarray, has_description: np.ndarray) -> np.ndarray:
    """Where each technology is named: shape (posts, technologies x len(CLAIM_NAMES)).

    claimed: counts, (posts, technologies, fields); first: position of the first claim in the description,
    inf without one. Trees and linear models alike need these sums and products spelt out: a post that names
    a technology in its title and its text means it, one that has it as a skill tag alone rarely does.
    """
    is_in = (claimed > 0).astype(float)
    title, skills, description = (is_in[:, :, number] for number in range(len(FIELDS)))
    columns = [
        *np.moveaxis(is_in, 2, 0),
        *np.moveaxis(np.log1p(claimed), 2, 0),
        1.0 / (1.0 + first / 100.0),
        title * description,
        skills * (1.0 - title) * (1.0 - description),
        title * (1.0 - has_description)[:, None],
    ]
    return np.stack(columns, axis=2).reshape(len(claimed), -1)


class NGrams(TfidfVectorizer):
    """TF-IDF whose vocabulary holds plain integers: NumPy's make the stored file twenty times larger."""

    def fit_transform(self, raw_documents: Any, y: Any = None) -> csr_matrix:
        matrix = super().fit_transform(raw_documents, y)
        plain = {term: int(column) for term, column in vars(self)["vocabulary_"].items()}
        self.vocabulary_: dict[str, int] = plain
        return matrix


class HitContexts(TransformerMixin, BaseEstimator):
    """The words around the hits of one technology, as one text a post: what the post says about the
    technology.

    Parameters
    ----------
    groups : as for KeywordHits; `prefix` : groups whose name starts with it open a window; `reach` :
    characters on each side.
    """

    def __init__(self, groups: dict[str, list[str]], prefix: str, reach: int = 40) -> None:
        self.groups = groups
        self.prefix = prefix
        self.reach = reach

    def fit(self, posts: pd.DataFrame, y: Any = None) -> "HitContexts":
        self.n_features_in_ = posts.shape[1]
        return self

    def transform(self, posts: pd.DataFrame) -> list[str]:
        finder = finder_of(self.groups)
        own = {number for number, group in enumerate(self.groups) if group.startswith(self.prefix)}
        return [self._windows(text, finder, own) for text in posts["text"]]

    def _windows(self, text: str, finder: "TermFinder", own: set[int]) -> str:
        spans: list[list[int]] = []
        for start, end, columns in finder.hits(text):
            if own.intersection(columns):
                window = [max(0, start - self.reach), end + self.reach]
                if spans and window[0] <= spans[-1][1]:
                    spans[-1][1] = window[1]
                else:
                    spans.append(window)
        return _SEPARATOR.join(text[start:end] for start, end in spans)
