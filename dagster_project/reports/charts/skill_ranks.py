"""The skills that AI posts name most: a bar for the share, a line for its interval, technical and creative apart."""

import altair as alt
import pandas as pd

from dagster_project.reports.charts.style import INK, NARROW, REFERENCE, TECHNOLOGY_COLOURS, WIDE, percent_axis, to_svg
from dagster_project.reports.claims.corrected import with_shown
from dagster_project.reports.page.display_text import display_text
from dagster_project.reports.page.document import Figure

COLUMNS = ["skill", "skill_kind", "skill_rank", "skill_rank_low", "skill_rank_high", "ai_post_count", "ai_total_count",
           "ai_share", "ai_share_low", "ai_share_high", "corrected_ai_share", "corrected_ai_share_low",
           "corrected_ai_share_high"]  # fmt: skip
KIND_COLOURS = {"technical": TECHNOLOGY_COLOURS["ai"], "creative": "#a64b00", "other": REFERENCE}


def skill_ranks_figure(listed: pd.DataFrame, span: str) -> Figure:
    """listed: monthly_ai_skills, or trailing_ai_skills, in the order of their ranks; span: their months in words."""
    data = listed[COLUMNS].copy()
    data[COLUMNS[2:]] = data[COLUMNS[2:]].astype(float)
    data = with_shown(data.assign(skill=[display_text(skill, 40) for skill in data["skill"]]), "ai_share")
    return Figure(
        id="figure-skill-ranks",
        title=f"Skills that AI posts name most, {span}",
        subtitle="Bar: share of AI posts. Line: its 95% interval.",
        alternative=f"Bar chart of the skills in the order of their ranks; the first is {data['skill'].iloc[0]}. "
        "All values follow as CSV.",
        svg_wide=to_svg(_chart(data, WIDE - 240, 220), "skills-wide"),
        svg_narrow=to_svg(_chart(data, NARROW - 165, 150), "skills-narrow"),
        data=data[COLUMNS],
    )


def _chart(data: pd.DataFrame, width: int, label_limit: int) -> alt.LayerChart:
    values = data.assign(kind=data["skill_kind"].where(data["skill_kind"].isin(KIND_COLOURS), "other"))
    present = [kind for kind in KIND_COLOURS if kind in set(values["kind"])]
    colours = alt.Scale(domain=present, range=[KIND_COLOURS[kind] for kind in present])
    labels = alt.Axis(title=None, labelLimit=label_limit, grid=False)
    base = alt.Chart(values).encode(y=alt.Y("skill:N", sort=values["skill"].tolist(), axis=labels))
    bars = base.mark_bar(height=14, opacity=0.75).encode(
        x=alt.X("shown:Q", axis=percent_axis(title=None), scale=alt.Scale(zero=True)),
        color=alt.Color("kind:N", scale=colours, legend=alt.Legend(columns=len(present))),
    )
    limits = base.mark_rule(color=INK, strokeWidth=1.4).encode(
        x=alt.X("shown_low:Q", axis=percent_axis(title=None)), x2="shown_high:Q"
    )
    return (bars + limits).properties(width=width, height=alt.Step(24))
