"""Columns that are taken as they are, or cut out of a text: ids, titles, texts, skills, clients and their countries."""

import csv
import re
from collections.abc import Callable
from functools import cache

from babel import Locale, localedata

from dagster_project.sources.drafting.export_columns import (
    ExportColumn,
    Proposal,
    combined_score,
    name_score,
    says_nothing,
    words,
)
from dagster_project.sources.values.functions import LANGUAGES
from dagster_project.storage.sql import literal
from dagster_project.storage.workspace import SEEDS

_LANGUAGES = ("en", "es", "pt", "fr", "de", "it", "nl", "pl", "tr", "ru", "uk", "cs", "sv", "da", "nb", "fi", "id")
_LONGEST_ID, _LONGEST_TITLE, _LONGEST_SKILL = 300, 200, 40
_LONG_TEXT = 100
_ENOUGH = 0.9
_OFTEN_AGAIN = 0.3
"""A column that is called id may name a post in several rows."""
_ID_IN_LINK = (
    *(
        r"~0\d?([0-9a-f]{10,})",
        r"[?&](?:jk|id|job_?id|vjk|gid)=([\w-]+)",
        r"/(\d{4,})/?(?:[?#]|$)",
        r"[-_](\d{4,})/?(?:\.html?)?(?:[?#]|$)",
    ),
)
_DELIMITERS = ("|", ";", "·", "•", "\n", ",", "/")
_SPLIT_BY_THE_READER = ("|", ";", "·", "•", "", ",")
"""What `split_list` parts a text at; of a line end nothing is left to strip."""
_CODE = r"[\w~.:#-]{4,64}"
_NO_CODE = r"[A-Za-z]+|\d{1,4}|\d+\.\d+|\d{10}|\d{13}|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}.*"
"""Words, small and broken numbers, and times have the characters of a code too."""


def post_id(column: ExportColumn) -> Proposal | None:
    """A column that names each post; out of a link the part that does."""
    name, distinct = name_score("post_id", column.name), column.distinct_share_in_a_file
    if column.filled_share < _ENOUGH or column.mean_length > _LONGEST_ID or column.is_object or _is_row_number(column):
        return None
    if distinct < (_OFTEN_AGAIN if name == 1 else _ENOUGH) or (not column.is_link and column.mean_words > 3):
        return None
    looks_like_a_code = column.share(_CODE) > _ENOUGH and column.share(_NO_CODE) < 0.1
    score = combined_score(name, distinct, 0.55 * looks_like_a_code)
    doubts = ("rows with one id are taken for states of one post, the latest counts",) if distinct < _ENOUGH else ()
    if not column.is_link:
        return Proposal("post_id", column.sql, score, column, doubts)
    for pattern in _ID_IN_LINK:
        found = [match[1] for value in column.filled if (match := re.search(pattern, value))]
        if len(found) > 0.98 * len(column.filled) and len(set(found)) >= len(column.counts) * 0.99:
            cut = f"regexp_extract({column.sql}, {literal(pattern)}, 1)"
            return Proposal("post_id", cut, score, column, (*doubts, "the id is cut out of the link"))
    return Proposal("post_id", column.sql, score, column, (*doubts, "the link stands for the id"))


def _is_row_number(column: ExportColumn) -> bool:
    """The numbers that a program writes before its rows."""
    named = set(words(column.name))
    if not (named & {"unnamed", "index", "column0"} or not named or column.name.startswith("column")):
        return False
    return column.share(r"\d+") == 1


def title(column: ExportColumn) -> Proposal | None:
    if column.is_link or column.is_object or not 3 <= column.mean_length <= _LONGEST_TITLE or _is_list(column):
        return None
    values = min(1.0, column.mean_words / 2) * min(1.0, column.distinct_share / 0.2)
    alone = 0.55 if column.mean_words > 3 and column.distinct_share > 0.3 else 0.0
    return Proposal("title", column.sql, combined_score(name_score("title", column.name), values, alone), column)


def description(column: ExportColumn) -> Proposal | None:
    if column.is_link or column.is_object or _is_list(column) or column.mean_words < 3:
        return None
    values = min(1.0, column.mean_length / _LONG_TEXT)
    alone = 0.55 if column.mean_length > _LONG_TEXT else 0.0
    score = combined_score(name_score("description", column.name), values, alone)
    return Proposal("description", column.sql, score, column)


def skills(column: ExportColumn) -> Proposal | None:
    name = name_score("skills", column.name)
    if _is_list(column):
        short = _mean_item_length(column) <= _LONGEST_SKILL
        return Proposal("skills", column.sql, combined_score(name, 1.0 * short, 0.55), column)
    delimiter = _delimiter(column)
    if delimiter is None:
        if name < 1 or column.mean_words > 4 or column.is_link:
            return None
        return Proposal("skills", f"split_list({column.sql})", combined_score(name, 0.3), column)
    expression = f"split_list({column.sql})"
    if delimiter.strip() not in _SPLIT_BY_THE_READER:
        expression = f"string_split({column.sql}, {literal(delimiter)})"
    return Proposal("skills", expression, combined_score(name, 0.8, 0.6 if "|" in delimiter else 0.0), column)


