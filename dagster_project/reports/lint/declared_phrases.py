"""Numbers that belong to a definition and not to a row: where a sentence may say them without a footnote of theirs."""

import re

from dagster_project.statistics.spread.stability import SMALLEST_PERIOD

DECLARED_PHRASES = (
    (r"95% intervals?", ".*"),
    (r"(?:above|more than) 1,000 USD", "high_value_share"),
    (r"worth at least 1,000 USD", "composition_share"),
    (r"more than 1% of", "categories_above_one_percent"),
    (r"one-sided test at 5%", "difference_points"),
    (rf"under {SMALLEST_PERIOD}\b", "difference_points"),
    (r"over 3 months", "three_month_growth_pct"),
    (r"over 2 months", "two_month_growth_pct"),
    (r"the lowest and highest 1% of answers", "estimate"),
    (r"at 50 as many", "diffusion_index"),
    (r"Up to(?= [\d.]+ points of)", "possible_share_points"),
)
"""(phrase, metric): numbers of a definition rather than of a row, each allowed in the sentences of its metric alone."""


def without_definitions(text: str, metric: str) -> str:
    """The text without the numbers that belong to a definition and not to a row."""
    for phrase, metrics in DECLARED_PHRASES:
        if re.fullmatch(f"(?:corrected_)?(?:{metrics})", metric):
            text = re.sub(phrase, "·", text)
    return text
