"""Numbers that prose may say: those of a definition, each in its phrase and built from the constant it states."""

import re
from functools import cache

from dagster_project.reports.page.display_text import display_text
from dagster_project.reports.page.selection import SMALLEST_DENOMINATOR
from dagster_project.statistics.core.proportions import CONFIDENCE
from dagster_project.statistics.growth.adjusted import SEASONAL_FROM
from dagster_project.statistics.growth.raw import SMALLEST_BASE
from dagster_project.statistics.growth.verdicts import FALSE_DISCOVERY_RATE, SMALLEST_FAMILY_BASE
from dagster_project.statistics.registry import REGISTRY
from dagster_project.statistics.searches import WINDOW_MONTHS
from dagster_project.statistics.spread.counts import SMALLEST_GROUPS, SMALLEST_SAMPLE
from dagster_project.statistics.spread.stability import SMALLEST_PERIOD, STABLE_DISTANCE

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
