"""From posts to numbers: keyword hits by group and field, n-grams, words around the hits, how a post speaks."""

from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer

from ml.features.cues import CUES, cues_within, separators_within
from ml.features.letters import Array, Documents, Parts, Places, trigram_number
from ml.features.post_texts import FIELDS
from ml.features.terms import ReadPosts, WithGroups, claim_columns

_FULL_WINDOW, _FULL_TEXT = 5.0, 650.0  # separators of a long list, characters of a long text: brings both near 0 to 1
_LONG_PART = 300.0


class HitCues(WithGroups):
    """What stands around the places that name one technology; a fixed vocabulary, nothing is learnt.

    Parameters
    ----------
    groups : as for KeywordHits; `technology` : whose claims are looked at; `reach` : characters on each side.

    Output: csr_matrix, a row a post: for every cue whether it stands near any claim, then the share of claims with it;
    the fewest and the mean separators around a claim; distinct terms, claims by length of text, length of text.
    """

    def __init__(self, groups: dict[str, list[str]], technology: str, reach: int = 50) -> None:
        self.groups = groups
        self.technology = technology
        self.reach = reach

    def transform(self, posts: ReadPosts) -> csr_matrix:
        letters, length = posts.text.letters, posts.text.end - posts.text.start
        values = np.zeros((len(length), 2 * len(CUES) + 5))
        values[:, -1] = length / _FULL_TEXT
        claims = posts.hits_of(claim_columns(self.groups)[self.technology])
        if not len(claims):
            return csr_matrix(values)
        row, start, end = posts.hit_row[claims], posts.hits.start[claims], posts.hits.end[claims]
        reach = np.maximum(start - self.reach, letters.starts[row]), np.minimum(end + self.reach, letters.ends[row])
        windows = Parts(letters, *reach)
        near, separators = cues_within(windows), separators_within(windows) / _FULL_WINDOW
        first = np.flatnonzero(np.diff(row, prepend=-1))
        claimed, count = row[first], np.diff(first, append=len(row))
        terms = pd.DataFrame({"row": row, "term": letters.hashes(start, end)}).drop_duplicates()["row"]
        values[claimed, :-1] = np.column_stack(
            [
                np.maximum.reduceat(near, first),
                np.add.reduceat(near, first) / count[:, None],
                np.minimum.reduceat(separators, first),
                np.add.reduceat(separators, first) / count,
                np.log1p(np.bincount(terms, minlength=len(values))[claimed]),
                np.log1p(count) / (1.0 + length[claimed] / _LONG_PART),
            ]
        )
        return csr_matrix(values)


CLAIM_NAMES = (
    *(f"in {field}" for field in FIELDS),
    *(f"times in {field}" for field in FIELDS),
    "early in description",
    "in title and description",
    "in skills alone",
    "in title without description",
)
_CAP = 3  # a client who writes 'AI' ten times means it no more than one who writes it three times
_LOGS = np.log1p(np.arange(_CAP + 1))
_DESCRIPTION = FIELDS.index("description")


class KeywordHits(WithGroups):
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

    def transform(self, posts: ReadPosts) -> csr_matrix:
        claims = claim_columns(self.groups)
        hit, group = np.nonzero(posts.finder.is_in[posts.hits.term])
        row, field = posts.hit_row[hit], posts.hit_field[hit]
        shape = (posts.text.count, len(self.groups), len(FIELDS))
        counts = np.bincount(np.ravel_multi_index((row, group, field), shape), minlength=np.prod(shape)).reshape(shape)
        first = np.full((len(counts), len(claims)), np.inf)
        start = (posts.hits.start - posts.hit_field_start)[hit]
        for number, own in enumerate(claims.values()):
            claimed_here = np.isin(group, own) & (field == _DESCRIPTION)
            np.minimum.at(first[:, number], row[claimed_here], start[claimed_here])
        claimed = np.stack([counts[:, own].sum(axis=1) for own in claims.values()], axis=1)
        summary = _claim_summary(claimed, first, posts.has_description)
        capped = _LOGS[np.minimum(counts, _CAP)].reshape(len(counts), -1)
        return csr_matrix(np.hstack([capped, summary, posts.has_description[:, None]]))

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        names = [f"{group} in {field}" for group in self.groups for field in FIELDS]
        names += [f"{technology} {name}" for technology in claim_columns(self.groups) for name in CLAIM_NAMES]
        return np.array([*names, "has description"], dtype=object)


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


class HitContexts(WithGroups):
    """The words around the hits of one technology, as a document a post: what the post says about the technology.

    Parameters
    ----------
    groups : as for KeywordHits; `prefix` : groups whose name starts with it open a window; `reach` :
    characters on each side.
    """

    def __init__(self, groups: dict[str, list[str]], prefix: str, reach: int = 40) -> None:
        self.groups = groups
        self.prefix = prefix
        self.reach = reach

    def transform(self, posts: ReadPosts) -> Documents:
        """Windows that touch are one part of the document."""
        letters = posts.text.letters
        own = posts.hits_of([n for n, group in enumerate(self.groups) if group.startswith(self.prefix)])
        row = posts.hit_row[own]
        start = np.maximum(posts.hits.start[own] - self.reach, letters.starts[row])
        end = posts.hits.end[own] + self.reach
        is_first = np.append(True, (row[1:] != row[:-1]) | (start[1:] > end[:-1]))[: len(row)]
        is_last = np.append(is_first[1:], True)[: len(row)]
        end = np.minimum(end, letters.ends[row])
        return Documents(letters, start[is_first], end[is_last], row[is_first], posts.text.count)


