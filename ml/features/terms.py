"""Finds the terms of many groups in one pass over a text, once a post, for every feature that asks for them."""

import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from ml.features.keywords import WIDE_NET, TechnologyTerms, term_pattern
from ml.features.post_texts import FIELDS, SEPARATOR

EXCLUDED = "excluded"
_WORD = re.compile(r"\b[a-z0-9][a-z0-9_]*|\.(?=[a-z])")  # Unicode's \b: no word starts after the ç of 'français'
_FIRST_WORD = re.compile(r"\w+|\W", re.ASCII)
_OPEN_KEY_LENGTH = 3  # with shorter keys a pattern would be tried at every second word


def keyword_groups(terms: dict[str, TechnologyTerms]) -> dict[str, list[str]]:
    """Terms of all technologies by group: `<technology>: <note>`, and `<technology>: excluded`."""
    groups = {f"{t}: {note}": list(words) for t, own in terms.items() for note, words in own.groups.items()}
    return groups | {f"{t}: {EXCLUDED}": list(own.excluded) for t, own in terms.items()}


def claim_columns(groups: dict[str, list[str]]) -> dict[str, list[int]]:
    """For each technology the numbers of the groups that name it: neither excluded phrases nor the wide
    net."""
    claims: dict[str, list[int]] = {}
    for number, group in enumerate(groups):
        technology, note = group.split(": ", 1)
        if not note.startswith((WIDE_NET, EXCLUDED)):
            claims.setdefault(technology, []).append(number)
    return claims


class TermFinder:
    """Finds the terms of all groups in one pass.

    Patterns are looked up by the whole first word of their terms, and by the first characters of a word where a term's
    first word goes on with `*`; a pattern is tried only at words that may begin one of its terms.
    """

    def __init__(self, groups: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
        self._columns: dict[str, list[int]] = {}
        for column, (_, terms) in enumerate(groups):
            for term in terms:
                self._columns.setdefault(term, []).append(column)
        whole, opened = _by_first_word(self._columns)
        self._opened = {key: _numbered_pattern(terms) for key, terms in opened.items()}
        # A word that is looked up whole may also begin an open term, and the longer of the two must win.
        joined = {word: terms | opened.get(word[:_OPEN_KEY_LENGTH], set()) for word, terms in whole.items()}
        self._whole = {word: _numbered_pattern(terms) for word, terms in joined.items()}

    def hits(self, text: str) -> Iterator[tuple[int, int, list[int]]]:
        """(start, end, group numbers) of every hit, from left to right, without overlaps."""
        lowered = text.lower()
        whole, opened = self._whole, self._opened
        end = 0
        for word in _WORD.finditer(lowered):
            token = word[0]
            found = whole.get(token) or opened.get(token[:_OPEN_KEY_LENGTH])
            if found is None or word.start() < end:
                continue
            pattern, terms = found
            if match := pattern.match(lowered, word.start()):
                end = match.end()
                yield match.start(), end, self._columns[terms[int(match.lastindex or 0) - 1]]


def _by_first_word(terms: Iterable[str]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Terms by their whole first word, and those whose first word is open (`automat*`) by its first characters."""
    whole: dict[str, set[str]] = {}
    opened: dict[str, set[str]] = {}
    for term in terms:
        word = _FIRST_WORD.match(term)[0]  # type: ignore[index]
        if term[len(word) :].startswith("*"):
            if len(word) < _OPEN_KEY_LENGTH:
                raise ValueError(f"term {term!r}: at least {_OPEN_KEY_LENGTH} characters must stand before the first *")
            opened.setdefault(word[:_OPEN_KEY_LENGTH], set()).add(term)
        else:
            whole.setdefault(word, set()).add(term)
    return whole, opened


def _numbered_pattern(terms: set[str]) -> tuple[re.Pattern[str], list[str]]:
    """One alternation with a numbered group a term, the longest first, and the terms in that order."""
    ordered = sorted(terms, key=lambda term: (-len(term), term))
    return re.compile("|".join(f"({term_pattern(term)})" for term in ordered), re.ASCII), ordered


@lru_cache(maxsize=8)
def _finder(groups: tuple[tuple[str, tuple[str, ...]], ...]) -> TermFinder:
    return TermFinder(groups)


def finder_of(groups: dict[str, list[str]]) -> TermFinder:
    """The finder of these groups, made once a process."""
    return _finder(tuple((name, tuple(terms)) for name, terms in groups.items()))


Hit = tuple[int, int, int, int, list[int]]
"""Number of the field, start in the field, start and end in `text`, numbers of the term's groups."""


class WithGroups(BaseEstimator):
    """A transformer whose groups of terms are stored as one text: an entry each would take a second to read."""

    groups: dict[str, list[str]]

    def __getstate__(self) -> dict[str, Any]:
        return dict(super().__getstate__()) | {"groups": json.dumps(self.groups)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        stored = state["groups"]
        super().__setstate__(state | {"groups": json.loads(stored) if isinstance(stored, str) else stored})


class TermHits(TransformerMixin, WithGroups):
    """Adds the column `hits` to the frame of `post_texts`: a list of Hit a post, from left to right; keeps one that is
    there.

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
        if "hits" in posts:
            return posts
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
