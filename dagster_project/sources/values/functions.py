"""The functions that mappings may call, for a DuckDB connection; those of lists and languages stand here."""

from functools import lru_cache

import duckdb
import pyarrow as pa
from duckdb.func import ARROW, SPECIAL
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from dagster_project.sources.values import money, times
from dagster_project.sources.values.currencies import NO_RATES, Rates

LANGUAGES = (
    *("ar", "bg", "cs", "da", "de", "el", "en", "es", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "ko", "nl", "no"),
    *("pl", "pt", "ro", "ru", "sr", "sv", "th", "tr", "uk", "vi", "zh"),
)
"""ISO 639-1. Fewer languages than the classifier knows: a title has a few words, and rare languages take them."""
_SURE = 0.8
"""Below this probability nothing is said: half of what is told then are English titles of two words."""
_LONGEST_TEXT = 300
_ENGLISH_WORDS = r"(?i)\b(the|and|for|with|need|needed|looking|you|your|from|will|of)\b"


def _languages(texts: pa.ChunkedArray) -> pa.Array:
    return pa.array([None if text is None else language(text) for text in texts.to_pylist()], pa.string())


@lru_cache(maxsize=100_000)
def language(text: str) -> str | None:
    """The language that the text is in with a probability of at least 0.8, as ISO 639-1, or None."""
    code, probability = _identifier().classify(text)
    return str(code) if probability >= _SURE else None


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier


NAME_KEYS = ("name", "label", "prefLabel", "title", "skill", "value")
"""Where an object holds its name, the first that is there; each also with a capital first letter."""

_SPELLINGS = [spelling for key in NAME_KEYS for spelling in (key, key[0].upper() + key[1:])]
_NAME = "coalesce({})".format(
    ", ".join(
        f"case when json_type(object, '$.{key}') in ('VARCHAR', 'BIGINT', 'UBIGINT', 'DOUBLE') "
        f"then object ->> '$.{key}' end"
        for key in _SPELLINGS
    )
)

_STRONG = r"'[|;•·\t\r\n]'"

MACROS = rf"""
-- The name in an object as JSON or as Python writes it, NULL without one. Any other text is itself, but for a list.
create or replace temp macro name_of(item) as
    case
        when starts_with(ltrim(item), '[') and json_valid(item) then null
        when not starts_with(ltrim(item), '{{') then item
        when json_valid(item) then list_transform([item::json], lambda object: {_NAME})[1]
        when json_valid(replace(item, '''', '"'))
        then list_transform([replace(item, '''', '"')::json], lambda object: {_NAME})[1]
    end;

-- An ISO 639-1 code, or NULL where the text is too short or mixed to tell.
create or replace temp macro told_language(written) as
    case
        when regexp_matches(written, '{_ENGLISH_WORDS}') then 'en'
        when regexp_matches(written, '\pL') then other_language(left(written, {_LONGEST_TEXT}))
    end;

create or replace temp macro without_blanks(items) as list_filter(items, lambda item: trim(item) <> '');

-- The names of a list; NULL where an item has none, so that no part of a list is lost.
create or replace temp macro names_of(items) as
    case
        when len(list_filter(items, lambda item: left(ltrim(item), 1) in ('{{', '['))) = 0 then without_blanks(items)
        else list_transform(
            [list_transform(without_blanks(items), lambda item: name_of(item))],
            lambda names: case
                when len(list_filter(names, lambda name: name is null)) = 0 then without_blanks(names)
            end
        )[1]
    end;

create or replace temp macro listed(given) as
    case
        when json_valid(given) and json_type(given) = 'ARRAY' then from_json(given, '["VARCHAR"]')
        when json_valid(given) and json_type(given) = 'OBJECT' then [given]
        else try_cast(given as varchar[])
    end;

-- A comma parts a text only where no stronger separator does, since it may stand inside a name. The semicolon that
-- ends an HTML entity is none.
create or replace temp macro split_list(given) as coalesce(listed(given::varchar), list_transform(
    [regexp_replace(given::varchar, '&(#?[A-Za-z0-9]+);', '&\1' || chr(31), 'g')],
    lambda text: without_blanks(list_transform(
        regexp_split_to_array(text, case when regexp_matches(text, {_STRONG}) then {_STRONG} else ',' end),
        lambda item: trim(replace(item, chr(31), ';'))
    ))
)[1]);
"""


def define_functions(connection: duckdb.DuckDBPyConnection, rates: Rates = NO_RATES) -> None:
    """Defines them all on the connection, which is set to UTC; docs/inputs.md lists them."""
    times.register_times(connection)
    money.register_money(connection, rates)
    connection.create_function("other_language", _languages, ["VARCHAR"], "VARCHAR", type=ARROW, null_handling=SPECIAL)
    define_macros(connection)


def define_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """What every connection to a database with the registered functions needs of its own."""
    connection.execute("set timezone = 'UTC'")
    connection.execute(times.MACROS + money.MACROS + MACROS)