class NGrams(TfidfVectorizer):
    """Learns the n-grams of Documents and their weights as scikit-learn does; CombinedNGrams counts them.

    Knows words by the default pattern (`analyzer="word"`, one or two in a row) and three letters in a row
    (`analyzer="char_wb"`). The vocabulary is stored as one text, a term a line in the order of the columns: an entry
    each would make a stored model forty times slower to write and to read.
    """

    vocabulary_: dict[str, int]

    def __getstate__(self) -> dict[str, Any]:
        state = {name: value for name, value in super().__getstate__().items() if name != "_places"}
        if "vocabulary_" in state:
            state["vocabulary_"] = "\n".join(self.terms)
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        if isinstance(terms := state.get("vocabulary_"), str):
            state = state | {"vocabulary_": {term: column for column, term in enumerate(terms.split("\n"))}}
        super().__setstate__(state)

    @property
    def terms(self) -> list[str]:
        """The n-grams in the order of the columns."""
        return sorted(self.vocabulary_, key=self.vocabulary_.__getitem__)

    @property
    def places(self) -> Places:
        """The numbers of the n-grams, as documents give them, in the order of the columns; made once."""
        if not hasattr(self, "_places"):
            self._places = Places(self._numbers(Documents.of_texts(self.terms)))
        return self._places

    def _numbers(self, terms: Documents) -> Array:
        if self.analyzer == "char_wb":
            codes = terms.letters.codes.astype(np.uint64)
            return trigram_number(*(codes[terms.start + letter] for letter in range(3)))
        row, gram = self._grams(terms)
        first = np.searchsorted(row, np.arange(terms.count))
        if self.ngram_range[1] == 1:
            return gram[first]
        return np.where(gram[first + 1] == 0, gram[first], gram[first + 1])

    def known_in(self, documents: Documents) -> tuple[Array, Array]:
        """(document, column) of every n-gram of the documents that the vocabulary knows."""
        row, gram = self._grams(documents)
        column = self.places.of(gram)
        is_known = column >= 0
        return row[is_known], column[is_known]

    def _grams(self, documents: Documents) -> tuple[Array, Array]:
        if self.analyzer == "char_wb":
            return documents.trigrams
        return documents.words if self.ngram_range[1] == 1 else documents.words_and_pairs


class CombinedNGrams(TransformerMixin, BaseEstimator):
    """TF-IDF of several documents of a post side by side.

    Parameters
    ----------
    parts : (name, document, n-grams, weight); the document is `title` or `text` of ReadPosts or a HitContexts.

    Output: csr_matrix, a row a post, the columns of the parts side by side, as scikit-learn's TfidfVectorizer with
    `sublinear_tf` gives them times the weight.
    """

    def __init__(self, parts: list[tuple[str, str | HitContexts, NGrams, float]]) -> None:
        self.parts = parts

    def fit(self, posts: ReadPosts, y: Any = None) -> "CombinedNGrams":
        for _, source, ngrams, _ in self.parts:
            ngrams.fit(_document(posts, source).strings())
        # all of them; a model stored before classifiers chose their own columns has some left out here
        self.is_kept_ = np.ones(sum(len(ngrams.vocabulary_) for _, _, ngrams, _ in self.parts), bool)
        return self

    def transform(self, posts: ReadPosts) -> csr_matrix:
        part_of, idf = self._columns()
        row, column, count = self._counts(posts)
        value = (np.log(np.arange(1, count.max(initial=1) + 1)) + 1)[count - 1] * idf[column]
        document = row * len(self.parts) + part_of[column]
        norm = np.sqrt(np.bincount(document, value**2))
        kept = np.flatnonzero(self.is_kept_[column])
        row, column, document = row[kept], column[kept], document[kept]
        weight = np.array([weight for *_, weight in self.parts])
        value = value[kept] / norm[document] * weight[part_of[column]]
        ends = np.searchsorted(row, np.arange(posts.text.count + 1))
        place = np.cumsum(self.is_kept_) - 1
        return csr_matrix((value, place[column], ends), (posts.text.count, place[-1] + 1))

    def _columns(self) -> tuple[Array, Array]:
        """For every n-gram, kept or not, the number of its part and its inverse document frequency."""
        idf = [ngrams.idf_ for _, _, ngrams, _ in self.parts]
        return np.repeat(np.arange(len(idf)), [len(part) for part in idf]), np.concatenate(idf)

    def _counts(self, posts: ReadPosts) -> tuple[Array, Array, Array]:
        """(row, column, count) of the n-grams of each post, in this order."""
        width, first = len(self.is_kept_), 0
        places = []
        for _, source, ngrams, _ in self.parts:
            row, column = ngrams.known_in(_document(posts, source))
            places.append(row * width + column + first)
            first += len(ngrams.vocabulary_)
        limits = np.arange(posts.text.count + 1) * width
        place = np.sort(np.concatenate(places).astype(np.min_scalar_type(-limits[-1])))
        is_new = np.flatnonzero(np.diff(place, prepend=-1))
        count, place = np.diff(is_new, append=len(place)), place[is_new]
        row = np.repeat(np.arange(posts.text.count), np.diff(np.searchsorted(place, limits.astype(place.dtype))))
        return row, place - limits[row], count


def _document(posts: ReadPosts, source: str | HitContexts) -> Documents:
    if isinstance(source, HitContexts):
        return source.transform(posts)
    return posts.title if source == "title" else posts.text
