"""Talent searches by month: the agents' series and the wider AI series, a panel each."""

import altair as alt
import pandas as pd

from dagster_project.reports.charts.style import INK, MUTED, NARROW, TECHNOLOGY_COLOURS, WIDE, month_axis, to_svg
from dagster_project.reports.claims.wording import count, month_name
from dagster_project.reports.page.display_text import display_text
from dagster_project.reports.page.document import Figure

SHOWN_MONTHS = 24
PANEL_HEIGHT = 120
COLUMNS = ["search_month", "series_id", "series", "search_count", "status"]


def search_counts_figure(rows: pd.DataFrame) -> Figure:
    """rows: monthly_search_growth up to the reported month."""
    data = rows[rows["series_id"] != "all_searches"][COLUMNS].copy()
    data["search_month"] = pd.to_datetime(data["search_month"])
    data = data[data["search_month"] > data["search_month"].max() - pd.DateOffset(months=SHOWN_MONTHS)]
    data = data.sort_values(["series_id", "search_month"])
    span = f"{month_name(data['search_month'].min())} to {month_name(data['search_month'].max())}"
    names = [display_text(name, 60) for name in data["series"].unique()]
    parts = ["Searches of the terms of each series."]
    if not (data["status"] == "complete").all():
        parts.append("Hollow point: month not complete.")
    if len(names) > 1:
        parts.append("Each panel has its own scale.")
    return Figure(
        id="figure-search-counts",
        title="Talent searches by month",
        subtitle=" ".join(parts),
        alternative=f"{'Line charts, one a series' if len(names) > 1 else 'Line chart'}: {', '.join(names)}, {span}. "
        "The data follow as CSV.",
        svg_wide=to_svg(_chart(data, WIDE - 100), "searches-wide"),
        svg_narrow=to_svg(_chart(data, NARROW - 100), "searches-narrow"),
        data=data,
    )


def _chart(data: pd.DataFrame, width: int) -> alt.VConcatChart:
    order = data.groupby("series_id", sort=False)["search_count"].max().sort_values().index
    return alt.vconcat(*(_panel(data[data["series_id"] == name], width) for name in order), spacing=22)


def _panel(data: pd.DataFrame, width: int) -> alt.LayerChart | alt.FacetChart:
    colour = TECHNOLOGY_COLOURS["ai"]
    values = data.assign(
        month=data["search_month"].dt.strftime("%Y-%m-%dT00:00:00"), is_complete=data["status"] == "complete"
    )
    base = alt.Chart(values).encode(
        x=alt.X("month:T", axis=month_axis(values["month"].tolist()), scale=alt.Scale(type="utc"))
    )
    y = alt.Y("search_count:Q", axis=alt.Axis(title=None, tickCount=4, format=",.0f"), scale=alt.Scale(zero=True))
    points = base.mark_point(color=colour, filled=False, size=44, strokeWidth=1.8, opacity=1).encode(
        y=y, fill=alt.condition("datum.is_complete", alt.value(colour), alt.value("white"))
    )
    label = values.tail(1).assign(label=count(values["search_count"].iloc[-1]))
    text = alt.Chart(label).mark_text(align="left", baseline="middle", dx=9, fontSize=14, fontWeight="bold", color=INK)
    latest = text.encode(x=alt.X("month:T", scale=alt.Scale(type="utc")), y=y, text="label:N")
    title = alt.TitleParams(str(values["series"].iloc[0]), anchor="start", fontSize=14, color=MUTED, offset=6)
    line = base.mark_line(color=colour, strokeWidth=2.2).encode(y=y)
    layers = [line, points, latest]
    return alt.layer(*layers).properties(width=width, height=PANEL_HEIGHT, title=title)
