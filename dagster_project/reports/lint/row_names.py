"""Whom a sentence is about: names, dates and the population of its row must be there, and no others."""

import re
from collections.abc import Iterator

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.wording import (
    TECHNOLOGY_NAMES,
    capitalised,
    is_missing,
    month_name,
    technology_name,
    within_sentence,
)
from dagster_project.storage.shown_text import display_text

NAME_COLUMNS = (
    *("population", "reference_population", "finding", "question", "answer", "series", "category", "skill"),
    *("period_label", "base_period_label", "current_period_label", "correction", "no_verdict_reason"),
    *("penetration_share_correction", "withheld_reason", "technology_label", "label", "weighting"),
)
POPULATION_CODES = ("us", "all")
TEXT_LIMITS = (60, 120, 200, 400)
UNSPLIT_LEVELS = ("total", "technology")
NEVER_NAMED = ("total", "all_searches")
WAVE_ON_THE_PAGE = (
    *("study_sample", "study_wave_changes", "study_answer_shares", "study_numeric_answers", "study_group_comparisons"),
)
"""Marts whose wave is the page's own title and not said in every sentence."""
OF_A_FAMILY = "family_"
"""Metrics of all series that were tested together: the row that holds them need not be named."""
SURVEY_MARTS = (*WAVE_ON_THE_PAGE, "pulse_")


def words_alone(sentence: str, row: pd.Series) -> str:
    """The sentence without the names, labels and dates of its row: what is left are the report's own words."""
    names = sorted({name for name in _names(row) if name}, key=len, reverse=True)
    pattern = "|".join(map(re.escape, names))
    return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", "·", sentence, flags=re.IGNORECASE) if names else sentence


def _names(row: pd.Series) -> Iterator[str]:
    for column in NAME_COLUMNS:
        value = row.get(column)
        if is_missing(value) or value in POPULATION_CODES:
            continue
        yield from (display_text(value, limit) for limit in TEXT_LIMITS)
        yield str(value)
    for value in row:
        if hasattr(value, "isoformat") and not is_missing(value):
            date = pd.Timestamp(value)
            yield from (month_name(date), date.strftime("%Y-%m-%d"), date.strftime("%Y-%m"))
    if re.fullmatch(r"\d{4}-\d{2}", str(row.get("period_id"))):
        yield from (month_name(row["period_id"]), str(row["period_id"]))


def required_names(mart: str, metric: str, row: pd.Series) -> list[tuple[str, tuple[str, ...]]]:
    """(what, phrases) that a sentence of this row must say, one of the phrases each."""
    said = () if metric.startswith(OF_A_FAMILY) else _said_columns(mart, row)
    needed = [(column, _texts(row[column])) for column in said]
    technology = _technology(row)
    if technology:
        needed.append(("technology", (technology,)))
    if row.get("population") == "us":
        needed.append(("population", ("US",)))
    return [*needed, *_periods(mart, metric, row)]


def _texts(value: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(display_text(value, limit) for limit in TEXT_LIMITS))


def _said_columns(mart: str, row: pd.Series) -> Iterator[str]:
    survey = ("question", "answer") if mart.startswith("pulse_") else ("population", "reference_population", "finding")
    for column in (*survey, "skill") if mart.startswith(SURVEY_MARTS) else ("skill",):
        if not is_missing(row.get(column)):
            yield column
    if not is_missing(row.get("category")) and row.get("category_id") != "all" and "series" not in row:
        yield "category"
    is_split = row.get("level") not in UNSPLIT_LEVELS and row.get("series_id") not in NEVER_NAMED
    if not is_missing(row.get("series")) and is_split and row.get("series_kind") not in ("concentration", "stability"):
        yield "series"


def _technology(row: pd.Series) -> str | None:
    code = row.get("series_id") if row.get("level") == "technology" else row.get("technology")
    if code == "non_ai":
        return "not AI"
    return technology_name(str(code)) if code in TECHNOLOGY_NAMES else None


def _periods(mart: str, metric: str, row: pd.Series) -> Iterator[tuple[str, tuple[str, ...]]]:
    for column in ("period_label", "base_period_label", "current_period_label"):
        if not is_missing(row.get(column)):
            months = (month_name(row["period_id"]),) if re.fullmatch(r"\d{4}-\d{2}", str(row.get("period_id"))) else ()
            yield column, (str(row[column]), *months)
    for column in ("posted_month", "wave_month", "started_month", "search_month"):
        if not is_missing(row.get(column)) and not mart.startswith(WAVE_ON_THE_PAGE):
            yield column, (month_name(row[column]),)
    if metric in ("growth_pct", "adjusted_growth_pct") and not is_missing(row.get("base_month")):
        base = pd.Timestamp(row["base_month"])
        yield "base_month", (month_name(base), f"{base:%B} to {month_name(base + pd.DateOffset(months=1))}")


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
    forms = (phrase, capitalised(phrase), within_sentence(phrase))
    return any(re.search(rf"(?<!\w){re.escape(form)}(?!\w)", sentence) is not None for form in forms)


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
