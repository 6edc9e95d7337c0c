"""Finds the terms of many groups in one pass over a text: the fast sibling of `ml.keywords` for features."""

import re
from collections.abc import Iterator
from functools import lru_cache

from ml.keywords import WIDE_NET, TechnologyTerms, term_pattern

EXCLUDED = "excluded"
_WORD_START = re.compile(r"\b[a-z0-9]|\.(?=[a-z])")


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
    """Finds the terms of all groups in one pass: patterns are looked up by the two characters at a word's
    start."""

    def __init__(self, groups: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
        self._columns: dict[str, list[int]] = {}
        by_start: dict[str, set[str]] = {}
        for column, (_, terms) in enumerate(groups):
            for term in terms:
                self._columns.setdefault(term, []).append(column)
                by_start.setdefault(term[:2].rstrip(" "), set()).add(term)
        self._patterns = {start: _numbered_pattern(terms) for start, terms in by_start.items()}

    def hits(self, text: str) -> Iterator[tuple[int, int, list[int]]]:
        """(start, end, group numbers) of every hit, from left to right, without overlaps."""
        lowered = text.lower()
        end = 0
        for word in _WORD_START.finditer(lowered):
            start = word.start()
            if start < end:
                continue
            found = self._match(lowered, start)
            if found is not None:
                end = found[0]
                yield start, end, self._columns[found[1]]

    def _match(self, text: str, start: int) -> tuple[int, str] | None:
        for key in (text[start : start + 2], text[start]):
            if key in self._patterns:
                pattern, terms = self._patterns[key]
                if match := pattern.match(text, start):
                    return match.end(), terms[int(match.lastindex or 0) - 1]
        return None


def _numbered_pattern(terms: set[str]) -> tuple[re.Pattern[str], list[str]]:
    """One alternation with a numbered group a term, the longest first, and the terms in that order."""
    ordered = sorted(terms, key=lambda term: (-len(term), term))
    return re.compile("|".join(f"({term_pattern(term)})" for term in ordered), re.ASCII), ordered


@lru_cache(maxsize=8)
def _finder(groups: tuple[tuple[str, tuple[str, ...]], ...]) -> TermFinder:
    return TermFinder(groups)


def finder_of(groups: dict[str, list[str]]) -> TermFinder:
    return _finder(tuple((name, tuple(terms)) for name, terms in groups.items()))
