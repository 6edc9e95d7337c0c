"""What clients search for, and what businesses say."""

import pandas as pd

from dagster_project.reports.charts.answer_shares import answer_shares_figure
from dagster_project.reports.charts.search_counts import search_counts_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.wording import direction, month_name, told_growth, told_share
from dagster_project.reports.page.display_text import display_text
from dagster_project.reports.page.document import Section
from dagster_project.reports.page.selection import SMALLEST_DENOMINATOR, MonthView
from dagster_project.reports.sections.monthly.pulse import POPULATION

SEARCHES, RANKS = "monthly_search_growth", "pulse_answer_ranks"
SEARCH_SERIES = ("ai_agents", "ai")
ASKED, QUESTIONS = ["question_id", "wording_version"], 3
TOLD_FIRST = ("digital_fluency_value", "top_workforce_challenge", "digital_marketing_hiring_plan")
"""Questions that come before others, in this order."""


def searches_section(view: MonthView) -> Section | None:
    """The series of AI searches against the month six before; None without a search log."""
    if not view.context.provides("talent_searches"):
        return None
    section = Section("searches", "What clients search for")
    rows = view.of_month(SEARCHES).set_index("series_id", drop=False)
    rows = rows.loc[[name for name in SEARCH_SERIES if name in rows.index]]
    told = rows[~rows["is_withheld"].astype(bool)]
    section.claims = [search_claim(view, row) for _, row in told.iterrows()]
    if told.empty:
        section.notes.append("The search log does not reach back far enough for a change to be told.")
        return section
    history = view.marts[SEARCHES]
    history = history[(pd.to_datetime(history["search_month"]) <= view.month) & (history["series_id"] == told.index[0])]
    if history["search_month"].nunique() > 2:
        section.figures.append(search_counts_figure(history))
    return section


def search_claim(view: MonthView, row: pd.Series) -> Claim:
    """`AI agents: talent searches rose 285% (250–322) from May 2025 to November 2025.`"""
    word = direction(row["growth_pct_low"], row["growth_pct_high"])
    told = told_growth(row["growth_pct"], row["growth_pct_low"], row["growth_pct_high"])
    since = f"from {month_name(row['base_month'])} to {month_name(row['search_month'])}"
    change = f"{word} {told} {since}" if word else f"cannot be told from no change {since}"
    sentence = f"{row['series']}: talent searches {change}."
    return view.book.add(
        SEARCHES, row, "growth_pct", "search_count", sentence, about=f"searches: {row['series']}",
        period=view.context.month, population="talent searches", unit="percent",
    )  # fmt: skip


def pulse_section(view: MonthView) -> Section | None:
    """The most frequent answer of up to three questions, and their answers as bars; None without a survey.

    A question whose first answer is suppressed is left out: the second would be told in its place.
    """
    if not view.context.provides("pulse_answers"):
        return None
    section = Section("pulse", "What businesses say")
    rows = view.of_month(RANKS)
    rows = rows[(rows["respondent_count"] >= SMALLEST_DENOMINATOR) & rows["answer_share"].notna()]
    places = {question: place for place, question in enumerate(TOLD_FIRST)}
    rows = rows.sort_values("question_id", key=lambda ids: ids.map(places).fillna(len(places)), kind="stable")
    first = rows[rows["answer_rank"] == 1].drop_duplicates(ASKED).head(QUESTIONS)
    if first.empty:
        section.notes.append("No wave of the survey fell into this month, or too few businesses answered it.")
        return section
    section.lead = f"Businesses that answered the pulse survey of {month_name(view.month)}."
    section.claims = [answer_claim(view, row, section.lead) for _, row in first.iterrows()]
    section.figures.append(answer_shares_figure(view, rows.merge(first[ASKED], on=ASKED)))
    return section


def answer_claim(view: MonthView, row: pd.Series, setting: str) -> Claim:
    """`“…?”: 66% (60–71) answered “Yes”.`"""
    told = told_share(row["answer_share"], row["answer_share_low"], row["answer_share_high"])
    sentence = f"“{display_text(row['question'], 200)}” {told} answered “{display_text(row['answer'])}”."
    return view.book.add(
        RANKS, row, "answer_share", "respondent_count", sentence,
        about=f"{display_text(row['question_id'])}: {display_text(row['answer'])}", period=view.context.month,
        population=POPULATION, unit="fraction", setting=setting,
    )  # fmt: skip
