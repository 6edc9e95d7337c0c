"""Finds the terms of many groups in one pass over the texts of many posts, for every feature that asks for them."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from ml.features.keywords import WIDE_NET, TechnologyTerms, term_pattern
from ml.features.letters import ASCII_WORD, TERM_START, WORD, Array, Documents, Letters, Places, hashes_of
from ml.features.post_texts import SEPARATOR

EXCLUDED = "excluded"
_FIRST_WORD = re.compile(r"\w+|\W", re.ASCII)
_NEXT_WORD = re.compile(r"[a-z0-9_]+[^a-z0-9_*]+([a-z0-9_]+)(\*?)", re.ASCII)
_KEY_LENGTHS = (5, 4, 3)  # with shorter keys a pattern would be tried at every second word
_SECOND_LENGTH = 3
_KEY_FACTOR = np.uint64(0xA0761D6478BD642F)


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


@dataclass(frozen=True)
class Hits:
    """Terms found in texts, from left to right: place in the letters, number of the term; the same length."""

    start: Array
    end: Array
    term: Array


class TermFinder:
    """Finds the terms of all groups in one pass.

    Patterns are looked up by the whole first word of their terms, or by the first characters of a word where a term's
    first word goes on with `*`, and by the first letters of the second word; few are tried in vain.

    is_in: whether each term, by the number that `Hits` gives it, belongs to each group, (terms, groups).
    """

    def __init__(self, groups: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
        numbers = {term: number for number, term in enumerate(dict.fromkeys(t for _, terms in groups for t in terms))}
        self.is_in = np.zeros((len(numbers), len(groups)), bool)
        for group, (_, terms) in enumerate(groups):
            self.is_in[[numbers[term] for term in terms], group] = True
        whole, opened = _by_first_word(numbers)
        # A word may begin several terms, whole and open, and the longest of them must win.
        keys = [_with_shorter_keys(word, terms, opened) for words in (whole, opened) for word, terms in words.items()]
        self._beginnings = Places(hashes_of([*{word[: min(_KEY_LENGTHS)] for word in opened}]))
        self._whole, self._opened = Places(hashes_of([*whole])), Places(hashes_of([*opened]))
        self._dot = [*whole].index(".") if "." in whole else None
        alone = [{term for term in terms if _next_letters(term) is None} for terms in keys]
        self._is_alone = np.array([*map(bool, alone)], bool)
        pairs = [(key, letters) for key, terms in enumerate(keys) for letters in {*map(_next_letters, terms)} - {None}]
        key, letters = zip(*pairs, strict=True) if pairs else ((), ())
        self._seconds = Places(_keyed(np.array(key, np.uint64), hashes_of(letters)))
        followed = [{t for t in keys[key] if _next_letters(t) == letters} | alone[key] for key, letters in pairs]
        self._terms, self._numbers = [*alone, *followed], numbers
        self._patterns: dict[int, tuple[re.Pattern[str], list[int]]] = {}

    def find(self, letters: Letters) -> Hits:
        """The hits in all texts, without overlaps."""
        found: list[tuple[int, int, int]] = []
        end = 0
        for place, key in zip(*self._tries(letters), strict=True):
            if place < end:
                continue
            pattern, numbers = self._patterns.get(key) or self._compiled(key)
            if match := pattern.match(letters.text, place):
                end = match.end()
                found.append((place, end, numbers[int(match.lastindex or 0) - 1]))
        return Hits(*np.array(found, np.int64).reshape(-1, 3).T)

    def _compiled(self, key: int) -> tuple[re.Pattern[str], list[int]]:
        """A pattern is made where it is first tried, since most of them never are."""
        self._patterns[key] = _numbered_pattern(self._terms[key], self._numbers)
        return self._patterns[key]

    def _tries(self, letters: Letters) -> tuple[list[int], list[int]]:
        """(places, numbers of the patterns) where a term may begin."""
        start, end, _ = letters.ascii_words
        key = self._keys(letters)
        known = np.flatnonzero(key >= 0)
        place, key, second = start[known], key[known], np.minimum(known + 1, len(start) - 1)
        following = letters.hashes(start[second], np.minimum(start[second] + _SECOND_LENGTH, end[second]))
        pair = self._seconds.of(_keyed(key, following))
        is_try = self._is_alone[key] | (pair >= 0)
        key = np.where(pair >= 0, pair + len(self._is_alone), key)
        is_try &= (letters.kinds[place] & TERM_START != 0) & (letters.kinds[place - 1] & WORD == 0)
        dots = _dots_before_letters(letters) if self._dot is not None else place[:0]
        place, key = np.append(place[is_try], dots), np.append(key[is_try], np.full(len(dots), self._dot or 0))
        order = np.argsort(place)
        return place[order].tolist(), key[order].tolist()

    def _keys(self, letters: Letters) -> Array:
        """The number of the pattern that each ASCII word may begin, -1 for none."""
        start, end, word = letters.ascii_words
        key = self._whole.of(word)
        is_open = np.flatnonzero((key < 0) & (end - start >= min(_KEY_LENGTHS)))
        beginning = letters.hashes(start[is_open], start[is_open] + min(_KEY_LENGTHS))
        is_open = is_open[self._beginnings.of(beginning) >= 0]
        for length in _KEY_LENGTHS:
            rest = is_open[(key[is_open] < 0) & (end[is_open] - start[is_open] >= length)]
            opened = self._opened.of(letters.hashes(start[rest], start[rest] + length))
            key[rest] = np.where(opened < 0, -1, opened + len(self._whole))
        return key


def _dots_before_letters(letters: Letters) -> Array:
    dots = np.flatnonzero(letters.codes == ord("."))
    following = letters.codes[dots + 1]
    return dots[(following >= ord("a")) & (following <= ord("z"))]


def _keyed(key: Array, following: Array) -> Array:
    """One number for a pattern and the letters of the next word."""
    return key.astype(np.uint64) * _KEY_FACTOR + following


def _next_letters(term: str) -> str | None:
    """The first letters of a term's second word; None where any word may follow the first one."""
    words = _NEXT_WORD.match(term)
    if words is None:
        return None
    is_cut = words[2] == "*" and len(words[1]) < _SECOND_LENGTH
    return None if is_cut else words[1][:_SECOND_LENGTH]


