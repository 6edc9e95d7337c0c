"""Documents that n-grams are counted in: parts of the same letters, and the words in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ml.features.letters import SOLID, WORD, Array, Letters, Parts
from ml.features.post_texts import SEPARATOR

_PAIR = np.uint64(0xD6E8FEB86659FD93)  # odd: which word stands first tells


def trigram_number(first: Array, second: Array, third: Array) -> Array:
    """One number for three code points."""
    return first << np.uint64(42) | second << np.uint64(21) | third


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
