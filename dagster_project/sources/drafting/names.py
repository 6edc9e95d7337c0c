"""What exports call our columns: how well a name fits each of them, by a list of habits of many sites and languages."""

import re
import unicodedata
from functools import cache
from pathlib import Path

import yaml

_KNOWN_NAMES = Path(__file__).parent / "known_names.yml"
_STRENGTH = {"sure": 1.0, "likely": 0.8, "weak": 0.5}
SPEAKS_AGAINST = -1.0
_PART_OF_THE_NAME = 0.75
"""A known name among other words counts less than the whole name."""
_MOST_OTHER_WORDS = 3
_SAYS_ONLY_JOB = {
    *("job", "jobs", "project", "projects", "post", "posting", "vacancy", "listing", "gig", "offer", "ad", "result"),
    *("trabajo", "proyecto", "oferta", "empleo", "vaga", "projeto", "emploi", "offre", "mission", "projekt", "auftrag"),
    *("raw", "value", "field", "clean", "cleaned", "amount"),
}
_CAMEL_CASE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W_]+")


@cache
def words(name: str) -> tuple[str, ...]:
    """The words of a column's name in lower case, without accents: `clientCountry_id` has client, country, id."""
    decomposed = unicodedata.normalize("NFKD", _CAMEL_CASE.sub(" ", name))
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return tuple(_WORD.findall(plain.lower()))


@cache
def name_score(field: str, name: str) -> float:
    """How well a name fits one of our columns, 0..1; SPEAKS_AGAINST where a word says that it is another thing."""
    known = _known_names()[field]
    given = words(name)
    if known["never"] & set(given):
        return SPEAKS_AGAINST
    return max(_score(known, given), _score(known, _without_job(given)))


def _score(known: dict[str, set[str]], given: tuple[str, ...]) -> float:
    phrase = " ".join(given)
    whole = [_STRENGTH[strength] for strength in _STRENGTH if phrase in known[strength]]
    if whole:
        return max(whole)
    parts = [
        _STRENGTH[strength] * _PART_OF_THE_NAME
        for strength in _STRENGTH
        for candidate in known[strength]
        if f" {candidate} " in f" {phrase} " and len(given) - len(candidate.split()) <= _MOST_OTHER_WORDS
    ]
    return max(parts, default=0.0)


def _without_job(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in given if word not in _SAYS_ONLY_JOB)


@cache
def _known_names() -> dict[str, dict[str, set[str]]]:
    lists = yaml.safe_load(_KNOWN_NAMES.read_text(encoding="utf-8"))
    return {
        field: {
            strength: {str(word) if strength == "never" else " ".join(words(str(word))) for word in names}
            for strength, names in by_strength.items()
        }
        for field, by_strength in lists.items()
    }
