"""The keyword step: which posts are candidates for a technology, and where their terms stand.

The terms live once, in `dbt/seeds/technology_terms.csv`; the conditions in SQL for the candidate model are
made here too. A term becomes a pattern by these rules, which RE2 (DuckDB) and Python read alike:

1. A term is plain lower-case text; every character but those below stands for itself (escaped with a
   backslash where it is punctuation).
2. A space matches any run of blanks and hyphens: `[ \\t\\r\\n-]+`. So 'power automate' also finds
   'Power-Automate'.
3. A `*` at the end of a word matches the rest of the word: `\\w*`.
4. `\\b` stands before the term if it starts with a letter or digit, and after it if it ends with a letter,
   a digit or `*`.
5. The patterns of one kind are joined longest first: `(?:long|short|...)`, matched case-insensitively,
   ASCII word characters only.
6. Candidate = after every match of the exclude pattern was replaced by a blank, the include pattern still
   matches.

Terms of the kind `wide` are a wider vocabulary than the candidates': words near each technology. They decide which
posts are read more often when labels are asked for (`ml.labelling.design`), never whether a post is a candidate.
"""

import csv
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ml.features.clean_text import CLEAN_TEXT_SQL

TECHNOLOGIES = ("ai", "cloud", "rpa")
TERMS_FILE = Path(__file__).resolve().parents[2] / "dbt" / "seeds" / "technology_terms.csv"
KINDS = ("include", "exclude", "wide")
GENAI_GROUPS = ("language models", "assistants", "generated media")
GENAI_WORDS = ("genai", "generative", "agentic", "aigc")
WIDE_NET = "adjacent"  # terms whose note starts so make a candidate, yet say nothing on their own
POST_TEXT = CLEAN_TEXT_SQL.format(
    text="concat_ws(' | ', post.title, array_to_string(post.skills, ' | '), post.description)"
)
"""The text that the keyword step reads of a relation `post`, as SQL (DuckDB)."""
_BLANK_RUN = r"[ \t\r\n-]+"
_ASCII_WORD = re.compile(r"[a-z0-9_]", re.ASCII)


def term_pattern(term: str) -> str:
    """The regular expression (RE2 and Python) of one term; see the rules at the top of this module."""
    words = [_word_pattern(word) for word in term.split(" ") if word]
    if not words:
        raise ValueError(f"technology_terms.csv: empty term {term!r}; remove the row")
    start = r"\b" if _ASCII_WORD.match(term[0]) else ""
    end = r"\b" if term[-1] == "*" or _ASCII_WORD.match(term[-1]) else ""
    return start + _BLANK_RUN.join(words) + end


def _word_pattern(word: str) -> str:
    stem, star = (word[:-1], r"\w*") if word.endswith("*") else (word, "")
    return "".join(c if _ASCII_WORD.match(c) or ord(c) > 127 else "\\" + c for c in stem) + star


def alternation(terms: list[str]) -> str:
    """One pattern that finds any of the terms, the longest first so that a phrase wins over its first
    word."""
    return "(?:" + "|".join(term_pattern(t) for t in sorted(terms, key=lambda t: (-len(t), t))) + ")"


@dataclass(frozen=True)
class TechnologyTerms:
    """The vocabulary of one technology: include terms by group (their note), exclude terms, and wider terms."""

    technology: str
    groups: dict[str, list[str]]
    excluded: list[str]
    wider: list[str] = field(default_factory=list)

    @property
    def included(self) -> list[str]:
        """All include terms."""
        return [term for terms in self.groups.values() for term in terms]

    @property
    def claiming(self) -> list[str]:
        """The include terms outside the wide net: those that name the technology itself."""
        return [t for group, terms in self.groups.items() if not group.startswith(WIDE_NET) for t in terms]

    @cached_property
    def include(self) -> re.Pattern[str]:
        """Finds any include term."""
        return _compile(self.included)

    @cached_property
    def claim(self) -> re.Pattern[str]:
        """Finds any include term outside the wide net: the plain keyword rule that a classifier must beat."""
        return _compile(self.claiming)

    @cached_property
    def exclude(self) -> re.Pattern[str]:
        """Finds any excluded phrase."""
        return _compile(self.excluded)

    def without_excluded(self, text: str) -> str:
        """The text with each excluded phrase replaced by a blank."""
        return self.exclude.sub(" ", text)

    def is_candidate(self, text: str) -> bool:
        """Whether an include term remains once the excluded phrases are gone."""
        return self.include.search(self.without_excluded(text)) is not None

    def is_claimed(self, text: str) -> bool:
        """The keyword rule: like `is_candidate`, by terms that name the technology itself."""
        return self.claim.search(self.without_excluded(text)) is not None


