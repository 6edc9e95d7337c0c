"""Answers of surveys: a panel a question, a bar an answer with its interval; and findings of two populations."""

import textwrap

import altair as alt
import pandas as pd

from dagster_project.reports.charts.style import (
    INK,
    NARROW,
    REFERENCE,
    TECHNOLOGY_COLOURS,
    WIDE,
    name_axis,
    percent_axis,
    row_height,
    to_svg,
)
from dagster_project.reports.claims.wording import capitalised, month_name
from dagster_project.reports.page.document import Figure
from dagster_project.reports.page.selection import MonthView
from dagster_project.storage.shown_text import display_text

SHARES = ["answer_share", "answer_share_low", "answer_share_high"]
ANSWER_COLUMNS = ["question_id", "question", "wording_version", "answer", "respondent_count", *SHARES]
ASKED = ["question_id", "wording_version"]
SHOWN_ANSWERS = 4
CHARACTER_WIDTH = 7.5


def answer_shares_figure(view: MonthView, rows: pd.DataFrame) -> Figure:
    """rows: pulse_answer_ranks of one wave; the most frequent answers of each question, questions as they come."""
    place = rows.groupby(ASKED, sort=False).ngroup()
    ordered = rows.assign(place=place).sort_values(["place", "answer_rank", "answer"])
    data = ordered.groupby(ASKED, sort=False).head(SHOWN_ANSWERS)[ANSWER_COLUMNS].copy()
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
        svg_wide=to_svg(_answer_panels(data, ASKED, "wide"), "answers-wide"),
        svg_narrow=to_svg(_answer_panels(data, ASKED, "narrow"), "answers-narrow"),
        data=data,
    )


def _answer_panels(data: pd.DataFrame, by: list[str], size: str) -> alt.VConcatChart:
    """A panel a question, which the columns `by` tell apart."""
    lengths = (WIDE - 220, 34, 80) if size == "wide" else (NARROW - 150, 21, 38)
    lines = [line for answer in data["answer"] for line in textwrap.wrap(answer, lengths[1])]
    room = CHARACTER_WIDTH * max(map(len, lines), default=0)
    return alt.vconcat(*(_answer_panel(part, *lengths, room) for _, part in data.groupby(by, sort=False)), spacing=18)


def _answer_panel(data: pd.DataFrame, width: int, label: int, characters: int, room: float) -> alt.LayerChart:
    """A bar an answer; data: question, answer and its share with limits, in the order of the bars.

    label, characters: the length of a line of the answers and of the question; room: of the answers in pixels, the
    same in all panels, so that their questions begin below each other.
    """
    names = data["answer"].tolist()
    base = alt.Chart(data).encode(y=alt.Y("answer:N", sort=names, axis=name_axis(names, label, minExtent=room)))
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


FINDING_COLUMNS = ["question_id", "wording_version", "measure", "finding", "population_id", "population",
                   "answer_count", "respondent_count", *SHARES]  # fmt: skip
GAIN_COLUMNS = ["question_id", "statistic", "population", "respondent_count", "estimate", "estimate_low",
                "estimate_high"]  # fmt: skip
GAIN_LABELS = {"winsorised_mean": "Average", "median": "Median", "upper_quartile": "Top quartile from"}


def finding_figure(id: str, title: str, rows: pd.DataFrame) -> Figure:
    """rows: study_answer_shares in the order of the bars, with `panel` and `bar`: the text of each."""
    data = rows.astype(dict.fromkeys(SHARES, float))
    drawn = data.assign(
        question=[capitalised(display_text(text, 200)) for text in data["panel"]],
        answer=[capitalised(display_text(text, 60)) for text in data["bar"]],
    )
    return _bars(
        id, title, "Bar: share of those who answered. Line: its 95% interval.", drawn, data[FINDING_COLUMNS]
    )  # fmt: skip


def gain_figure(rows: pd.DataFrame) -> Figure:
    """rows: study_numeric_answers of the gain: the statistics of GAIN_LABELS that there are."""
    rows = rows.set_index("statistic", drop=False)
    rows = rows.loc[[name for name in GAIN_LABELS if name in rows.index]]
    limits = {
        f"answer_share{end}": rows[f"estimate{end}"].astype(float) / 100 for end in ("", "_low", "_high")
    }  # an answer in percent has the axis of a share
    question = [display_text(text, 200) for text in rows["question"]]
    drawn = rows.assign(**limits, question=question, answer=rows["statistic"].map(GAIN_LABELS))
    title = "The productivity gain that respondents report"
    subtitle = "Bar: the gain in percent. Line: its 95% interval."
    return _bars("figure-worker-study-gain", title, subtitle, drawn, rows[GAIN_COLUMNS])


