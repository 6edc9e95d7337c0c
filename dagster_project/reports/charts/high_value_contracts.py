"""Contracts above 1,000 USD by category: the headline with its interval, closed contracts alone, and the bounds."""

import altair as alt
import pandas as pd

from dagster_project.reports.charts.style import INK, NARROW, REFERENCE, TECHNOLOGY_COLOURS, WIDE, percent_axis, to_svg
from dagster_project.reports.page.document import Figure

HEADLINE, CLOSED, BELOW, ABOVE = "closed_and_open", "closed", "unknown_below", "unknown_above"
TITLES = {"ai": "AI contracts", "non_ai": "Contracts of posts that are not AI"}
COLUMNS = ["period_id", "technology", "category", "value_kind", "contract_count", "valued_count", "high_value_count",
           "known_value_share", "high_value_share", "high_value_share_low", "high_value_share_high"]  # fmt: skip
SHARES = COLUMNS[7:]
LABEL_ROOM = {"wide": 200, "narrow": 165}


def high_value_figure(rows: pd.DataFrame, period_label: str) -> Figure:
    """rows: period_contract_values of one period, `ai` and `non_ai`, all value kinds, categories with enough values."""
    data = rows[COLUMNS].copy()
    data[SHARES] = data[SHARES].astype(float)
    of_ai = data[(data["technology"] == "ai") & (data["value_kind"] == HEADLINE)]
    order = of_ai.sort_values(["high_value_share", "category"], ascending=[False, True])["category"].tolist()
    period = str(data["period_id"].iloc[0])
    return Figure(
        id=f"figure-high-value-{period.replace('_', '-')}",
        title=f"Contracts above 1,000 USD by category, started in {period_label}",
        subtitle="As the classifier counts, not corrected. Filled point: closed and open contracts of known value, "
        "line: 95% interval. Hollow diamond: closed contracts alone. Pale bar: from all unknown values below to all of "
        "them above.",
        alternative=f"Dot charts over the categories, AI contracts beside others. Highest share of AI contracts: "
        f"{order[0]}. All values follow as CSV.",
        svg_wide=to_svg(_chart(data, order, "wide"), f"high-value-{period}-wide"),
        svg_narrow=to_svg(_chart(data, order, "narrow"), f"high-value-{period}-narrow"),
        data=data,
    )


def _chart(data: pd.DataFrame, order: list[str], size: str) -> alt.HConcatChart | alt.VConcatChart:
    technologies = [name for name in TITLES if name in set(data["technology"])]
    width = NARROW - LABEL_ROOM[size] if size == "narrow" else (WIDE - LABEL_ROOM[size]) // len(technologies) - 24
    panels = [
        _panel(data[data["technology"] == name], name, order, width, size == "narrow" or name == technologies[0])
        for name in technologies
    ]
    return alt.hconcat(*panels, spacing=24) if size == "wide" else alt.vconcat(*panels, spacing=24)


def _panel(
    rows: pd.DataFrame, technology: str, order: list[str], width: int, has_labels: bool
) -> alt.LayerChart | alt.FacetChart:
    kinds = {kind: rows[rows["value_kind"] == kind] for kind in (HEADLINE, CLOSED, BELOW, ABOVE)}
    bounds = kinds[BELOW][["category", "high_value_share"]].merge(
        kinds[ABOVE][["category", "high_value_share"]], on="category", suffixes=("_below", "_above")
    )
    labels = alt.Axis(title=None, labels=has_labels, labelLimit=LABEL_ROOM["wide"] - 10, grid=False)
    y = alt.Y("category:N", sort=order, axis=labels, scale=alt.Scale(domain=order))
    scale, axis = alt.Scale(domain=[0, 1], nice=False), percent_axis(title=None)
    colour = TECHNOLOGY_COLOURS.get(technology, REFERENCE)

    def x(column: str) -> alt.X:
        return alt.X(f"{column}:Q", axis=axis, scale=scale)

    span = alt.Chart(bounds).mark_rule(color=colour, strokeWidth=11, opacity=0.25)
    limits = alt.Chart(kinds[HEADLINE]).mark_rule(color=INK, strokeWidth=1.6)
    points = alt.Chart(kinds[HEADLINE]).mark_point(color=colour, filled=True, size=70, opacity=1)
    closed = alt.Chart(kinds[CLOSED]).mark_point(color=INK, filled=False, shape="diamond", size=60, opacity=1)
    layers = [
        span.encode(y=y, x=x("high_value_share_below"), x2="high_value_share_above"),
        limits.encode(y=y, x=x("high_value_share_low"), x2="high_value_share_high"),
        points.encode(y=y, x=x("high_value_share")),
        closed.encode(y=y, x=x("high_value_share")),
    ]
    title = alt.TitleParams(TITLES[technology], anchor="start", fontSize=13, color=INK, offset=8)
    return alt.layer(*layers).properties(width=width, height=alt.Step(24), title=title)