def _compile(terms: list[str]) -> re.Pattern[str]:
    if not terms:
        return re.compile(r"[^\s\S]")  # matches nothing
    return re.compile(alternation(terms), re.IGNORECASE | re.ASCII)


def load_terms(path: Path = TERMS_FILE) -> dict[str, TechnologyTerms]:
    """Read the seed: one `TechnologyTerms` a technology.

    Raises ValueError naming file, row and field for an unknown technology or kind, upper case, or a term
    listed twice.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    _check_rows(path, rows)
    return {technology: _of_technology(technology, rows) for technology in TECHNOLOGIES}


def candidate_rules(terms: dict[str, TechnologyTerms]) -> dict[str, str]:
    """The keyword step in SQL (DuckDB): a condition over `post_text` a technology, and `genai`, a condition alike.

    dbt and `make score` take the rule from here, so that it stands in one language only. Its patterns are constants,
    which DuckDB compiles once; the cheap test comes first, since few posts reach the replacement.
    """
    rules = {name: _candidate_condition(of_technology) for name, of_technology in terms.items()}
    return rules | {"genai": f"regexp_matches(post_text, {_sql_pattern(_genai_terms(terms['ai']))})"}


def candidate_patterns(terms: dict[str, TechnologyTerms]) -> dict[str, tuple[str, str]]:
    """The same rules as RE2 patterns by name: what is found once every match of the second is a blank."""
    named = {name: (of_technology.included, of_technology.excluded) for name, of_technology in terms.items()}
    named["genai"] = (_genai_terms(terms["ai"]), [])
    return {name: (_re2_pattern(include), _re2_pattern(exclude)) for name, (include, exclude) in named.items()}


def _candidate_condition(terms: TechnologyTerms) -> str:
    include = _sql_pattern(terms.included)
    exclude = _sql_pattern(terms.excluded)
    return (
        f"case when not regexp_matches(post_text, {include}) then false"
        f" else regexp_matches(regexp_replace(post_text, {exclude}, ' ', 'g'), {include}) end"
    )


def _genai_terms(ai: TechnologyTerms) -> list[str]:
    """Terms of language models, assistants and generated media, and the words for them among the general ones."""
    return [
        term for group, terms in ai.groups.items() for term in terms if group in GENAI_GROUPS or term in GENAI_WORDS
    ]


def _sql_pattern(terms: list[str]) -> str:
    """The pattern as an SQL text literal."""
    return "'" + _re2_pattern(terms).replace("'", "''") + "'"


def _re2_pattern(terms: list[str]) -> str:
    """Finds any of the terms in any letter case; of no terms it finds nothing."""
    return "(?i)" + alternation(terms) if terms else "a^"


def _of_technology(technology: str, rows: list[dict[str, Any]]) -> TechnologyTerms:
    own = [row for row in rows if row["technology"] == technology]
    groups: dict[str, list[str]] = {}
    for row in own:
        if row["kind"] == "include":
            groups.setdefault(row["note"], []).append(row["term"])
    excluded, wider = ([row["term"] for row in own if row["kind"] == kind] for kind in ("exclude", "wide"))
    return TechnologyTerms(technology, groups, excluded, wider)


def _check_rows(path: Path, rows: list[dict[str, Any]]) -> None:
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(rows, start=2):
        where = f"{path.name}, line {number}"
        if row["technology"] not in TECHNOLOGIES:
            raise ValueError(f"{where}, technology: {row['technology']!r} is none of {', '.join(TECHNOLOGIES)}")
        if row["kind"] not in KINDS:
            raise ValueError(f"{where}, kind: {row['kind']!r} is none of {', '.join(KINDS)}")
        if row["term"] != row["term"].lower().strip() or not row["term"]:
            raise ValueError(f"{where}, term: {row['term']!r} must be lower case, not empty, no blanks around")
        if (key := (row["technology"], row["term"])) in seen:
            raise ValueError(f"{where}, term: {row['term']!r} is listed twice for {row['technology']}")
        seen.add(key)
