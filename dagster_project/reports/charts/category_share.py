"""AI posts by category: composition and penetration in two panels with their intervals."""

import altair as alt
import pandas as pd

from dagster_project.reports.charts.style import (
    INK,
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
from dagster_project.reports.claims.wording import month_name
from dagster_project.reports.page.document import Figure
from dagster_project.reports.page.selection import MonthView

COLUMNS = ["period_id", "technology", "category", "classified_count", "technology_post_count",
           "category_post_count", "composition_share", "composition_share_low", "composition_share_high",
           "penetration_share", "penetration_share_low", "penetration_share_high", "corrected_composition_share",
           "corrected_composition_share_low", "corrected_composition_share_high", "corrected_penetration_share",
           "corrected_penetration_share_low", "corrected_penetration_share_high"]  # fmt: skip
MEASURES = {
    "composition_share": "Composition: share of AI posts",
    "penetration_share": "Penetration: share of the category's posts",
}


def category_share_figure(view: MonthView, rows: pd.DataFrame) -> Figure:
    """rows: period_technology_category_shares of AI, largest composition first."""
    data = rows[COLUMNS].copy()
    for column in COLUMNS[6:]:
        data[column] = data[column].astype(float)
    return Figure(
        id="figure-category-share",
        title=f"AI posts by category, {month_name(view.month)}",
        subtitle=f"Bar: share{_corrected_words(rows)}. Line: 95% interval.",
        alternative=f"Two bar charts with intervals, composition and penetration, over the categories. "
        f"Largest composition: {data['category'].iloc[0]}. "
        "All values follow as CSV.",
        svg_wide=to_svg(_chart(data, "wide"), "category-wide"),
        svg_narrow=to_svg(_chart(data, "narrow"), "category-narrow"),
        data=data,
    )


def _corrected_words(rows: pd.DataFrame) -> str:
    if not rows["corrected_composition_share"].notna().any():
        return " as the classifier accepts, not corrected"
    return ", corrected by the audit sample. Point: not corrected"


def _chart(data: pd.DataFrame, size: str) -> alt.HConcatChart | alt.VConcatChart:
    if size == "wide":
        width = (WIDE - 226) // 2
        panels = [_panel(data, metric, width, has_labels=metric == "composition_share") for metric in MEASURES]
        return alt.hconcat(*panels, spacing=26)
    return alt.vconcat(
        *(_panel(data, metric, NARROW - 150, has_labels=True, characters=19) for metric in MEASURES), spacing=26
    )


def _panel(
    data: pd.DataFrame, metric: str, width: int, *, has_labels: bool, characters: int = 40
) -> alt.LayerChart | alt.FacetChart:
    data, names = with_shown(data, metric), data["category"].tolist()
    labels = name_axis(names, characters, labels=has_labels)
    base = alt.Chart(data).encode(y=alt.Y("category:N", sort=names, scale=alt.Scale(domain=names), axis=labels))
    x = alt.X("shown:Q", axis=percent_axis(title=None), scale=alt.Scale(zero=True))
    colour = TECHNOLOGY_COLOURS["ai"] if metric == "composition_share" else REFERENCE
    bars = base.mark_bar(color=colour, height=15, opacity=0.4).encode(x=x)
    limits = base.mark_rule(color=INK, strokeWidth=1.6).encode(
        x=alt.X("shown_low:Q", axis=percent_axis(title=None)), x2="shown_high:Q"
    )
    title = alt.TitleParams(MEASURES[metric], anchor="start", fontSize=13, color=INK, offset=8, limit=width + 170)
    panel = bars + limits
    if data["is_corrected"].any():
        points = base.mark_point(color=INK, filled=True, size=34, opacity=1)
        panel = panel + points.encode(x=alt.X(f"{metric}:Q", axis=percent_axis(title=None)))
    return panel.properties(width=width, height=row_height(names, characters, 26), title=title)
