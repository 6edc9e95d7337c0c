"""Findings of the worker study as bars: a panel a question, a bar a group or an answer, with its interval."""

import altair as alt
import pandas as pd

from dagster_project.reports.charts.answer_shares import answer_panel
from dagster_project.reports.charts.style import NARROW, WIDE, to_svg
from dagster_project.reports.claims.wording import capitalised
from dagster_project.reports.page.display_text import display_text
from dagster_project.reports.page.document import Figure

SHARES = ["answer_share", "answer_share_low", "answer_share_high"]
COLUMNS = ["question_id", "wording_version", "measure", "finding", "population_id", "population", "answer_count",
           "respondent_count", *SHARES]  # fmt: skip
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
    return _figure(
        id, title, "Bar: share of those who answered. Line: its 95% interval.", drawn, data[COLUMNS]
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
    return _figure("figure-worker-study-gain", title, subtitle, drawn, rows[GAIN_COLUMNS])


def _figure(id: str, title: str, subtitle: str, drawn: pd.DataFrame, data: pd.DataFrame) -> Figure:
    name = id.removeprefix("figure-")
    return Figure(
        id=id,
        title=title,
        subtitle=subtitle,
        alternative="Bar charts in the order of the questionnaire. All values follow as CSV.",
        svg_wide=to_svg(_chart(drawn, WIDE - 220, 34, 80), f"{name}-wide"),
        svg_narrow=to_svg(_chart(drawn, NARROW - 150, 21, 38), f"{name}-narrow"),
        data=data,
    )


def _chart(data: pd.DataFrame, width: int, label: int, characters: int) -> alt.VConcatChart:
    panels = [answer_panel(part, width, label, characters) for _, part in data.groupby("question", sort=False)]
    return alt.vconcat(*panels, spacing=18)
