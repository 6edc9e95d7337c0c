"""Findings of two populations side by side: a point for the share, a line for the 95 % interval."""

import textwrap

import altair as alt
import pandas as pd

from dagster_project.reports.charts.style import (
    NARROW,
    REFERENCE,
    TECHNOLOGY_COLOURS,
    WIDE,
    name_axis,
    percent_axis,
    row_height,
    to_svg,
)
from dagster_project.reports.claims.wording import capitalised
from dagster_project.reports.page.display_text import display_text
from dagster_project.reports.page.document import Figure

COLUMNS = ["question_id", "wording_version", "measure", "finding", "population_id", "population", "answer_count",
           "respondent_count", "effective_respondent_count", "answer_share", "answer_share_low",
           "answer_share_high"]  # fmt: skip
LABEL_CHARACTERS = {"wide": 42, "narrow": 23}
LEGEND_CHARACTERS = {"wide": 84, "narrow": 23}
LABEL_ROOM = {"wide": 290, "narrow": 165}
LEAST_STEP = 18
LINE_BREAK = "¦"


def comparison_figure(rows: pd.DataFrame, pair: tuple[str, str], labels: tuple[str, str]) -> Figure:
    """rows: study_answer_shares of findings; `pair`: ids of the two populations, the first one decides the order."""
    data = rows[rows["population_id"].isin(pair)][COLUMNS].copy()
    data[COLUMNS[-3:]] = data[COLUMNS[-3:]].astype(float)
    first = data[data["population_id"] == pair[0]].sort_values("answer_share", ascending=False)
    order = first["finding"].tolist()
    name = f"worker-study-{pair[0].replace('_', '-')}"
    return Figure(
        id=f"figure-{name}",
        title=f"{capitalised(labels[0])}, beside {labels[1]}",
        subtitle="Point: share of the population. Line: 95% interval.",
        alternative=f"Dot chart over the findings in the order of their shares of {labels[0]}. "
        "All values follow as CSV.",
        svg_wide=to_svg(_chart(data, order, pair, labels, "wide"), f"{name}-wide"),
        svg_narrow=to_svg(_chart(data, order, pair, labels, "narrow"), f"{name}-narrow"),
        data=data.sort_values(["population_id", "question_id", "measure"]),
    )


def _chart(
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
