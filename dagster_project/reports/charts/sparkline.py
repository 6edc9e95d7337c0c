"""A line of a word's size: how a tile's number came to where it is."""

import altair as alt
import pandas as pd

from dagster_project.reports.charts.style import TECHNOLOGY_COLOURS, to_svg

WIDTH, HEIGHT, SHOWN = 130, 26, 24


def sparkline(values: pd.Series, name: str) -> str:
    """SVG of the last values, oldest first, with a mark on the last one; empty for fewer than three."""
    known = values.astype(float).dropna().tail(SHOWN).reset_index(drop=True)
    if len(known) < 3:
        return ""
    data = pd.DataFrame({"place": known.index, "value": known})
    colour = TECHNOLOGY_COLOURS["ai"]
    base = alt.Chart(data).encode(
        x=alt.X("place:Q", axis=None), y=alt.Y("value:Q", axis=None, scale=alt.Scale(zero=False))
    )
    last = base.transform_filter(alt.datum.place == len(known) - 1).mark_circle(color=colour, size=36, opacity=1)
    line = base.mark_line(color=colour, strokeWidth=1.6)
    return to_svg((line + last).properties(width=WIDTH, height=HEIGHT), f"spark-{name}")