def _by_first_word(terms: Iterable[str]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Terms by their whole first word, and those whose first word is open (`automat*`) by its first characters."""
    whole: dict[str, set[str]] = {}
    opened: dict[str, set[str]] = {}
    for term in terms:
        word = _FIRST_WORD.match(term)[0]  # type: ignore[index]
        if term[len(word) :].startswith("*"):
            if len(word) < min(_KEY_LENGTHS):
                raise ValueError(
                    f"term {term!r}: at least {min(_KEY_LENGTHS)} characters must stand before the first *"
                )
            opened.setdefault(word[: max(_KEY_LENGTHS)], set()).add(term)
        else:
            whole.setdefault(word, set()).add(term)
    return whole, opened


def _with_shorter_keys(word: str, terms: set[str], opened: dict[str, set[str]]) -> set[str]:
    return terms.union(*(opened.get(word[:length], ()) for length in _KEY_LENGTHS))


def _numbered_pattern(terms: set[str], numbers: dict[str, int]) -> tuple[re.Pattern[str], list[int]]:
    """One alternation with a group a term, the longest first, and the numbers of the terms in that order."""
    ordered = sorted(terms, key=lambda term: (-len(term), term))
    pattern = "|".join(f"({term_pattern(term)})" for term in ordered)
    return re.compile(pattern, re.ASCII), [numbers[term] for term in ordered]


@lru_cache(maxsize=8)
def _finder(groups: tuple[tuple[str, tuple[str, ...]], ...]) -> TermFinder:
    return TermFinder(groups)


def finder_of(groups: dict[str, list[str]]) -> TermFinder:
    """The finder of these groups, made once a process."""
    return _finder(tuple((name, tuple(terms)) for name, terms in groups.items()))


def are_claimed(texts: Sequence[str], terms: TechnologyTerms) -> Array:
    """`TechnologyTerms.is_claimed` of many texts at once."""
    return _judged(texts, terms.claiming, terms.excluded, terms.is_claimed)


def are_candidates(texts: Sequence[str], terms: TechnologyTerms) -> Array:
    """`TechnologyTerms.is_candidate` of many texts at once."""
    return _judged(texts, terms.included, terms.excluded, terms.is_candidate)


def _judged(texts: Sequence[str], words: list[str], excluded: list[str], judge: Callable[[str], bool]) -> Array:
    """Whether each text holds one of the words once its excluded phrases are blanks; `judge` says it of texts that
    patterns read otherwise than arrays."""
    letters = Letters(texts)
    is_found = _with_terms(letters, words, len(texts))
    blanked = _blanked(letters, excluded)
    is_found[[*blanked]] = _with_terms(Letters([*blanked.values()]), words, len(blanked))
    doubtful = _doubtful(letters, texts)
    is_found[doubtful] = [judge(texts[row]) for row in doubtful.tolist()]
    return is_found


def _with_terms(letters: Letters, terms: list[str], count: int) -> Array:
    hits = finder_of({"all": terms}).find(letters)
    return np.bincount(_rows(letters, hits.start), minlength=count) > 0


def _rows(letters: Letters, places: Array) -> Array:
    """Numbers of the texts that places lie in."""
    return np.searchsorted(letters.starts, places, "right") - 1


def _blanked(letters: Letters, phrases: list[str]) -> dict[int, str]:
    """By number the texts that hold one of the phrases, in lower case, each phrase as a blank."""
    hits = finder_of({"all": phrases}).find(letters)
    begun: dict[int, list[str]] = {}
    place: dict[int, int] = {}
    rows = _rows(letters, hits.start)
    for row, start, end in zip(rows.tolist(), hits.start.tolist(), hits.end.tolist(), strict=True):
        begun.setdefault(row, []).append(letters.text[place.get(row, int(letters.starts[row])) : start])
        place[row] = end
    return {row: " ".join([*parts, letters.text[place[row] : int(letters.ends[row])]]) for row, parts in begun.items()}


def _doubtful(letters: Letters, texts: Sequence[str]) -> Array:
    """Numbers of the texts in which a letter that is none to the patterns stands before a term's first, or that lower
    case changes into one of theirs."""
    is_foreign = (letters.kinds[:-1] & WORD != 0) & (letters.kinds[:-1] & ASCII_WORD == 0)
    places = np.flatnonzero(is_foreign & (letters.kinds[1:] & TERM_START != 0))
    changed = [row for row, text in enumerate(texts) if "\u212a" in text or "\u0130" in text]
    return np.union1d(_rows(letters, places), np.array(changed, np.int64))


class WithGroups(TransformerMixin, BaseEstimator):
    """A transformer that learns nothing; its groups of terms are stored as one text: an entry each would take a second
    to read."""

    groups: dict[str, list[str]]

    def fit(self, posts: Any, y: Any = None) -> "WithGroups":
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __getstate__(self) -> dict[str, Any]:
        return dict(super().__getstate__()) | {"groups": json.dumps(self.groups)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        stored = state["groups"]
        super().__setstate__(state | {"groups": json.loads(stored) if isinstance(stored, str) else stored})


@dataclass(frozen=True)
class ReadPosts:
    """Posts as the features read them.

    text, title: documents, a post each. hits: of the terms of `finder`, in the post `hit_row`, in the field `hit_field`
    (number in FIELDS) that begins at `hit_field_start`. has_description: a flag a post.
    """

    text: Documents
    title: Documents
    has_description: Array
    finder: TermFinder
    hits: Hits
    hit_row: Array
    hit_field: Array
    hit_field_start: Array

    def hits_of(self, groups: list[int]) -> Array:
        """Numbers of the hits whose term is of any of these groups."""
        return np.flatnonzero(self.finder.is_in[self.hits.term][:, groups].any(axis=1))


class TermHits(WithGroups):
    """Reads the frame of `post_texts`: from posts to ReadPosts.

    Parameters
    ----------
    groups : {group name: [terms]}, as `keyword_groups` makes them. Where two terms overlap the longer one counts.
    """

    def __init__(self, groups: dict[str, list[str]]) -> None:
        self.groups = groups

    def transform(self, posts: pd.DataFrame) -> ReadPosts:
        text = Documents.of_texts(posts["text"].tolist())
        finder, letters = finder_of(self.groups), text.letters
        hits = finder.find(letters)
        row = np.searchsorted(letters.starts, hits.start, "right") - 1
        title_end = letters.starts + letters.lengths(posts["title"].tolist())
        description_start = letters.ends - letters.lengths(posts["description"].tolist())
        in_title, in_description = hits.start < title_end[row], hits.start >= description_start[row]
        skills_start = np.where(title_end > letters.starts, title_end + len(SEPARATOR), letters.starts)
        starts = [letters.starts[row], description_start[row]]
        return ReadPosts(
            text=text,
            title=replace(text, end=title_end),
            has_description=posts["description"].ne("").to_numpy(dtype=float),
            finder=finder,
            hits=hits,
            hit_row=row,
            hit_field=np.select([in_title, in_description], [0, 2], 1),
            hit_field_start=np.select([in_title, in_description], starts, skills_start[row]),
        )
