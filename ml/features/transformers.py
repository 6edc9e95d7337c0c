"""From posts to numbers: keyword hits by group and field, n-grams, words around the hits, how a post speaks."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.base import TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer

from ml.features.post_texts import FIELDS, SEPARATOR
from ml.features.terms import Hit, WithGroups, claim_columns

CUES = {
    "work": "build building built builds develop developing development deploy deploying deployed deployment "
    "migrate migrating migration setup set setting configure configuring configuration install installing "
    "manage managing administer implement implementing implementation create creating design designing "
    "integrate integrating integration train training automate automating maintain maintaining secure "
    "securing optimize optimise optimizing host hosting architect troubleshoot fix fixing move moving "
    "test testing teach write writing generate generating edit editing",
    "experience": "experience experienced knowledge familiar familiarity understanding proficient proficiency exposure "
    "skilled strong",
    "wish": "nice plus bonus preferred prefer preferably ideally optional desirable advantage necessary",
    "alternative": "or similar like such example whatever any equivalent etc eg",
    "refusal": "no not don't dont never without avoid instead reject rejected ignore ignored exclude excluded "
    "nothing decline declined",
    "employer": "we're our company startup agency platform provider brand powered about offer offers sell sells",
    "existing": "from export exported existing already currently hosted stored runs run uses used connected sits live "
    "lives",
}
_CUE_OF = {word: number for number, words in enumerate(CUES.values()) for word in words.split()}
_CUE_WORD = re.compile(r"[a-z']+")
_SEPARATORS = re.compile(r"[,/;•·|*(\n]| - | and ")
_FULL_WINDOW, _FULL_TEXT = 5.0, 650.0  # separators of a long list, characters of a long text: brings both near 0 to 1
_LONG_PART = 300.0


class HitCues(TransformerMixin, WithGroups):
    """What stands around the places that name one technology; a fixed vocabulary, nothing is learnt.

    Parameters
    ----------
    groups : as for KeywordHits; `technology` : whose claims are looked at; `reach` : characters on each side.

    Output: array, a row a post: for every cue whether it stands near any claim, then the share of claims with it; the
    fewest and the mean separators around a claim; distinct terms, claims by length of text, length of text.
    """

    def __init__(self, groups: dict[str, list[str]], technology: str, reach: int = 50) -> None:
        self.groups = groups
        self.technology = technology
        self.reach = reach

    def fit(self, posts: pd.DataFrame, y: Any = None) -> "HitCues":
        self.n_features_in_ = posts.shape[1]
        return self

    def transform(self, posts: pd.DataFrame) -> np.ndarray:
        """posts: columns text and hits."""
        own = set(claim_columns(self.groups)[self.technology])
        values = np.zeros((len(posts), 2 * len(CUES) + 5))
        for row, (text, hits) in enumerate(zip(posts["text"], posts["hits"], strict=True)):
            values[row, -1] = len(text) / _FULL_TEXT
            if claims := [hit for hit in hits if not own.isdisjoint(hit[4])]:
                values[row, :-1] = self._around(text.lower(), claims)
        return values

    def _around(self, text: str, claims: list[Hit]) -> list[float]:
        windows = [text[max(0, start - self.reach) : end + self.reach] for _, _, start, end, _ in claims]
        near = np.zeros((len(windows), len(CUES)))
        for row, window in enumerate(windows):
            near[row, [_CUE_OF[word] for word in _CUE_WORD.findall(window) if word in _CUE_OF]] = 1.0
        separators = [len(_SEPARATORS.findall(window)) / _FULL_WINDOW for window in windows]
        terms = len({text[start:end] for _, _, start, end, _ in claims})
        density = np.log1p(len(claims)) / (1.0 + len(text) / _LONG_PART)
        return [
            *near.max(axis=0),
            *near.mean(axis=0),
            min(separators),
            float(np.mean(separators)),
            np.log1p(terms),
            density,
        ]


CLAIM_NAMES = (
    *(f"in {field}" for field in FIELDS),
    *(f"times in {field}" for field in FIELDS),
    "early in description",
    "in title and description",
    "in skills alone",
    "in title without description",
)
_CAP = 3  # a client who writes 'AI' ten times means it no more than one who writes it three times
_DESCRIPTION = FIELDS.index("description")
_WORD_PATTERN = r"(?u)\b\w\w+\b"  # scikit-learn's default
_WORD = re.compile(_WORD_PATTERN)
_ONLY_WORDS = "".join(character if re.match(r"\w", character) else " " for character in map(chr, range(128)))


class KeywordHits(TransformerMixin, WithGroups):
    """Keyword hits by group and field, and where each technology is claimed; nothing is learnt.

    Parameters
    ----------
    groups : {group name: [terms]}, the one that `TermHits` found the hits with.

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
        """posts: columns description and hits."""
        claims = claim_columns(self.groups)
        rows, fields, starts, groups = _flat(posts["hits"])
        counts = np.zeros((len(posts), len(self.groups), len(FIELDS)))
        np.add.at(counts, (rows, groups, fields), 1)
        first = np.full((len(posts), len(claims)), np.inf)
        for number, own in enumerate(claims.values()):
            claimed_here = np.isin(groups, own) & (fields == _DESCRIPTION)
            np.minimum.at(first[:, number], rows[claimed_here], starts[claimed_here])
        has_description = posts["description"].ne("").to_numpy(dtype=float)
        claimed = np.stack([counts[:, own].sum(axis=1) for own in claims.values()], axis=1)
        summary = _claim_summary(claimed, first, has_description)
        capped = np.log1p(np.minimum(counts, _CAP)).reshape(len(posts), -1)
        return csr_matrix(np.hstack([capped, summary, has_description[:, None]]))

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        names = [f"{group} in {field}" for group in self.groups for field in FIELDS]
        names += [f"{technology} {name}" for technology in claim_columns(self.groups) for name in CLAIM_NAMES]
        return np.array([*names, "has description"], dtype=object)


