"""Gen-AI groups by the posts that name them, with 95 % intervals; colour by what the group's work is for."""

import altair as alt
import pandas as pd

from dagster_project.reports.charts.style import INK, MUTED, NARROW, TECHNOLOGY_COLOURS, WIDE, percent_axis, to_svg
from dagster_project.reports.claims.corrected import with_shown
from dagster_project.reports.claims.wording import capitalised, told_share
from dagster_project.reports.page.document import Figure

COLUMNS = ["period_id", "period_label", "series_id", "series", "series_kind", "purpose", "genai_post_count",
           "mention_post_count", "mention_share", "mention_share_low", "mention_share_high", "corrected_mention_share",
           "corrected_mention_share_low", "corrected_mention_share_high", "correction"]  # fmt: skip
COLOURS = {"application": TECHNOLOGY_COLOURS["ai"], "model building": INK, "no group": MUTED}
LABEL_ROOM = 190


def genai_figure(rows: pd.DataFrame) -> Figure:
    """rows: period_genai_groups of one period, the groups and posts of no group, most named first."""
    data = with_shown(rows[COLUMNS], "mention_share")
    data = data.assign(purpose=data["purpose"].fillna("no group"), series=data["series"].map(capitalised))
    first = rows.iloc[0]
    return Figure(
        id="figure-genai-groups",
        title=f"Gen-AI posts of {first['category']} by the groups that they name, {first['period_label']}",
        subtitle="Share of the posts, with its 95% interval; a post may name several groups.",
        alternative=f"Bar chart of the groups, most named first: {'; '.join(data['series'])}. "
        "All values follow as CSV.",
        svg_wide=to_svg(_chart(data, WIDE), "genai-groups-wide"),
        svg_narrow=to_svg(_chart(data, NARROW), "genai-groups-narrow"),
        data=data,
    )


def _chart(data: pd.DataFrame, width: int) -> alt.LayerChart:
    values = data.assign(label=[told_share(value, None, None) for value in data["shown"]])
    axis = alt.Axis(title=None, labelLimit=LABEL_ROOM - 10, grid=False)
    base = alt.Chart(values).encode(y=alt.Y("series:N", sort=data["series"].tolist(), axis=axis))
    scale = alt.Scale(domain=[0, 1.2 * data["shown_high"].max()], nice=False)
    across = percent_axis(title=None)
    legend = alt.Legend(columns=1 if width == NARROW else len(COLOURS))
    colour = alt.Color("purpose:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), legend=legend)
    bars = base.mark_bar(height=14, opacity=0.4).encode(x=alt.X("shown:Q", axis=across, scale=scale), color=colour)
    limits = base.mark_rule(color=INK, strokeWidth=1.6).encode(
        x=alt.X("shown_low:Q", axis=across, scale=scale), x2="shown_high:Q"
    )
    texts = base.mark_text(align="left", dx=5, fontSize=12, color=INK).encode(
        x=alt.X("shown_high:Q", axis=across, scale=scale), text="label:N"
    )
    return (bars + limits + texts).properties(width=width - LABEL_ROOM, height=alt.Step(24))