def _bars(id: str, title: str, subtitle: str, drawn: pd.DataFrame, data: pd.DataFrame) -> Figure:
    name = id.removeprefix("figure-")
    return Figure(
        id=id,
        title=title,
        subtitle=subtitle,
        alternative="Bar charts in the order of the questionnaire. All values follow as CSV.",
        svg_wide=to_svg(_answer_panels(drawn, ["question"], "wide"), f"{name}-wide"),
        svg_narrow=to_svg(_answer_panels(drawn, ["question"], "narrow"), f"{name}-narrow"),
        data=data,
    )


COMPARISON_COLUMNS = [*FINDING_COLUMNS[:-3], "effective_respondent_count", *SHARES]
LABEL_CHARACTERS = {"wide": 42, "narrow": 23}
LEGEND_CHARACTERS = {"wide": 84, "narrow": 23}
LABEL_ROOM = {"wide": 290, "narrow": 165}
LEAST_STEP = 18
LINE_BREAK = "¦"


def comparison_figure(rows: pd.DataFrame, pair: tuple[str, str], labels: tuple[str, str]) -> Figure:
    """rows: study_answer_shares of findings; `pair`: ids of the two populations, the first one decides the order."""
    data = rows[rows["population_id"].isin(pair)][COMPARISON_COLUMNS].copy()
    data[SHARES] = data[SHARES].astype(float)
    first = data[data["population_id"] == pair[0]].sort_values("answer_share", ascending=False)
    order = first["finding"].tolist()
    name = f"worker-study-{pair[0].replace('_', '-')}"
    return Figure(
        id=f"figure-{name}",
        title=f"{capitalised(labels[0])}, beside {labels[1]}",
        subtitle="Point: share of the population. Line: 95% interval.",
        alternative=f"Dot chart over the findings in the order of their shares of {labels[0]}. "
        "All values follow as CSV.",
        svg_wide=to_svg(_comparison_chart(data, order, pair, labels, "wide"), f"{name}-wide"),
        svg_narrow=to_svg(_comparison_chart(data, order, pair, labels, "narrow"), f"{name}-narrow"),
        data=data.sort_values(["population_id", "question_id", "measure"]),
    )


def _comparison_chart(
    data: pd.DataFrame, order: list[str], pair: tuple[str, str], labels: tuple[str, str], size: str
) -> alt.LayerChart:
    characters = LABEL_CHARACTERS[size]
    names = [_wrapped(capitalised(label), LEGEND_CHARACTERS[size]) for label in labels]
    lines = {finding: capitalised(display_text(finding, 200)) for finding in order}
    values = data.assign(
        group=data["population_id"].map(dict(zip(pair, names, strict=True))), line=data["finding"].map(lines)
    )
    legend = alt.Legend(labelExpr=f"split(datum.label, '{LINE_BREAK}')", direction="vertical", labelLimit=600)
    base = alt.Chart(values).encode(
        y=alt.Y("line:N", sort=list(lines.values()), axis=name_axis(lines.values(), characters)),
        yOffset=alt.YOffset("group:N", sort=names),
        color=alt.Color(
            "group:N",
            sort=names,
            legend=legend,
            scale=alt.Scale(domain=names, range=[TECHNOLOGY_COLOURS["ai"], REFERENCE]),
        ),
    )
    scale = alt.Scale(domain=[0, 1], nice=False)
    limits = base.mark_rule(strokeWidth=2.4).encode(
        x=alt.X("answer_share_low:Q", axis=percent_axis(title=None), scale=scale), x2="answer_share_high:Q"
    )
    points = base.mark_point(filled=True, size=80, opacity=1).encode(
        x=alt.X("answer_share:Q", axis=percent_axis(title=None), scale=scale),
        shape=alt.Shape(
            "group:N", sort=names, legend=legend, scale=alt.Scale(domain=names, range=["circle", "diamond"])
        ),
    )
    width = (WIDE if size == "wide" else NARROW) - LABEL_ROOM[size] - 20
    # a row has two places, one a population: each gets half of what the longest name needs
    row = row_height(lines.values(), characters, 2 * LEAST_STEP)
    return (limits + points).properties(width=width, height=alt.Step(row.step / 2))


def _wrapped(text: str, characters: int) -> str:
    return LINE_BREAK.join(textwrap.wrap(text, characters))