def _flat(hits: "pd.Series[Any]") -> np.ndarray:
    """(4, n) integers: row of the post, number of the field, start in the field, number of the group."""
    flat = [
        (row, field, start, group)
        for row, found in enumerate(hits)
        for field, start, _, _, groups in found
        for group in groups
    ]
    return np.array(flat, dtype=np.int64).reshape(-1, 4).T


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
    """TF-IDF with a faster way to score texts by words, with the same result.

    The vocabulary is stored as one text, a term a line in the order of the columns: an entry each would make a stored
    model forty times slower to write and to read.
    """

    vocabulary_: dict[str, int]

    def __getstate__(self) -> dict[str, Any]:
        state = dict(super().__getstate__())
        if "vocabulary_" in state:
            state["vocabulary_"] = "\n".join(sorted(self.vocabulary_, key=self.vocabulary_.__getitem__))
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        if isinstance(terms := state.get("vocabulary_"), str):
            state = state | {"vocabulary_": {term: column for column, term in enumerate(terms.split("\n"))}}
        super().__setstate__(state)

    def transform(self, raw_documents: Any) -> csr_matrix:
        if self.analyzer != "word" or tuple(self.ngram_range) not in ((1, 1), (1, 2)):
            return super().transform(raw_documents)
        tokens_of, column_of = self.tokenizer_of_text(), self.vocabulary_.get
        columns: list[int] = []
        ends = [0]
        for document in raw_documents:
            tokens = tokens_of(document.lower())
            columns += [column for column in map(column_of, tokens) if column is not None]
            if self.ngram_range[1] == 2:
                pairs = map(" ".join, pairwise(tokens))
                columns += [column for column in map(column_of, pairs) if column is not None]
            ends.append(len(columns))
        counts = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(ends) - 1, len(self.vocabulary_)))
        counts.sum_duplicates()
        return self._tfidf.transform(counts, copy=False)

    def tokenizer_of_text(self) -> Callable[[str], list[str]]:
        """From a text in lower case to its words, those of `build_tokenizer` found faster."""
        return words_of if self.token_pattern == _WORD_PATTERN else self.build_tokenizer()


def words_of(text: str) -> list[str]:
    """The words of scikit-learn's default pattern; ASCII text is split by a table, three times as fast."""
    if not text.isascii():
        return _WORD.findall(text)
    return [word for word in text.translate(_ONLY_WORDS).split() if len(word) > 1]


class HitContexts(TransformerMixin, WithGroups):
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
        """posts: columns text and hits."""
        own = {number for number, group in enumerate(self.groups) if group.startswith(self.prefix)}
        pairs = zip(posts["text"], posts["hits"], strict=True)
        return [self._windows(text, hits, own) if hits else "" for text, hits in pairs]

    def _windows(self, text: str, hits: list[Hit], own: set[int]) -> str:
        spans: list[list[int]] = []
        for _, _, start, end, groups in hits:
            if not own.isdisjoint(groups):
                window = [max(0, start - self.reach), end + self.reach]
                if spans and window[0] <= spans[-1][1]:
                    spans[-1][1] = window[1]
                else:
                    spans.append(window)
        return SEPARATOR.join(text[start:end] for start, end in spans)
