"""Lints what a page says outside of its sentences: every number of a lead, note, notice or chart text has a source."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

import pandas as pd

from dagster_project.reports.claims.wording import month_name
from dagster_project.reports.lint.page_text import Block
from dagster_project.reports.lint.sentences import Violation
from dagster_project.reports.page.selection import SMALLEST_DENOMINATOR
from dagster_project.statistics.core.proportions import CONFIDENCE
from dagster_project.statistics.growth.adjusted import SEASONAL_FROM
from dagster_project.statistics.growth.raw import SMALLEST_BASE
from dagster_project.statistics.growth.verdicts import FALSE_DISCOVERY_RATE, SMALLEST_FAMILY_BASE
from dagster_project.statistics.registry import REGISTRY
from dagster_project.statistics.searches import WINDOW_MONTHS
from dagster_project.statistics.spread.counts import SMALLEST_GROUPS, SMALLEST_SAMPLE
from dagster_project.statistics.spread.stability import SMALLEST_PERIOD, STABLE_DISTANCE
from dagster_project.storage.shown_text import display_text

PROSE_VALUES = (
    rf"{CONFIDENCE:.0%} (?:confidence )?intervals?",
    rf"{CONFIDENCE:.0%} for all",
    r"sums to 100%",
    rf"from {SEASONAL_FROM} months of history on",
    rf"false discovery rate is held at {FALSE_DISCOVERY_RATE:.0%}",
    rf"fewer than {SMALLEST_FAMILY_BASE} posts in the base month",
    rf"fewer than {SMALLEST_DENOMINATOR}(?= posts| businesses| contracts|\))",
    rf"at least {SMALLEST_DENOMINATOR}(?= posts| AI posts)",
    rf"fewer than {SMALLEST_BASE}(?= contracts)",
    rf"up to {WINDOW_MONTHS} months",
    r"3 means named three times as often",
    r"above 1,000 USD",
    r"1 says that all posts lie in one category, 12 that they divide evenly",
    r"[Cc]ategories above 1%|exceeds 1%",
    r"test at 5%",
    r"below 5%(?= after Holm)",
    rf"holds {SMALLEST_SAMPLE} classified posts of a technology from {SMALLEST_GROUPS} client groups",
    r"hashed into 50 groups",
    r"\(Kott 2001\)",
    r"\(OECD/Eurostat, 2008\)",
    r"values?, 0 where nothing changed",
    rf"at most {100 * STABLE_DISTANCE:.0f} points, with at least {SMALLEST_PERIOD} posts",
)
"""Phrases with the numbers of definitions: leads, notes and charts may say these without a row."""


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{phrase})" for phrase in PROSE_VALUES))


@cache
def registered_texts() -> tuple[str, ...]:
    """Definitions and methods of the statistics registry, as pages print them, longest first."""
    texts = {
        display_text(text, 600)
        for statistic in REGISTRY.values()
        for text in (statistic.definition, statistic.method, statistic.library)
    }
    return tuple(sorted(texts, key=len, reverse=True))


def without_declared(text: str) -> str:
    """The text without registered definitions and declared phrases."""
    for registered in registered_texts():
        text = text.replace(registered, "·")
    return _pattern().sub("·", text)


TEXT_COLUMNS = (
    *("period_label", "base_period_label", "current_period_label", "correction", "question", "finding", "population"),
    *("reference_population", "series", "category", "withheld_reason", "no_verdict_reason", "not_corrected_reason"),
    *("penetration_share_correction", "status_reason", "reason", "countries", "weighting", "level"),
)
MONTH_COLUMN = re.compile(r"(\w+_)?month|period_start|period_end")
PROSE_PLACES = ("part", "quoted", "figure")
DIGITS = re.compile(r"\d")
NUMBER_IN_TEXT = re.compile(r"\S*\d\S*")
RULE = "{} is of no mart row and no declared value: make a claim of it, or declare it (docs/claims.md)"


def prose_violations(
    blocks: Iterable[Block], marts: Mapping[str, pd.DataFrame], quoted: Sequence[str] = ()
) -> Iterator[Violation]:
    """Blocks with a number that has no source. quoted: texts of the run itself, as `RunContext` holds them."""
    names = _names(marts) | {display_text(text, limit) for text in quoted for limit in (120, 400)}
    ordered = sorted((name for name in names if DIGITS.search(name)), key=len, reverse=True)
    for block in blocks:
        if block.place not in PROSE_PLACES or not DIGITS.search(block.text):
            continue
        rest = without_declared(_without(ordered, block.text))
        if DIGITS.search(rest):
            told = ", ".join(repr(found) for found in NUMBER_IN_TEXT.findall(rest))
            yield Violation(block.text, "the page", RULE.format(told))


def _names(marts: Mapping[str, pd.DataFrame]) -> set[str]:
    """Texts with digits that marts bring, and the names of their months."""
    names: set[str] = set()
    for mart in marts.values():
        for column in mart.columns:
            if column in TEXT_COLUMNS:
                names |= {display_text(text, 400) for text in mart[column].dropna().unique()}
            elif MONTH_COLUMN.fullmatch(str(column)):
                months = pd.to_datetime(pd.Series(mart[column].dropna().unique()))
                names |= {month_name(month) for month in months}
    return names


def _without(names: Sequence[str], text: str) -> str:
    """The text without the names, on token boundaries and in any case."""
    lowered = text.lower()
    for name in names:
        if name.lower() in lowered:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "·", text, flags=re.IGNORECASE)
            lowered = text.lower()
    return text
