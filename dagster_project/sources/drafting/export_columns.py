"""The columns of an export: how SQL says them, their values, how well they fit ours, and one as a proposal for ours."""

import itertools
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import duckdb
import yaml

from dagster_project.sources.drafting.look import Look
from dagster_project.storage.sql import identifier, literal

_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]*", re.IGNORECASE)
_DEEPEST = 3
_MOST_KEYS = 40
_OBJECTS_ENOUGH = 0.5
_SAYS_NOTHING = {
    *("", "-", "n/a", "na", "nan", "none", "null", "unknown", "undefined", "not sure", "not_sure", "not specified"),
    *("unspecified", "tbd", "to be determined", "hours to be determined", "not available", "not provided", "[]", "{}"),
}


@dataclass(frozen=True, eq=False)
class ExportColumn:
    """`sql` says the column in an expression; `values` are its sampled texts, a row each, NULL and blank as None."""

    name: str
    sql: str
    sql_type: str
    values: tuple[str | None, ...]
    parts: tuple[int, ...] = ()
    """Rows from each file, where there are several."""

    @cached_property
    def filled(self) -> list[str]:
        return [value for value in self.values if value is not None]

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(self.filled)

    @property
    def filled_share(self) -> float:
        return len(self.filled) / max(len(self.values), 1)

    @property
    def distinct_share(self) -> float:
        return len(self.counts) / max(len(self.filled), 1)

    @cached_property
    def distinct_share_in_a_file(self) -> float:
        """The smallest share of different values in one file: a post may come in several files, as a later state."""
        ends = list(itertools.accumulate(self.parts)) or [len(self.values)]
        starts = [0, *ends[:-1]]
        filled = [list(filter(None, self.values[start:end])) for start, end in zip(starts, ends, strict=True)]
        return min((len(set(part)) / len(part) for part in filled if part), default=0.0)

    @cached_property
    def mean_length(self) -> float:
        return sum(map(len, self.filled)) / max(len(self.filled), 1)

    @cached_property
    def mean_words(self) -> float:
        return sum(len(value.split()) for value in self.filled) / max(len(self.filled), 1)

    def share(self, pattern: str) -> float:
        """The share of filled values that match the whole pattern."""
        compiled = re.compile(pattern)
        return sum(1 for value in self.filled if compiled.fullmatch(value)) / max(len(self.filled), 1)

    @cached_property
    def is_link(self) -> bool:
        return self.share(r"(?s)https?://.*") > 0.8

    @cached_property
    def is_object(self) -> bool:
        return bool(self.filled) and self.share(r"(?s)\s*\{.*\}\s*") > 0.8


def says_nothing(value: str) -> bool:
    """A value that stands for none, such as `N/A` or `not_sure`."""
    return value.strip().lower() in _SAYS_NOTHING


def export_columns(look: Look) -> list[ExportColumn]:
    """Every column of a file, each followed by the values inside its objects, three levels deep."""
    return [
        nested
        for name, values in look.columns.items()
        for nested in _with_nested(name, column_sql(name), look.types[name], values, look.parts, 0)
    ]


def column_sql(name: str) -> str:
    """The name bare where SQL allows it, else quoted."""
    return name if _PLAIN_NAME.fullmatch(name) and name.lower() not in _reserved() else identifier(name)


@cache
def _reserved() -> set[str]:
    query = "select keyword_name from duckdb_keywords() where keyword_category in ('reserved', 'type_function')"
    with duckdb.connect() as connection:
        return {row[0] for row in connection.execute(query).fetchall()}


def _with_nested(
    name: str, sql: str, sql_type: str, values: list[Any], parts: tuple[int, ...], depth: int
) -> Iterator[ExportColumn]:
    texts = tuple(_text(value) for value in values)
    column = ExportColumn(name, sql, sql_type, texts, parts)
    yield column
    if depth == _DEEPEST:
        return
    objects = [value if isinstance(value, dict) else _object(text) for value, text in zip(values, texts, strict=True)]
    found = [item for item in objects if item]
    if not found or len(found) < _OBJECTS_ENOUGH * len(column.filled):
        return
    for key in list(dict.fromkeys(key for item in found for key in item))[:_MOST_KEYS]:
        inner = [(item or {}).get(key) for item in objects]
        if sql_type.startswith("STRUCT"):
            yield from _with_nested(f"{name} {key}", f"{sql}.{column_sql(key)}", "VARCHAR", inner, parts, depth + 1)
        else:
            # the arrow binds weaker than a comparison, and the first of two must keep its object
            inner_sql = f"({sql.removeprefix('(').removesuffix(')').replace('->>', '->')} ->> {literal(key)})"
            yield from _with_nested(f"{name} {key}", inner_sql, "VARCHAR", inner, parts, depth + 1)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else _json(value)
    return text if text.strip() else None


def _json(value: Any) -> str:
    if isinstance(value, (dict, list, bool)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _object(text: str | None) -> dict[str, Any] | None:
    if text is None or not text.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


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


ACTIVE = 0.5
"""From this score on a proposal is a line of the mapping; below it is a remark that a person decides on."""
WORTH_A_REMARK = 0.3
_NAME_WEIGHT, _VALUE_WEIGHT = 0.6, 0.4


@dataclass(frozen=True)
class Proposal:
    """`column` shows the sample values; None where the expression is made of several."""

    field: str
    expression: str
    score: float
    column: ExportColumn | None
    doubts: tuple[str, ...] = ()

    def doubting(self, *doubts: str) -> "Proposal":
        return replace(self, doubts=(*self.doubts, *doubts))


def combined_score(name: float, values: float, values_alone: float = 0.0) -> float:
    """Score of a name and values that fit 0..1; `values_alone` is what values score under a name that says nothing."""
    if values == 0 or name < 0:
        return 0.0
    if name == 0:
        return values * values_alone
    return max(_NAME_WEIGHT * name + _VALUE_WEIGHT * values, values * values_alone)
