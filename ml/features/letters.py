"""Texts as flat arrays: every letter of many texts in one array, a hash of any part of them at once, and the words,
pairs and trigrams of documents, which are parts of the same letters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.features.post_texts import SEPARATOR

Array = npt.NDArray[Any]
GAP = "\0"  # stands between texts: neither a letter nor a blank, so that no word and no term reaches over it
WORD, SOLID, ASCII_WORD, TERM_START, CUE, BREAK = (1 << bit for bit in range(6))
"""Kinds of letters: `\\w`; `\\S`; `[a-z0-9_]`; `[a-z0-9]`; letters of cue words; what parts the items of a list."""
_LETTERS_OF = {
    ASCII_WORD: "abcdefghijklmnopqrstuvwxyz0123456789_",
    TERM_START: "abcdefghijklmnopqrstuvwxyz0123456789",
    CUE: "abcdefghijklmnopqrstuvwxyz'",
    BREAK: ",/;•·|*(\n",
}
_ALL_CODES = 0x110000
_BASE = 0x9E3779B97F4A7C15  # any odd number without a pattern has an inverse among 64-bit integers
_INVERSE = pow(_BASE, -1, 1 << 64)
_PAIR = np.uint64(0xD6E8FEB86659FD93)  # odd: which word stands first tells


class Letters:
    """Texts in lower case, one after the other.

    text: all of them with GAP between, before and after; codes: its code points; kinds: the kinds of each, as bits;
    starts, ends: where each of the texts stands in it.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.text = GAP + GAP.join(texts).lower() + GAP
        self.codes = np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), np.uint32)
        self.kinds = _kinds(128 if self.text.isascii() else _ALL_CODES).take(self.codes)
        lengths = self.lengths(texts)
        self.ends = np.cumsum(lengths + 1)
        self.starts = self.ends - lengths
        powers, self._inverses = _powers(1 << len(self.text).bit_length())
        self._sums = np.zeros(len(self.text) + 1, np.uint64)
        np.multiply(self.codes, powers[: len(self.text)], out=self._sums[1:])
        np.cumsum(self._sums, out=self._sums)

    def lengths(self, texts: Sequence[str]) -> Array:
        """Length of each text in lower case; a Turkish capital I grows by it."""
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        if "\u0307" in self.text:
            lengths = np.fromiter((len(text.lower()) for text in texts), np.int64, len(texts))
        return lengths

    def hashes(self, starts: Array, ends: Array) -> Array:
        """A 64-bit number for each part of the text: equal parts have equal ones wherever they stand."""
        return (self._sums[ends] - self._sums[starts]) * self._inverses[starts]

    @cached_property
    def words(self) -> tuple[Array, Array, Array]:
        """(starts, ends, hashes) of all runs of letters of the kind WORD."""
        start, end = self.runs(WORD)
        return start, end, self.hashes(start, end)

    @cached_property
    def ascii_words(self) -> tuple[Array, Array, Array]:
        """The same of the kind ASCII_WORD."""
        if self.text.isascii():
            return self.words
        start, end = self.runs(ASCII_WORD)
        return start, end, self.hashes(start, end)

    def runs(self, kind: int) -> tuple[Array, Array]:
        """(starts, ends) of the longest runs of letters of a kind."""
        return _edges(self.kinds & kind != 0)

    def where(self, word: str, places: Array) -> Array:
        """Which of some places a word begins at, as numbers."""
        found = np.flatnonzero(self.codes.take(places, mode="clip") == ord(word[0]))
        for offset, letter in enumerate(word[1:], start=1):
            found = found[self.codes[np.minimum(places[found] + offset, len(self.codes) - 1)] == ord(letter)]
        return found


@dataclass(frozen=True)
class Parts:
    """Parts [start, end) of letters."""

    letters: Letters
    start: Array
    end: Array

    @cached_property
    def places(self) -> tuple[Array, Array]:
        """(number of the part, place in the text) of each of their letters, and of the one after each part."""
        sizes = self.end - self.start + 1
        part = np.repeat(np.arange(len(sizes)), sizes)
        return part, np.arange(len(part)) + (self.start - np.cumsum(sizes) + sizes)[part]

    @cached_property
    def kinds(self) -> Array:
        """The kinds of the letters at the places; none of those after a part."""
        kinds = self.letters.kinds.take(self.places[1])
        kinds[np.cumsum(self.end - self.start + 1) - 1] = 0
        return kinds

    def runs(self, kind: int) -> tuple[Array, Array, Array]:
        """(number of the part, starts, ends) of the runs of letters of a kind; the ends of a part cut them."""
        part, at = self.places
        first, last = _edges(np.append(False, self.kinds & kind != 0))
        return part[first - 1], at[first - 1], at[last - 2] + 1


