"""Projected value by category: the median and the middle half, AI posts beside all posts."""

import altair as alt
import pandas as pd

from dagster_project.reports.charts.style import NARROW, REFERENCE, TECHNOLOGY_COLOURS, WIDE, to_svg
from dagster_project.reports.claims.wording import month_name
from dagster_project.reports.page.document import Figure
from dagster_project.reports.page.selection import MonthView

COLUMNS = ["period_id", "technology", "category", "post_count", "known_value_count", "median_value_usd",
           "lower_quartile_usd", "upper_quartile_usd"]  # fmt: skip
GROUPS = {"ai": "AI posts", "any": "All posts"}


def contract_value_figure(view: MonthView, rows: pd.DataFrame) -> Figure:
    """rows: period_projected_values of `ai` and `any` by category with enough known values."""
    data = rows[rows["technology"].isin(GROUPS)][COLUMNS].copy()
    for column in COLUMNS[5:]:
        data[column] = data[column].astype(float)
    of_ai = data[data["technology"] == "ai"].sort_values(["median_value_usd", "category"], ascending=[False, True])
    data = data[data["category"].isin(of_ai["category"])]
    top = of_ai.iloc[0]
    return Figure(
        id="figure-contract-value",
        title=f"Projected value of AI posts and of all posts by category, {month_name(view.month)}",
        subtitle="Mark: median. Line: middle half of the posts with a known value. Logarithmic scale, USD.",
        alternative=f"Dot chart over the categories. Highest median of AI posts: {top['category']}. "
        "All values follow as CSV.",
        svg_wide=to_svg(_chart(data, of_ai["category"].tolist(), WIDE - 230, 210), "value-wide"),
        svg_narrow=to_svg(_chart(data, of_ai["category"].tolist(), NARROW - 160, 145), "value-narrow"),
        data=data.sort_values(["technology", "category"]),
    )


def _chart(data: pd.DataFrame, order: list[str], width: int, label_limit: int) -> alt.LayerChart:
    values = data.assign(group=data["technology"].map(GROUPS))
    # a value of 0 has no place on a logarithmic scale; 1 USD is its left edge
    for column in COLUMNS[5:]:
        values[column] = values[column].clip(lower=1)
    groups = list(GROUPS.values())
    base = alt.Chart(values).encode(
        y=alt.Y("category:N", sort=order, axis=alt.Axis(title=None, labelLimit=label_limit, grid=False)),
        yOffset=alt.YOffset("group:N", sort=groups),
        color=alt.Color("group:N", sort=groups,
                        scale=alt.Scale(domain=groups, range=[TECHNOLOGY_COLOURS["ai"], REFERENCE])),
    )  # fmt: skip
    axis = alt.Axis(title=None, format=",.0f", values=_ticks(values))
    scale = alt.Scale(type="log", nice=True)
    halves = base.mark_rule(strokeWidth=2.4).encode(
        x=alt.X("lower_quartile_usd:Q", axis=axis, scale=scale), x2="upper_quartile_usd:Q"
    )
    medians = base.mark_point(filled=True, size=80, opacity=1).encode(
        x=alt.X("median_value_usd:Q", axis=axis, scale=scale),
        shape=alt.Shape("group:N", sort=groups, scale=alt.Scale(domain=groups, range=["circle", "diamond"])),
    )
    return (halves + medians).properties(width=width, height=alt.Step(15))


def _ticks(values: pd.DataFrame) -> list[int]:
    """Powers of ten around the values; all ticks of a log axis would be a picket fence."""
    low, high = values["lower_quartile_usd"].min() / 10, values["upper_quartile_usd"].max() * 10
    return [10**power for power in range(9) if low < 10**power < high]
