"""Growth of sub-categories against the month before: a dot and its interval each, sorted."""

import altair as alt
import pandas as pd

from dagster_project.reports.charts.style import INK, NARROW, REFERENCE, WIDE, to_svg
from dagster_project.reports.document import Figure
from dagster_project.reports.selection import MonthView
from dagster_project.reports.wording import growth, month_name

COLUMNS = ["posted_month", "series", "population", "base_post_count", "post_count", "growth_pct",
           "growth_pct_low", "growth_pct_high", "reading"]  # fmt: skip
READING_COLOURS = {"rose": "#0b5fa5", "fell": "#a64b00", "not distinguishable from no change": REFERENCE}
READING_SHAPES = {
    "rose": "triangle-up",
    "fell": "triangle-down",
    "not distinguishable from no change": "circle",
}


def growth_figure(view: MonthView, rows: pd.DataFrame) -> Figure:
    """rows: monthly_category_growth with a `reading`, none withheld; the largest series of the month."""
    data = rows[COLUMNS].copy()
    for column in COLUMNS[5:8]:
        data[column] = data[column].astype(float)
    data = data.sort_values(["growth_pct", "series"], ascending=[False, True])
    top, bottom = data.iloc[0], data.iloc[-1]
    before = month_name(view.month - pd.DateOffset(months=1))
    return Figure(
        id="figure-growth",
        title=f"Change in {view.population.posts} by sub-category, {before} to {month_name(view.month)}",
        subtitle=f"The {len(data)} sub-categories with most posts and at least 100 in the month before. "
        "Mark: raw change. Line: 95% interval.",
        alternative=f"Dot chart with intervals from {top['series']} ({growth(top['growth_pct'])}) down to "
        f"{bottom['series']} ({growth(bottom['growth_pct'])}). All values are in the table below.",
        svg_wide=to_svg(_chart(data, WIDE - 260, 245), "growth-wide"),
        svg_narrow=to_svg(_chart(data, NARROW - 205, 200), "growth-narrow"),
        data=data,
    )


def _chart(data: pd.DataFrame, width: int, label_limit: int) -> alt.LayerChart:
    present = [reading for reading in READING_COLOURS if reading in set(data["reading"])]
    legend = alt.Legend(columns=1, title=None)
    colours = alt.Scale(domain=present, range=[READING_COLOURS[reading] for reading in present])
    shapes = alt.Scale(domain=present, range=[READING_SHAPES[reading] for reading in present])
    labels = alt.Axis(title=None, labelLimit=label_limit, grid=False)
    base = alt.Chart(data).encode(
        y=alt.Y("series:N", sort=data["series"].tolist(), axis=labels),
        color=alt.Color("reading:N", legend=legend, scale=colours),
    )
    signed = "(datum.value > 0 ? '+' : '') + format(datum.value, ',') + '%'"
    axis = alt.Axis(title=None, labelExpr=signed, tickCount=5)
    limits = base.mark_rule(strokeWidth=2).encode(x=alt.X("growth_pct_low:Q", axis=axis), x2="growth_pct_high:Q")
    marks = base.mark_point(filled=True, size=90, opacity=1).encode(
        x=alt.X("growth_pct:Q", axis=axis), shape=alt.Shape("reading:N", scale=shapes, legend=legend)
    )
    zero = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color=INK, strokeWidth=1).encode(x="zero:Q")
    return (zero + limits + marks).properties(width=width, height=alt.Step(24))
