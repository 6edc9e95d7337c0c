"""Contracts above 1,000 USD by category: AI contracts beside others, a point and its interval each."""

import altair as alt
import pandas as pd

from dagster_project.reports.charts.style import (
    NARROW,
    REFERENCE,
    TECHNOLOGY_COLOURS,
    WIDE,
    name_axis,
    percent_axis,
    to_svg,
)
from dagster_project.reports.claims.corrected import with_shown
from dagster_project.reports.page.document import Figure

COLUMNS = ["period_id", "period_label", "technology", "category", "valued_count", "high_value_count",
           "high_value_share", "high_value_share_low", "high_value_share_high", "corrected_high_value_share",
           "corrected_high_value_share_low", "corrected_high_value_share_high"]  # fmt: skip
GROUPS = {"ai": "AI contracts", "non_ai": "Other contracts"}
SHOWN_CATEGORIES = 8


def paid_high_figure(rows: pd.DataFrame) -> Figure:
    """rows: period_contract_values of one period and value kind, `ai` and `non_ai` by category."""
    data = rows[rows["technology"].isin(GROUPS)][COLUMNS].copy()
    data[COLUMNS[6:]] = data[COLUMNS[6:]].astype(float)
    data = with_shown(data, "high_value_share")
    of_ai = data[data["technology"] == "ai"].nlargest(SHOWN_CATEGORIES, "valued_count")
    order = of_ai.sort_values(["shown", "category"], ascending=[False, True])["category"].tolist()
    data = data[data["category"].isin(order)]
    return Figure(
        id="figure-paid-high",
        title=f"Contracts above 1,000 USD by category, started in {data['period_label'].iloc[0]}",
        subtitle="Mark: share of the contracts of known value. Line: 95% interval.",
        alternative=f"Dot chart over the categories in the order of their AI contracts' shares, {order[0]} first. "
        "All values follow as CSV.",
        svg_wide=to_svg(_chart(data, order, WIDE - 230, 40), "paid-wide"),
        svg_narrow=to_svg(_chart(data, order, NARROW - 150, 19), "paid-narrow"),
        data=data[COLUMNS],
    )


def _chart(data: pd.DataFrame, order: list[str], width: int, characters: int) -> alt.LayerChart:
    values, groups = data.assign(group=data["technology"].map(GROUPS)), list(GROUPS.values())
    legend = alt.Legend(columns=2)
    base = alt.Chart(values).encode(
        y=alt.Y("category:N", sort=order, axis=name_axis(order, characters)),
        yOffset=alt.YOffset("group:N", sort=groups),
        color=alt.Color("group:N", sort=groups, legend=legend,
                        scale=alt.Scale(domain=groups, range=[TECHNOLOGY_COLOURS["ai"], REFERENCE])),
    )  # fmt: skip
    scale, axis = alt.Scale(domain=[0, 1], nice=False), percent_axis(title=None)
    limits = base.mark_rule(strokeWidth=1.6).encode(x=alt.X("shown_low:Q", axis=axis, scale=scale), x2="shown_high:Q")
    points = base.mark_point(filled=True, size=70, opacity=1).encode(
        x=alt.X("shown:Q", axis=axis, scale=scale),
        shape=alt.Shape("group:N", sort=groups, legend=legend,
                        scale=alt.Scale(domain=groups, range=["circle", "diamond"])),
    )  # fmt: skip
    return (limits + points).properties(width=width, height=alt.Step(14))
