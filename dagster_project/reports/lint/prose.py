"""Lints what a page says outside of its sentences: every number of a lead, note, notice or chart text has a source.

A number of prose is a definition's (`declared_values.py`), part of a text that a mart brings (a period's label, a
reason, how a share is corrected), a month of the marts, or of a text that the run brings (the feed's title).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pandas as pd

from dagster_project.reports.claims.wording import month_name
from dagster_project.reports.lint.declared_values import without_declared
from dagster_project.reports.lint.page_text import Block
from dagster_project.reports.lint.violations import Slip
from dagster_project.reports.page.display_text import display_text

TEXT_COLUMNS = (
    *("period_label", "base_period_label", "current_period_label", "correction", "question", "finding", "population"),
    *("reference_population", "series", "category", "withheld_reason", "no_verdict_reason", "not_corrected_reason"),
    *("status_reason", "reason", "countries", "weighting", "level"),
)
MONTH_COLUMN = re.compile(r"(\w+_)?month|period_start|period_end")
PROSE_PLACES = ("part", "quoted", "figure")
DIGITS = re.compile(r"\d")
NUMBER_IN_TEXT = re.compile(r"\S*\d\S*")
RULE = "{} is of no mart row and no declared value: make a claim of it, or declare it (docs/claims.md)"


def prose_slips(
    blocks: Iterable[Block], marts: Mapping[str, pd.DataFrame], quoted: Sequence[str] = ()
) -> Iterator[Slip]:
    """Blocks with a number that has no source. quoted: texts of the run itself, as `RunContext` holds them."""
    names = _names(marts) | {display_text(text, limit) for text in quoted for limit in (120, 400)}
    ordered = sorted((name for name in names if DIGITS.search(name)), key=len, reverse=True)
    for block in blocks:
        if block.place not in PROSE_PLACES or not DIGITS.search(block.text):
            continue
        rest = without_declared(_without(ordered, block.text))
        if DIGITS.search(rest):
            told = ", ".join(repr(found) for found in NUMBER_IN_TEXT.findall(rest))
            yield Slip(block.text, "the page", RULE.format(told))


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