def _is_list(column: ExportColumn) -> bool:
    """Lists of the file's own, in JSON, or as a program printed them."""
    return column.sql_type.endswith("[]") or column.share(r"(?s)\s*\[.*\]\s*") > _ENOUGH


def _mean_item_length(column: ExportColumn) -> float:
    items = [item for value in column.filled for item in re.split(r"[\"'],\s*[\"']|\},\s*\{", value)]
    objects = sum(value.count("{") for value in column.filled)
    return 0.0 if objects else sum(map(len, items)) / max(len(items), 1)


def _delimiter(column: ExportColumn) -> str | None:
    """What stands between short items in most texts, with the blanks around it where they are always there."""
    if column.is_link or column.is_object:
        return None
    for mark in _DELIMITERS:
        listed = [value for value in column.filled if mark in value]
        if len(listed) < 0.4 * len(column.filled):
            continue
        items = [item for value in listed for item in value.split(mark)]
        if sum(map(len, items)) / len(items) > _LONGEST_SKILL / 1.5 or max(map(len, items)) > 4 * _LONGEST_SKILL:
            continue
        before = " " if all(item.endswith(" ") for value in listed for item in value.split(mark)[:-1]) else ""
        after = " " if all(item.startswith(" ") for value in listed for item in value.split(mark)[1:]) else ""
        return f"{before}{mark}{after}"
    return None


def client_id(column: ExportColumn) -> Proposal | None:
    if column.is_link or column.is_object or _is_list(column) or column.mean_length > 80 or len(column.counts) < 2:
        return None
    if column.share(r"(?i)true|false|yes|no") > 0.5:
        return None
    name = name_score("client_id", column.name)
    is_an_id = bool({"id", "uid", "uuid"} & set(words(column.name)))
    return Proposal("client_id", column.sql, combined_score(name, 1.0) + 0.05 * (is_an_id and name > 0), column)


def client_country(column: ExportColumn) -> Proposal | None:
    """A column of countries, or of places that end in one."""
    if column.mean_length > 60 or column.is_link or _is_list(column) or not column.filled:
        return None
    name = name_score("client_country", column.name)
    whole = _share_of(column, lambda value: value.strip().lower() in _countries())
    if whole > 0.7:
        return Proposal(
            "client_country", column.sql, combined_score(name, whole, 0.6 if whole > _ENOUGH else 0.0), column
        )
    last = _share_of(column, lambda value: _last_part(value) in _countries() and len(_last_part(value)) > 2)
    if last > 0.7:
        cut = f"trim(string_split({column.sql}, ',')[-1])"
        return Proposal("client_country", cut, combined_score(name, last), column, ("the part after the last comma",))
    return None


def _last_part(value: str) -> str:
    return value.rsplit(",", 1)[-1].strip().lower()


def _share_of(column: ExportColumn, is_one: Callable[[str], bool]) -> float:
    spoken = {value: count for value, count in column.counts.items() if not says_nothing(value)}
    return sum(count for value, count in spoken.items() if is_one(value)) / max(sum(spoken.values()), 1)


@cache
def _countries() -> frozenset[str]:
    """Names and codes of countries, those of the seed and by the names of other languages, in lower case."""
    with (SEEDS / "countries.csv").open(encoding="utf-8", newline="") as stream:
        seeded = {row["country_alias"].lower() for row in csv.DictReader(stream)}
    known = [language for language in _LANGUAGES if localedata.exists(language)]
    named = {
        name.lower()
        for language in known
        for code, name in Locale(language).territories.items()
        if len(code) == 2 and code.isalpha()
    }
    return frozenset(seeded | named)


def language(column: ExportColumn) -> Proposal | None:
    """A column of language codes (ISO 639-1); without one the text tells."""
    if column.share(r"[a-z]{2}") < _ENOUGH:
        return None
    known = _share_of(column, lambda value: value in LANGUAGES)
    return Proposal("language", column.sql, combined_score(name_score("language", column.name), known), column)


def occupation(column: ExportColumn) -> Proposal | None:
    if column.is_link or column.is_object or _is_list(column) or column.mean_length > 60 or column.distinct_share > 0.9:
        return None
    with (SEEDS / "occupations.csv").open(encoding="utf-8", newline="") as stream:
        known = {row["occupation"].lower() for row in csv.DictReader(stream)}
    share = _share_of(column, lambda value: value.strip().lower() in known)
    values = max(share, 0.6) if column.share(r".*[^\W\d].*") > _ENOUGH else 0.0
    score = combined_score(name_score("occupation", column.name), values, 0.9 if share > 0.6 else 0.0)
    return Proposal("occupation", column.sql, score, column)
