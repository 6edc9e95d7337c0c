"""The answers of a few survey questions: a panel a question, a bar an answer with its interval."""

import textwrap

import altair as alt
import pandas as pd

from dagster_project.reports.charts.style import (
    INK,
    NARROW,
    TECHNOLOGY_COLOURS,
    WIDE,
    name_axis,
    percent_axis,
    row_height,
    to_svg,
)
from dagster_project.reports.claims.wording import month_name
from dagster_project.reports.page.display_text import display_text
from dagster_project.reports.page.document import Figure
from dagster_project.reports.page.selection import MonthView

COLUMNS = ["question_id", "question", "wording_version", "answer", "respondent_count", "answer_share",
           "answer_share_low", "answer_share_high"]  # fmt: skip
SHARES, ASKED = COLUMNS[-3:], ["question_id", "wording_version"]
SHOWN_ANSWERS = 4


def answer_shares_figure(view: MonthView, rows: pd.DataFrame) -> Figure:
    """rows: pulse_answer_ranks of one wave; the most frequent answers of each question, questions as they come."""
    place = rows.groupby(ASKED, sort=False).ngroup()
    ordered = rows.assign(place=place).sort_values(["place", "answer_rank", "answer"])
    data = ordered.groupby(ASKED, sort=False).head(SHOWN_ANSWERS)[COLUMNS].copy()
    data[SHARES] = data[SHARES].astype(float)
    data = data.assign(
        question=[display_text(text, 200) for text in data["question"]],
        answer=[display_text(text, 60) for text in data["answer"]],
    )
    return Figure(
        id="figure-answer-shares",
        title=f"Most frequent answers, {month_name(view.month)}",
        subtitle="Bar: weighted share of the businesses that answered. Line: 95% interval.",
        alternative="Bar charts with intervals, one a question, answers in the order of their shares. "
        "All values follow as CSV.",
        svg_wide=to_svg(_chart(data, WIDE - 220, 34, 80), "answers-wide"),
        svg_narrow=to_svg(_chart(data, NARROW - 150, 21, 38), "answers-narrow"),
        data=data,
    )


def _chart(data: pd.DataFrame, width: int, label: int, characters: int) -> alt.VConcatChart:
    panels = [answer_panel(part, width, label, characters) for _, part in data.groupby(ASKED, sort=False)]
    return alt.vconcat(*panels, spacing=18)


def answer_panel(data: pd.DataFrame, width: int, label: int, characters: int) -> alt.LayerChart:
    """A bar an answer; data: question, answer and its share with limits, in the order of the bars.

    label, characters: the length of a line of the answers and of the question.
    """
    names = data["answer"].tolist()
    base = alt.Chart(data).encode(y=alt.Y("answer:N", sort=names, axis=name_axis(names, label)))
    scale = alt.Scale(domain=[0, 1], nice=False)
    bars = base.mark_bar(color=TECHNOLOGY_COLOURS["ai"], height=14, opacity=0.6).encode(
        x=alt.X("answer_share:Q", axis=percent_axis(title=None), scale=scale)
    )
    limits = base.mark_rule(color=INK, strokeWidth=1.4).encode(
        x=alt.X("answer_share_low:Q", axis=percent_axis(title=None), scale=scale), x2="answer_share_high:Q"
    )
    lines = textwrap.wrap(str(data["question"].iloc[0]), characters)
    title = alt.TitleParams(lines, anchor="start", fontSize=13, color=INK, offset=6)
    return (bars + limits).properties(width=width, height=row_height(names, label, 22), title=title)
