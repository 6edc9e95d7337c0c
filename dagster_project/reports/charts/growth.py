"""What moved: adjusted growth of the series of one level, sorted, and talent searches by month."""

import json

import altair as alt
import pandas as pd

from dagster_project.reports.charts.style import (
    INK,
    MUTED,
    NARROW,
    REFERENCE,
    TECHNOLOGY_COLOURS,
    WIDE,
    month_axis,
    name_axis,
    row_height,
    to_svg,
)
from dagster_project.reports.claims.wording import count, month_name
from dagster_project.reports.page.document import Figure
from dagster_project.reports.page.selection import MonthView
from dagster_project.statistics.growth.verdicts import FELL, NO_CHANGE, ROSE, SURGED
from dagster_project.storage.shown_text import display_text

KEYS = ["posted_month", "series", "population", "base_post_count", "post_count"]
GROWTHS = [f"{kind}_growth_pct{part}" for kind in ("adjusted", "calendar", "raw") for part in ("", "_low", "_high")]
GROWTH_COLUMNS = [*KEYS, *GROWTHS, "adjustment", "q_value", "shown_verdict"]
LEVEL_TITLES = {"sub_category": "sub-category", "category": "category"}
VERDICT_COLOURS = {SURGED: "#00694d", ROSE: "#0b5fa5", FELL: "#a64b00", NO_CHANGE: REFERENCE}
VERDICT_WORDS = {NO_CHANGE: "cannot be told from no change"}
"""Words of the legend where they are not the verdict itself."""
VERDICT_SHAPES = {SURGED: "diamond", ROSE: "triangle-up", FELL: "triangle-down", NO_CHANGE: "circle"}


def growth_figure(view: MonthView, rows: pd.DataFrame, which: str) -> Figure:
    """rows: tested rows of one level of monthly_adjusted_growth with a `shown_verdict`; which: of these, in words."""
    level = LEVEL_TITLES[rows["level"].iloc[0]]
    data = rows[GROWTH_COLUMNS].astype(dict.fromkeys([*GROWTHS, "q_value"], float))
    data = data.sort_values(["adjusted_growth_pct", "series"], ascending=[False, True])
    top, bottom = data.iloc[0], data.iloc[-1]
    before = month_name(view.month - pd.DateOffset(months=1)).split()[0]
    return Figure(
        id="figure-growth",
        title=f"Change in {view.population.posts} by {level}, {before} to {month_name(view.month)}",
        subtitle=f"{which} Mark: adjusted change. Line: 95% interval. Tick: raw change. "
        "Colour: verdict over all tested series.",
        alternative=f"Dot chart of adjusted changes with intervals and raw changes, from {top['series']} down to "
        f"{bottom['series']}. All values follow as CSV.",
        svg_wide=to_svg(_growth_chart(data, WIDE - 260, 40, 13), "growth-wide"),
        svg_narrow=to_svg(_growth_chart(data, NARROW - 150, 20, 11), "growth-narrow"),
        data=data,
    )


def _growth_chart(data: pd.DataFrame, width: int, characters: int, label_size: int) -> alt.LayerChart:
    present = [shown_verdict for shown_verdict in VERDICT_COLOURS if shown_verdict in set(data["shown_verdict"])]
    words = {verdict: VERDICT_WORDS.get(verdict, verdict) for verdict in present}
    legend = alt.Legend(columns=1, title=None, labelExpr=f"({json.dumps(words)})[datum.label]")
    colours = alt.Scale(domain=present, range=[VERDICT_COLOURS[shown_verdict] for shown_verdict in present])
    shapes = alt.Scale(domain=present, range=[VERDICT_SHAPES[shown_verdict] for shown_verdict in present])
    names = data["series"].tolist()
    base = alt.Chart(data).encode(y=alt.Y("series:N", sort=names, axis=name_axis(names, characters)))
    coloured = base.encode(color=alt.Color("shown_verdict:N", legend=legend, scale=colours))
    signed = "(datum.value > 0 ? '+' : '') + format(datum.value, ',') + '%'"
    axis = alt.Axis(title=None, labelExpr=signed, tickCount=5, labelFontSize=label_size, labelFlush=False)
    limits = coloured.mark_rule(strokeWidth=2).encode(
        x=alt.X("adjusted_growth_pct_low:Q", axis=axis), x2="adjusted_growth_pct_high:Q"
    )
    raw = base.mark_tick(color=INK, thickness=2, size=18).encode(x=alt.X("raw_growth_pct:Q", axis=axis))
    marks = coloured.mark_point(filled=True, size=90, opacity=1).encode(
        x=alt.X("adjusted_growth_pct:Q", axis=axis), shape=alt.Shape("shown_verdict:N", scale=shapes, legend=legend)
    )
    zero = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color=INK, strokeWidth=1).encode(x="zero:Q")
    return (zero + limits + raw + marks).properties(width=width, height=row_height(names, characters, 24))


SHOWN_MONTHS = 24
PANEL_HEIGHT = 120
SEARCH_COLUMNS = ["search_month", "series_id", "series", "search_count", "status"]


def search_counts_figure(rows: pd.DataFrame) -> Figure:
    """rows: monthly_search_growth up to the reported month."""
    data = rows[rows["series_id"] != "all_searches"][SEARCH_COLUMNS].copy()
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
        svg_wide=to_svg(_search_panels(data, WIDE - 100), "searches-wide"),
        svg_narrow=to_svg(_search_panels(data, NARROW - 100), "searches-narrow"),
        data=data,
    )


def _search_panels(data: pd.DataFrame, width: int) -> alt.VConcatChart:
    order = data.groupby("series_id", sort=False)["search_count"].max().sort_values().index
    return alt.vconcat(*(_search_panel(data[data["series_id"] == name], width) for name in order), spacing=22)


def _search_panel(data: pd.DataFrame, width: int) -> alt.LayerChart | alt.FacetChart:
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
