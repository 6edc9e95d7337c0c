"""From posts to numbers: keyword hits by group and field, n-grams, words around the hits, how a post speaks."""

import re
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer

from ml.features.documents import Documents, trigram_number
from ml.features.letters import BREAK, CUE, Array, Letters, Places, hashes_of
from ml.features.post_texts import FIELDS
from ml.features.terms import ReadPosts, WithGroups, claim_columns

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
_CUE_NUMBERS = np.array([*_CUE_OF.values()])
_CUE_WORDS = Places(hashes_of([*_CUE_OF]))
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

    def fit(self, posts: ReadPosts, y: Any = None) -> "HitCues":
        return self

    def transform(self, posts: ReadPosts) -> Array:
        letters, length = posts.text.letters, posts.text.end - posts.text.start
        values = np.zeros((len(length), 2 * len(CUES) + 5))
        values[:, -1] = length / _FULL_TEXT
        claims = posts.hits_of(claim_columns(self.groups)[self.technology])
        if not len(claims):
            return values
        row, start, end = posts.hit_row[claims], posts.hits.start[claims], posts.hits.end[claims]
        window = np.maximum(start - self.reach, letters.starts[row]), np.minimum(end + self.reach, letters.ends[row])
        near, separators = _cues_within(letters, *window), _separators_within(letters, *window) / _FULL_WINDOW
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
        return values


def _cues_within(letters: Letters, start: Array, end: Array) -> Array:
    """Which cues stand in each window: ones in an array of zeros, (windows, cues)."""
    window, *word = letters.runs_within(CUE, start, end)
    cue = _CUE_WORDS.of(letters.hashes(*word))
    near = np.zeros((len(start), len(CUES)))
    near[window[cue >= 0], _CUE_NUMBERS[cue[cue >= 0]]] = 1.0
    return near


def _separators_within(letters: Letters, start: Array, end: Array) -> Array:
    """How many separators _SEPARATORS finds in each window, one that shares a blank with the one before left out."""
    window, at = letters.spread(start, end)
    counts = np.bincount(window[(letters.kinds[at] & BREAK != 0) & (at < end[window])], minlength=len(start))
    place = np.flatnonzero(letters.codes[at] == ord(" "))
    size = np.zeros(len(place), np.int64)
    for separator in (" - ", " and "):
        size[letters.stands_at(separator, at[place])] = len(separator)
    is_one = (size > 0) & (at[place] + size <= end[window[place]])
    window, at, size = window[place[is_one]], at[place[is_one]], size[is_one]
    counts += np.bincount(window, minlength=len(start))
    for shared in window[1:][(window[1:] == window[:-1]) & (at[1:] < at[:-1] + size[:-1])]:
        counts[shared] = len(_SEPARATORS.findall(letters.text[start[shared] : end[shared]]))
    return counts


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

    def fit(self, posts: ReadPosts, y: Any = None) -> "KeywordHits":
        return self

    def transform(self, posts: ReadPosts) -> csr_matrix:
        claims = claim_columns(self.groups)
        of_term = [*posts.finder.terms.values()]
        sizes = np.array([len(groups) for groups in of_term])[posts.hits.term]
        hit = np.repeat(np.arange(len(sizes)), sizes)
        group = np.array([group for term in posts.hits.term.tolist() for group in of_term[term]], np.int64)
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


class NGrams(TfidfVectorizer):
    """TF-IDF of Documents, learnt by scikit-learn and computed by a faster way with the same result.

    Knows words by the default pattern (`analyzer="word"`, one or two in a row) and three letters in a row
    (`analyzer="char_wb"`). The vocabulary is stored as one text, a term a line in the order of the columns: an entry
    each would make a stored model forty times slower to write and to read.
    """

    vocabulary_: dict[str, int]

    def __getstate__(self) -> dict[str, Any]:
        state = {name: value for name, value in super().__getstate__().items() if name != "_known"}
        if "vocabulary_" in state:
            state["vocabulary_"] = "\n".join(sorted(self.vocabulary_, key=self.vocabulary_.__getitem__))
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        if isinstance(terms := state.get("vocabulary_"), str):
            state = state | {"vocabulary_": {term: column for column, term in enumerate(terms.split("\n"))}}
        super().__setstate__(state)

    def fit(self, documents: Documents, y: Any = None) -> "NGrams":
        super().fit(documents.strings())
        self._known = self._grams_of_vocabulary()
        return self

    def fit_transform(self, documents: Documents, y: Any = None) -> csr_matrix:
        return self.fit(documents).transform(documents)

    def transform(self, documents: Documents) -> csr_matrix:
        if not hasattr(self, "_known"):
            self._known = self._grams_of_vocabulary()
        row, gram = self._grams(documents)
        column = self._known.of(gram)
        is_known = column >= 0
        ends = np.searchsorted(row[is_known], np.arange(documents.count + 1))
        shape = (documents.count, len(self._known))
        counts = csr_matrix((np.ones(ends[-1]), column[is_known], ends), shape)
        counts.sum_duplicates()
        return self._tfidf.transform(counts, copy=False)

    def _grams(self, documents: Documents) -> tuple[Array, Array]:
        """(document, number) of every n-gram, in the order of the documents."""
        if self.analyzer == "char_wb":
            return documents.trigrams
        return documents.words if self.ngram_range[1] == 1 else documents.words_and_pairs

    def _grams_of_vocabulary(self) -> Places:
        """The number of each n-gram, as documents give it, in the order of the columns."""
        terms = Documents.of_texts(sorted(self.vocabulary_, key=self.vocabulary_.__getitem__))
        if self.analyzer == "char_wb":
            codes = terms.letters.codes.astype(np.uint64)
            return Places(trigram_number(*(codes[terms.start + place] for place in range(3))))
        row, gram = self._grams(terms)
        numbers = np.zeros(terms.count, np.uint64)
        first = np.searchsorted(row, np.arange(terms.count))
        numbers[:] = gram[first]
        if self.ngram_range[1] == 2:
            is_pair = gram[first + 1] != 0
            numbers[is_pair] = gram[first + 1][is_pair]
        return Places(numbers)


class PostPart(TransformerMixin, BaseEstimator):
    """One of the documents of ReadPosts."""

    def __init__(self, part: Literal["title", "text"]) -> None:
        self.part = part

    def fit(self, posts: ReadPosts, y: Any = None) -> "PostPart":
        return self

    def transform(self, posts: ReadPosts) -> Documents:
        return posts.title if self.part == "title" else posts.text


class HitContexts(TransformerMixin, WithGroups):
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

    def fit(self, posts: ReadPosts, y: Any = None) -> "HitContexts":
        return self

    def transform(self, posts: ReadPosts) -> Documents:
        """Windows that touch are one part of the document."""
        letters = posts.text.letters
        own = posts.hits_of(number for number, group in enumerate(self.groups) if group.startswith(self.prefix))
        row = posts.hit_row[own]
        start = np.maximum(posts.hits.start[own] - self.reach, letters.starts[row])
        end = posts.hits.end[own] + self.reach
        is_first = np.append(True, (row[1:] != row[:-1]) | (start[1:] > end[:-1]))[: len(row)]
        is_last = np.append(is_first[1:], True)[: len(row)]
        end = np.minimum(end, letters.ends[row])
        return Documents(letters, posts.text.count, row[is_first], start[is_first], end[is_last])
