"""Whom a sentence is about: violations of the genre that name others than the row's population."""

import re
from collections.abc import Iterator

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.wording import capitalised, is_missing, technology_name
from dagster_project.reports.lint.row_names import required_names

WIDER_PEOPLE = re.compile(
    r"(?<!\w)(workers|employees|freelancers|people|staff|professionals|companies|executives|everyone|Americans)(?!\w)",
    re.IGNORECASE,
)
WIDER_WORLD = re.compile(r"(?<!\w)(global(?:ly)?|worldwide|world|international(?:ly)?)(?!\w)", re.IGNORECASE)
US = re.compile(r"(?<!\w)(?:US|U\.S\.|American|United States)(?!\w)")
TECHNOLOGY_POSTS = re.compile(r"(?<!\w)(?:AI|cloud|RPA) (?:posts|contracts|work)(?!\w)", re.IGNORECASE)
COMPOSITION = re.compile(r"(corrected_)?composition_share")
PENETRATION = re.compile(r"(corrected_)?penetration_share")


def population_violations(claim: Claim, row: pd.Series, own_words: str) -> Iterator[str]:
    """Rules that the sentence breaks; own_words: the sentence without the names of its row."""
    for found in WIDER_PEOPLE.finditer(own_words):
        yield f"`{found[0]}` is not the population of the row, which is: {claim.population}"
    for found in WIDER_WORLD.finditer(own_words):
        yield f"`{found[0]}` is said of a few countries or one feed; name the row's population: {claim.population}"
    yield from _missing_names(claim, row)
    if row.get("population") == "all" and US.search(own_words):
        yield "the row counts all posts of the feed and the sentence says US"
    if row.get("technology") == "any" and TECHNOLOGY_POSTS.search(own_words):
        yield "the row counts posts of any technology and the sentence names one"
    yield from _denominator_violations(claim, row)


def _missing_names(claim: Claim, row: pd.Series) -> Iterator[str]:
    for what, phrases in required_names(claim.mart, claim.metric, row):
        if not any(_is_said(phrase, f"{claim.setting} {claim.sentence}") for phrase in phrases):
            yield f"the sentence does not name the row's {what}: {phrases[0]}"


def _is_said(phrase: str, sentence: str) -> bool:
    return any(
        re.search(rf"(?<!\w){re.escape(form)}(?!\w)", sentence) is not None for form in (phrase, capitalised(phrase))
    )


def _denominator_violations(claim: Claim, row: pd.Series) -> Iterator[str]:
    """Composition (of a technology's posts) told as penetration (of a category's posts), and the reverse."""
    name, category = re.escape(technology_name(str(row.get("technology")))), _category(row)
    if category is None:
        return
    of_category = (
        rf"% of (?:all |the )*(?:posts (?:of the feed )?in )?{category}|[Oo]f all posts (?:of the feed )?in {category}"
    )
    of_technology = rf"% of (?:all |the )*{name} posts"
    is_composition = COMPOSITION.fullmatch(claim.metric) or claim.mart == "study_period_comparisons"
    if is_composition and re.search(of_category, claim.sentence):
        yield "composition is told as penetration: the row divides the posts of a technology over categories"
    if PENETRATION.fullmatch(claim.metric) and re.search(of_technology, claim.sentence):
        yield "penetration is told as composition: the row divides the posts of a category"


def _category(row: pd.Series) -> str | None:
    value = row.get("category") if not is_missing(row.get("category")) else row.get("series")
    return None if is_missing(value) or "technology" not in row else re.escape(str(value))
