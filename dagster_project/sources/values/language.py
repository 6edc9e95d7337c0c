"""Which language a post is written in: English by its function words, another one by py3langid's classifier.

Looked at: lingua (as good on titles, fifty times slower, 96 MB), langdetect (not deterministic, slow).
"""

from functools import lru_cache

import duckdb
import pyarrow as pa
from duckdb.func import ARROW, SPECIAL
from py3langid.langid import MODEL_FILE, LanguageIdentifier

LANGUAGES = (
    *("ar", "bg", "cs", "da", "de", "el", "en", "es", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "ko", "nl", "no"),
    *("pl", "pt", "ro", "ru", "sr", "sv", "th", "tr", "uk", "vi", "zh"),
)
"""ISO 639-1. Fewer languages than the classifier knows: a title has a few words, and rare languages take them."""
_SURE = 0.8
"""Below this probability nothing is said: half of what is told then are English titles of two words."""
_LONGEST_TEXT = 300
_ENGLISH_WORDS = r"(?i)\b(the|and|for|with|need|needed|looking|you|your|from|will|of)\b"


MACROS = rf"""
create or replace temp macro told_language(written) as
    case
        when regexp_matches(written, '{_ENGLISH_WORDS}') then 'en'
        when regexp_matches(written, '\pL') then other_language(left(written, {_LONGEST_TEXT}))
    end;
"""
"""`told_language(text)`: an ISO 639-1 code, or NULL where the text is too short or mixed to tell."""


def register_language(connection: duckdb.DuckDBPyConnection) -> None:
    """The Python function that MACROS call."""
    connection.create_function("other_language", _languages, ["VARCHAR"], "VARCHAR", type=ARROW, null_handling=SPECIAL)


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
