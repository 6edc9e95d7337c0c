"""Skills that AI posts name most, technical and creative apart, and gen-AI groups by the posts that name them."""

import altair as alt
import pandas as pd

from dagster_project.reports.charts.style import (
    INK,
    MUTED,
    NARROW,
    REFERENCE,
    TECHNOLOGY_COLOURS,
    WIDE,
    name_axis,
    percent_axis,
    row_height,
    to_svg,
)
from dagster_project.reports.claims.corrected import with_shown
from dagster_project.reports.claims.wording import capitalised, count, is_missing, told_share
from dagster_project.reports.page.document import Figure
from dagster_project.storage.shown_text import display_text

SKILL_COLUMNS = ["skill", "skill_kind", "skill_rank", "skill_rank_low", "skill_rank_high", "ai_post_count",
                 "ai_total_count", "ai_share", "ai_share_low", "ai_share_high", "corrected_ai_share",
                 "corrected_ai_share_low", "corrected_ai_share_high"]  # fmt: skip
KIND_COLOURS = {"technical": TECHNOLOGY_COLOURS["ai"], "creative": "#a64b00", "other": REFERENCE}


def skill_ranks_figure(listed: pd.DataFrame, span: str) -> Figure:
    """listed: monthly_ai_skills, or trailing_ai_skills, in the order of their ranks; span: their months in words."""
    data = listed[SKILL_COLUMNS].copy()
    data[SKILL_COLUMNS[2:]] = data[SKILL_COLUMNS[2:]].astype(float)
    data = with_shown(data.assign(skill=[display_text(skill, 60) for skill in data["skill"]]), "ai_share")
    return Figure(
        id="figure-skill-ranks",
        title=f"Skills that AI posts name most, {span}",
        subtitle="Bar: share of AI posts. Line: 95% interval. At the right: the ranks that the data allow.",
        alternative=f"Bar chart of the skills' shares with intervals, in the order of their ranks; the first is "
        f"{data['skill'].iloc[0]}. All values follow as CSV.",
        svg_wide=to_svg(_skill_chart(data, WIDE - 280, 40, 5), "skills-wide"),
        svg_narrow=to_svg(_skill_chart(data, NARROW - 185, 19, 3), "skills-narrow"),
        data=data[SKILL_COLUMNS],
    )


def _allowed_ranks(row: pd.Series) -> str:
    """`1–4`; the rank alone where it has no limits."""
    limits = [row["skill_rank_low"], row["skill_rank_high"]]
    if any(is_missing(limit) for limit in limits):
        return count(row["skill_rank"])
    return "–".join(dict.fromkeys(count(limit) for limit in limits))


def _skill_chart(data: pd.DataFrame, width: int, characters: int, ticks: int) -> alt.LayerChart:
    values = data.assign(ranks=[_allowed_ranks(row) for _, row in data.iterrows()])
    values = values.assign(kind=data["skill_kind"].where(data["skill_kind"].isin(KIND_COLOURS), "other"))
    present = [kind for kind in KIND_COLOURS if kind in set(values["kind"])]
    colours = alt.Scale(domain=present, range=[KIND_COLOURS[kind] for kind in present])
    names = values["skill"].tolist()
    base = alt.Chart(values).encode(y=alt.Y("skill:N", sort=names, axis=name_axis(names, characters)))
    bars = base.mark_bar(height=14, opacity=0.75).encode(
        x=alt.X("shown:Q", axis=percent_axis(title=None, tickCount=ticks), scale=alt.Scale(zero=True)),
        color=alt.Color("kind:N", scale=colours, legend=alt.Legend(columns=len(present))),
    )
    limits = base.mark_rule(color=INK, strokeWidth=1.4).encode(
        x=alt.X("shown_low:Q", axis=percent_axis(title=None, tickCount=ticks)), x2="shown_high:Q"
    )
    ranks = base.mark_text(align="left", dx=8, fontSize=12, color=INK).encode(x=alt.value(width), text="ranks:N")
    return (bars + limits + ranks).properties(width=width, height=row_height(names, characters, 24))


GROUP_COLUMNS = ["period_id", "period_label", "series_id", "series", "series_kind", "purpose",
                 "genai_post_count", "mention_post_count", "mention_share", "mention_share_low",
                 "mention_share_high", "corrected_mention_share", "corrected_mention_share_low",
                 "corrected_mention_share_high", "correction"]  # fmt: skip
PURPOSE_COLOURS = {"application": TECHNOLOGY_COLOURS["ai"], "model building": INK, "no group": MUTED}
LABEL_ROOM = 190


def genai_figure(rows: pd.DataFrame) -> Figure:
    """rows: period_genai_groups of one period, the groups and posts of no group, most named first."""
    data = with_shown(rows[GROUP_COLUMNS], "mention_share")
    data = data.assign(purpose=data["purpose"].fillna("no group"), series=data["series"].map(capitalised))
    first = rows.iloc[0]
    return Figure(
        id="figure-genai-groups",
        title=f"Gen-AI posts of {first['category']} by the groups that they name, {first['period_label']}",
        subtitle="Share of the posts, with its 95% interval; a post may name several groups.",
        alternative=f"Bar chart of the groups, most named first: {'; '.join(data['series'])}. "
        "All values follow as CSV.",
        svg_wide=to_svg(_group_chart(data, WIDE), "genai-groups-wide"),
        svg_narrow=to_svg(_group_chart(data, NARROW), "genai-groups-narrow"),
        data=data,
    )


def _group_chart(data: pd.DataFrame, width: int) -> alt.LayerChart:
    values = data.assign(label=[told_share(value, None, None) for value in data["shown"]])
    axis = alt.Axis(title=None, labelLimit=LABEL_ROOM - 10, grid=False)
    base = alt.Chart(values).encode(y=alt.Y("series:N", sort=data["series"].tolist(), axis=axis))
    scale = alt.Scale(domain=[0, 1.2 * data["shown_high"].max()], nice=False)
    across = percent_axis(title=None)
    legend = alt.Legend(columns=1 if width == NARROW else len(PURPOSE_COLOURS))
    colour = alt.Color(
        "purpose:N", scale=alt.Scale(domain=list(PURPOSE_COLOURS), range=list(PURPOSE_COLOURS.values())), legend=legend
    )
    bars = base.mark_bar(height=14, opacity=0.4).encode(x=alt.X("shown:Q", axis=across, scale=scale), color=colour)
    limits = base.mark_rule(color=INK, strokeWidth=1.6).encode(
        x=alt.X("shown_low:Q", axis=across, scale=scale), x2="shown_high:Q"
    )
    texts = base.mark_text(align="left", dx=5, fontSize=12, color=INK).encode(
        x=alt.X("shown_high:Q", axis=across, scale=scale), text="label:N"
    )
    return (bars + limits + texts).properties(width=width - LABEL_ROOM, height=alt.Step(24))
