"""The generator's own words: occupations, what clients ask for, and how they say it (`vocabulary_files/`), as phrases
with slots that are expanded for many rows at once.

A phrase is cut at its slots into literal pieces; a row's text is piece, filling, piece ... joined by Arrow, so that the
cost does not depend on how many phrases there are.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import yaml

VOCABULARY_PATH = Path(__file__).with_name("vocabulary_files")
SLOT = re.compile(r"\{(\w+)\}")
MOST_SLOTS = 4
_NO_SLOT = -1
_FIRST_DYNAMIC = -2
# Deeper than any list of the vocabulary goes; a phrase that contains itself ends here.
MOST_LEVELS = 6


@dataclass(frozen=True)
class Vocabulary:
    """Occupations in a fixed order with their weight in their category, and phrase lists by rule name.

    Rules: `<slot>` of wording.yml, `roles|tasks|skills:<occupation>`, `details:<category>`,
    `roles|details|implicit:<technology>`, `tasks:<technology>:<category>`, `negatives:<category>`.
    """

    categories: tuple[str, ...]
    occupations: tuple[str, ...]
    category_of: np.ndarray
    weight: np.ndarray
    phrases: dict[str, list[str]]


def alternatives(text: str) -> list[str]:
    """'a | b' -> ['a', 'b']."""
    return [phrase.strip() for phrase in text.split("|")]


def _read(path: Path) -> dict[str, Any]:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def _occupation_phrases(category: dict[str, Any]) -> dict[str, list[str]]:
    phrases = {f"details:{category['category']}": alternatives(category["details"])}
    for name, words in category["occupations"].items():
        phrases[f"roles:{name}"] = alternatives(words["roles"])
        phrases[f"tasks:{name}"] = alternatives(words["tasks"])
        phrases[f"skills:{name}"] = alternatives(words["skills"]) + alternatives(category["skills"])
    return phrases


def _technology_phrases(technology: str, words: dict[str, Any], categories: tuple[str, ...]) -> dict[str, list[str]]:
    phrases = {f"{kind}:{technology}": alternatives(words[kind]) for kind in ("roles", "details", "implicit")}
    for category in categories:
        phrases[f"tasks:{technology}:{category}"] = alternatives(words["tasks"].get(category, words["tasks"]["any"]))
    return phrases


@lru_cache
def load_vocabulary() -> Vocabulary:
    """Read the vocabulary; KeyError names a list that a file lacks."""
    files = [_read(file) for file in sorted((VOCABULARY_PATH / "occupations").glob("*.yml"))]
    categories = tuple(file["category"] for file in files)
    phrases = {name: alternatives(text) for name, text in _read(VOCABULARY_PATH / "wording.yml").items()}
    for file in files:
        phrases |= _occupation_phrases(file)
    technologies = _read(VOCABULARY_PATH / "technologies.yml")
    for technology, words in technologies.items():
        phrases |= _technology_phrases(technology, words, categories)
    for category in categories:
        phrases[f"negatives:{category}"] = alternatives(technologies["ai"]["negatives"][category])
    rows = [(i, name, words["weight"]) for i, file in enumerate(files) for name, words in file["occupations"].items()]
    return Vocabulary(
        categories=categories,
        occupations=tuple(name for _, name, _ in rows),
        category_of=np.array([i for i, _, _ in rows]),
        weight=np.array([weight for _, _, weight in rows], dtype=float),
        phrases=phrases,
    )


@dataclass(frozen=True)
class Context:
    """What a row's own slots mean.

    `rules`: slot name -> rule number of each row, shape (n,); `bound`: slot name -> phrase number of each
    row, so that the slot has the same filling wherever the row uses it.
    """

    rules: dict[str, np.ndarray]
    bound: dict[str, np.ndarray]

    def rows(self, index: np.ndarray) -> "Context":
        return Context({k: v[index] for k, v in self.rules.items()}, {k: v[index] for k, v in self.bound.items()})


class Grammar:
    """Rules (name -> phrases); a phrase number is a position in all phrases of all rules."""

    def __init__(self, rules: dict[str, list[str]], dynamic: tuple[str, ...]) -> None:
        """`dynamic` names the slots that a row's Context fills; ValueError names a slot without a rule."""
        self._rule_number = {name: i for i, name in enumerate(rules)}
        self._dynamic = {name: _FIRST_DYNAMIC - i for i, name in enumerate(dynamic)}
        self._count = np.array([len(phrases) for phrases in rules.values()])
        self._start = np.concatenate([[0], np.cumsum(self._count)[:-1]])
        phrases = [phrase for alternatives in rules.values() for phrase in alternatives]
        pieces = [SLOT.split(phrase) for phrase in phrases]
        self._slots = np.array([self._slot_numbers(piece[1::2], phrases[i]) for i, piece in enumerate(pieces)])
        padded = [piece[0::2] + [""] * (MOST_SLOTS + 1) for piece in pieces]
        self._literals = [pa.array([piece[k] for piece in padded], pa.string()) for k in range(MOST_SLOTS + 1)]

    def _slot_numbers(self, names: list[str], phrase: str) -> list[int]:
        known = self._rule_number | self._dynamic
        if len(names) > MOST_SLOTS or not set(names) <= set(known):
            raise ValueError(f"vocabulary: {phrase!r} has more than {MOST_SLOTS} slots or one of no list: {names}")
        return [known[name] for name in names] + [_NO_SLOT] * (MOST_SLOTS - len(names))

    def _number(self, slot: str) -> int:
        return self._dynamic[slot] if slot in self._dynamic else self._rule_number[slot]

    def rule(self, name: str) -> int:
        """Rule number; KeyError for a name that the vocabulary does not have."""
        return self._rule_number[name]

    def sizes(self, rules: np.ndarray) -> np.ndarray:
        return self._count[rules]

    def choose(self, rules: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """A random phrase of each row's rule."""
        return self._start[rules] + np.floor(rng.random(len(rules)) * self._count[rules]).astype(np.int64)

    def nth(self, rules: np.ndarray, position: np.ndarray) -> np.ndarray:
        """The phrase at a position of each row's rule, counted round and round."""
        return self._start[rules] + position % self._count[rules]

    def expand(self, phrases: np.ndarray, context: Context, rng: np.random.Generator, level: int = 0) -> pa.Array:
        """The text of each row's phrase with all slots filled, strings of shape (n,)."""
        slots = self._slots[phrases]
        parts = [self._literals[0].take(pa.array(phrases))]
        for k in range(MOST_SLOTS if level < MOST_LEVELS else 0):
            rows = np.flatnonzero(slots[:, k] != _NO_SLOT)
            if not len(rows):
                break
            chosen = self._fillings(slots[rows, k], context.rows(rows), rng)
            filling = self.expand(chosen, context.rows(rows), rng, level + 1)
            parts += [scatter(filling, rows, len(phrases)), self._literals[k + 1].take(pa.array(phrases))]
        return pc.binary_join_element_wise(*parts, "") if len(parts) > 1 else parts[0]

    def _fillings(self, slots: np.ndarray, context: Context, rng: np.random.Generator) -> np.ndarray:
        rules = slots.copy()
        for name, number in self._dynamic.items():
            if name in context.rules:
                rules = np.where(slots == number, context.rules[name], rules)
        chosen = self.choose(rules, rng)
        for name, phrase in context.bound.items():
            chosen = np.where(slots == self._number(name), phrase, chosen)
        return chosen


def scatter(texts: pa.Array, rows: np.ndarray, n: int) -> pa.Array:
    """Texts put at the given rows of n, '' elsewhere."""
    position = np.zeros(n, dtype=np.int64)
    position[rows] = np.arange(1, len(rows) + 1)
    return pa.concat_arrays([pa.array([""], pa.string()), texts]).take(pa.array(position))
