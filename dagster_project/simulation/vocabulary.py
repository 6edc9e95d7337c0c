"""The generator's own words: occupations, what clients ask for, and how they say it (`vocabulary/*.yml`)."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

VOCABULARY_PATH = Path(__file__).with_name("vocabulary_files")


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
def load_vocabulary(path: Path = VOCABULARY_PATH) -> Vocabulary:
    """Read the vocabulary; KeyError names a list that a file lacks."""
    files = [_read(file) for file in sorted((path / "occupations").glob("*.yml"))]
    categories = tuple(file["category"] for file in files)
    phrases = {name: alternatives(text) for name, text in _read(path / "wording.yml").items()}
    for file in files:
        phrases |= _occupation_phrases(file)
    technologies = _read(path / "technologies.yml")
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