@dataclass(frozen=True)
class Documents(Parts):
    """`count` documents; each part belongs to the document `row`, in order."""

    row: Array
    count: int

    @classmethod
    def of_texts(cls, texts: Sequence[str]) -> "Documents":
        """A document a text."""
        letters = Letters(texts)
        return cls(letters, letters.starts, letters.ends, np.arange(len(texts)), len(texts))

    @cached_property
    def words(self) -> tuple[Array, Array]:
        """(document, hash) of the words of two letters or more, scikit-learn's default."""
        if self.start is self.letters.starts and self.end is self.letters.ends:
            start, end, number = self.letters.words
            part = np.repeat(self.row, np.diff(np.searchsorted(start, self.end), prepend=0))
        else:
            part, start, end = self.runs(WORD)
            number = self.letters.hashes(start, end)
        is_word = end - start > 1
        return self.row[part[is_word]], number[is_word]

    @cached_property
    def words_and_pairs(self) -> tuple[Array, Array]:
        """(document, hash) of each word and, after it, of the two words that begin with it, from part to part too."""
        row, word = self.words
        both = np.zeros((len(word), 2), np.uint64)  # no word has the hash 0, which stands for the pair of the last one
        both[:, 0] = word
        both[:-1, 1] = np.where(row[1:] == row[:-1], word[:-1] * _PAIR + word[1:], np.uint64(0))
        return np.repeat(row, 2), both.ravel()

    @cached_property
    def trigrams(self) -> tuple[Array, Array]:
        """(document, number) of three letters in a row within words, whose ends count as blanks: one around each
        letter."""
        part, at = self.places
        code = np.full(len(at) + 2, ord(" "), np.uint64)
        middle = np.flatnonzero(self.kinds & SOLID)
        code[middle + 1] = self.letters.codes[at[middle]]
        return self.row[part[middle]], trigram_number(code[middle], code[middle + 1], code[middle + 2])

    def strings(self) -> list[str]:
        """The documents as texts in lower case, parts joined by SEPARATOR."""
        parts: list[list[str]] = [[] for _ in range(self.count)]
        for row, start, end in zip(self.row.tolist(), self.start.tolist(), self.end.tolist(), strict=True):
            parts[row].append(self.letters.text[start:end])
        return [SEPARATOR.join(found) for found in parts]


def trigram_number(first: Array, second: Array, third: Array) -> Array:
    """One number for three code points."""
    return first << np.uint64(42) | second << np.uint64(21) | third


def _edges(is_member: Array) -> tuple[Array, Array]:
    edges = np.flatnonzero(is_member[1:] != is_member[:-1]) + 1
    return edges[::2], edges[1::2]


@lru_cache(maxsize=2)
def _kinds(size: int) -> Array:
    """The kinds of the first `size` code points."""
    kinds = np.zeros(size, np.uint8)
    everything = np.arange(size, dtype="<u4").tobytes().decode("utf-32-le", "surrogatepass")
    for kind, pattern in ((WORD, r"\w+"), (SOLID, r"\S+")):
        for found in re.finditer(pattern, everything):
            kinds[found.start() : found.end()] |= kind
    for kind, letters in _LETTERS_OF.items():
        kinds[[code for code in map(ord, letters) if code < size]] |= kind
    return kinds


@lru_cache(maxsize=2)
def _powers(size: int) -> tuple[Array, Array]:
    """The first powers of _BASE and of its inverse; what overflows 64 bits is cut off, as everywhere in hashes."""
    factors = np.ones((2, size), np.uint64)
    factors[:, 1:] = np.array([[_BASE], [_INVERSE]], np.uint64)
    base, inverse = np.cumprod(factors, axis=1)
    return base, inverse


def hashes_of(texts: Sequence[str]) -> Array:
    """The hash of each text in lower case."""
    letters = Letters(texts)
    return letters.hashes(letters.starts, letters.ends)


class Places:
    """Where numbers stand in a list of different ones; most of those that are asked for may be in none."""

    def __init__(self, numbers: Array) -> None:
        self._index = pd.Index(numbers)
        self._is_near = np.zeros(1 << _NEAR_BITS, bool)
        self._is_near[_spread_bits(numbers)] = True

    def __len__(self) -> int:
        return len(self._index)

    def of(self, numbers: Array) -> Array:
        """The place of each, -1 for one that is not in the list."""
        places = np.full(len(numbers), -1)
        near = np.flatnonzero(self._is_near[_spread_bits(numbers)])
        places[near] = self._index.get_indexer(pd.Index(numbers[near]))
        return places


_NEAR_BITS = 17


def _spread_bits(numbers: Array) -> Array:
    return (numbers * np.uint64(_BASE)) >> np.uint64(64 - _NEAR_BITS)
