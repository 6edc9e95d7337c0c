"""Shares by category in one or two periods: a bar a period with its interval, panels of one order and scale."""

import altair as alt
import pandas as pd

from dagster_project.reports.charts.style import INK, NARROW, REFERENCE, TECHNOLOGY_COLOURS, WIDE, percent_axis, to_svg
from dagster_project.reports.page.document import Figure

COLUMNS = ["period_label", "technology", "category", "is_technical", "classified_count", "technology_post_count",
           "composition_share", "composition_share_low", "composition_share_high"]  # fmt: skip
SHARES = COLUMNS[6:]
LABEL_ROOM = {"wide": 205, "narrow": 172}
SPACING = 22
SCALE = " The scale is that of every such chart here."


def paired_figure(
    id: str, title: str, rows: pd.DataFrame, order: list[str], largest: float, panels: dict[str, str]
) -> Figure:
    """rows: period_category_ranks of the periods, as displayed_rows gives them; panels: title by technology.

    order: the categories from top to bottom; largest: the right end of the common scale, as a fraction.
    """
    data = rows[[*COLUMNS, *(column for column in ("naive_composition_share",) if column in rows)]].copy()
    data[SHARES] = data[SHARES].astype(float)
    shown = [category for category in order if category in set(data["category"])]
    periods = data["period_label"].drop_duplicates().tolist()
    name = id.removeprefix("figure-")
    return Figure(
        id=id,
        title=title,
        subtitle=f"Share of the period's posts, with its 95% interval.{SCALE if len(periods) > 1 else ''}",
        alternative=f"Bars over the categories, {' and '.join(periods)}. All values follow as CSV.",
        svg_wide=to_svg(_chart(data, shown, largest, panels, "wide"), f"{name}-wide"),
        svg_narrow=to_svg(_chart(data, shown, largest, panels, "narrow"), f"{name}-narrow"),
        data=data,
    )


def _chart(
    data: pd.DataFrame, order: list[str], largest: float, panels: dict[str, str], size: str
) -> alt.HConcatChart | alt.VConcatChart:
    is_wide = size == "wide"
    width = (WIDE - LABEL_ROOM[size]) // len(panels) - SPACING if is_wide else NARROW - LABEL_ROOM[size] - 8
    parts = [
        _panel(data[data["technology"] == technology], order, largest, title, width, not is_wide or place == 0)
        for place, (technology, title) in enumerate(panels.items())
    ]
    return alt.hconcat(*parts, spacing=SPACING) if is_wide else alt.vconcat(*parts, spacing=SPACING)


def _panel(
    data: pd.DataFrame, order: list[str], largest: float, title: str, width: int, has_labels: bool
) -> alt.LayerChart:
    periods = data["period_label"].drop_duplicates().tolist()
    values = data.assign(label=[_whole(value) for value in data["composition_share"]])
    labels = alt.Axis(title=None, labels=has_labels, labelLimit=LABEL_ROOM["wide"], grid=False)
    colours = alt.Scale(domain=periods, range=[REFERENCE, TECHNOLOGY_COLOURS["ai"]][-len(periods) :])
    base = alt.Chart(values).encode(
        y=alt.Y("category:N", sort=order, scale=alt.Scale(domain=order, paddingInner=0.25), axis=labels),
        yOffset=alt.YOffset("period_label:N", sort=periods),
    )
    scale, axis = alt.Scale(domain=[0, largest], nice=False), percent_axis(title=None)
    bars = base.mark_bar(opacity=0.75).encode(
        x=alt.X("composition_share:Q", axis=axis, scale=scale),
        color=alt.Color("period_label:N", sort=periods, scale=colours),
    )
    limits = base.mark_rule(color=INK, strokeWidth=0.9).encode(
        x=alt.X("composition_share_low:Q", axis=axis, scale=scale), x2="composition_share_high:Q"
    )
    texts = base.mark_text(align="left", dx=4, fontSize=11, color=INK).encode(
        x=alt.X("composition_share_high:Q", axis=axis, scale=scale), text="label:N"
    )
    heading = alt.TitleParams(title, anchor="start", fontSize=13, color=INK, offset=8)
    return (bars + limits + texts).properties(width=width, height=alt.Step(13), title=heading)


def _whole(value: float) -> str:
    """`28%`, `0.6%`; empty for a hidden share."""
    if pd.isna(value):
        return ""
    return f"{100 * value:.0f}%" if value >= 0.0095 or value < 0.0005 else f"{100 * value:.1f}%"
