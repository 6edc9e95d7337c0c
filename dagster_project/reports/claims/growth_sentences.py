"""Sentences and table words of growth: the verdict and the trend of the mart row, or why there is none."""

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.wording import capitalised, count, growth, interval, is_missing, month_name
from dagster_project.reports.page.selection import MonthView
from dagster_project.statistics.growth.verdicts import CONTINUED, FELL, NO_CHANGE, ROSE, STEADY, SURGED

WITHHELD, NOT_TESTED = "withheld", "not tested"
MOVED = (SURGED, ROSE, FELL)
SHORT_VERDICTS = {NO_CHANGE: "not distinguishable"}


def with_shown_verdicts(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of monthly_adjusted_growth with a `shown_verdict`: the mart's verdict, withheld, or not tested."""
    verdicts = rows["verdict"].astype(object).where(rows["verdict"].notna(), NOT_TESTED)
    return rows.assign(shown_verdict=verdicts.mask(rows["is_withheld"].astype(bool), WITHHELD))


def verdict_text(row: pd.Series) -> str:
    """`rose, steady`: shown_verdict and trend as a table shows them."""
    shown_verdict = SHORT_VERDICTS.get(row["shown_verdict"], row["shown_verdict"])
    return shown_verdict if is_missing(row["trend"]) else f"{shown_verdict}, {row['trend']}"


MART = "monthly_adjusted_growth"
ADJUSTED_FOR = {"seasonal": "adjusted for calendar and season", "calendar": "adjusted for calendar, not for season"}
TREND_PHRASES = {STEADY: "grew steadily", CONTINUED: "continued to grow"}
TREND_SPANS = {STEADY: ("three_month_growth_pct", 3), CONTINUED: ("two_month_growth_pct", 2)}


def adjusted_growth_claim(view: MonthView, row: pd.Series, what: str) -> Claim:
    """`QA posts surged by 31.0% from October to November 2025, adjusted ... (1,200 to 1,428 posts; ...).`"""
    since = f"from {month_name(row['base_month'])} to {month_name(row['posted_month'])}, "
    since += ADJUSTED_FOR[row["adjustment"]]
    basis = (
        f"{count(row['base_post_count'])} to {count(row['post_count'])} posts; "
        f"95% interval {interval(row['adjusted_growth_pct_low'], row['adjusted_growth_pct_high'], growth)}; "
        f"raw {growth(row['raw_growth_pct'])}"
    )
    change = growth(row["adjusted_growth_pct"])
    verdict = row["verdict"]
    if is_missing(verdict):
        sentence = f"{capitalised(what)}: {change} {since}, not tested: {row['no_verdict_reason']} ({basis})."
    elif verdict == NO_CHANGE:
        sentence = f"{capitalised(what)}: {change} {since}, {NO_CHANGE} ({basis})."
    else:
        sentence = f"{capitalised(what)} {verdict} by {change.lstrip('+−')} {since} ({basis})."
    return _claim(view, row, "adjusted_growth_pct", sentence, what)


def trend_claim(view: MonthView, row: pd.Series, what: str) -> Claim:
    """`QA posts grew steadily: +18.2% over three months to November 2025, adjusted ... (95% interval ...).`"""
    metric, months = TREND_SPANS[row["trend"]]
    basis = f"95% interval {interval(row[f'{metric}_low'], row[f'{metric}_high'], growth)}"
    sentence = (
        f"{capitalised(what)} {TREND_PHRASES[row['trend']]}: {growth(row[metric])} over {months} months to "
        f"{month_name(row['posted_month'])}, {ADJUSTED_FOR[row['adjustment']]} "
        f"({count(row['post_count'])} posts; {basis})."
    )
    return _claim(view, row, metric, sentence, what)


def _claim(view: MonthView, row: pd.Series, metric: str, sentence: str, what: str) -> Claim:
    return view.book.add(
        MART, row, metric, "post_count", sentence,
        about=what, period=view.context.month, population=view.population.posts, unit="percent",
    )  # fmt: skip
