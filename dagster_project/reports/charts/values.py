"""Money by category: projected values of posts, and contracts above 1,000 USD with their bounds, AI beside others."""

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
    to_svg,
)
from dagster_project.reports.claims.corrected import with_shown
from dagster_project.reports.claims.wording import month_name
from dagster_project.reports.page.document import Figure
from dagster_project.reports.page.selection import MonthView

PROJECTED_COLUMNS = ["period_id", "technology", "category", "post_count", "known_value_count",
                     "median_value_usd", "lower_quartile_usd", "upper_quartile_usd"]  # fmt: skip
POST_GROUPS = {"ai": "AI posts", "any": "All posts"}


def contract_value_figure(view: MonthView, rows: pd.DataFrame) -> Figure:
    """rows: period_projected_values of `ai` and `any` by category with enough known values."""
    data = rows[rows["technology"].isin(POST_GROUPS)][PROJECTED_COLUMNS].copy()
    for column in PROJECTED_COLUMNS[5:]:
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
        svg_wide=to_svg(_projected_chart(data, of_ai["category"].tolist(), WIDE - 230, 210), "value-wide"),
        svg_narrow=to_svg(_projected_chart(data, of_ai["category"].tolist(), NARROW - 160, 145), "value-narrow"),
        data=data.sort_values(["technology", "category"]),
    )


def _projected_chart(data: pd.DataFrame, order: list[str], width: int, label_limit: int) -> alt.LayerChart:
    values = data.assign(group=data["technology"].map(POST_GROUPS))
    # a value of 0 has no place on a logarithmic scale; 1 USD is its left edge
    for column in PROJECTED_COLUMNS[5:]:
        values[column] = values[column].clip(lower=1)
    groups = list(POST_GROUPS.values())
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


HEADLINE, CLOSED, BELOW, ABOVE = "closed_and_open", "closed", "unknown_below", "unknown_above"
TITLES = {"ai": "AI contracts", "non_ai": "Contracts of posts that are not AI"}
HIGH_VALUE_COLUMNS = ["period_id", "technology", "category", "value_kind", "contract_count",
                      "valued_count", "high_value_count", "known_value_share", "high_value_share",
                      "high_value_share_low", "high_value_share_high"]  # fmt: skip
SHARES = HIGH_VALUE_COLUMNS[7:]
LABEL_ROOM = {"wide": 200, "narrow": 165}


def high_value_figure(rows: pd.DataFrame, period_label: str) -> Figure:
    """rows: period_contract_values of one period, `ai` and `non_ai`, all value kinds, categories with enough values."""
    data = rows[HIGH_VALUE_COLUMNS].copy()
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
        svg_wide=to_svg(_high_value_panels(data, order, "wide"), f"high-value-{period}-wide"),
        svg_narrow=to_svg(_high_value_panels(data, order, "narrow"), f"high-value-{period}-narrow"),
        data=data,
    )


def _high_value_panels(data: pd.DataFrame, order: list[str], size: str) -> alt.HConcatChart | alt.VConcatChart:
    technologies = [name for name in TITLES if name in set(data["technology"])]
    width = NARROW - LABEL_ROOM[size] if size == "narrow" else (WIDE - LABEL_ROOM[size]) // len(technologies) - 24
    panels = [
        _high_value_panel(
            data[data["technology"] == name], name, order, width, size == "narrow" or name == technologies[0]
        )
        for name in technologies
    ]
    return alt.hconcat(*panels, spacing=24) if size == "wide" else alt.vconcat(*panels, spacing=24)


def _high_value_panel(
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


PAID_COLUMNS = ["period_id", "period_label", "technology", "category", "valued_count", "high_value_count",
                "high_value_share", "high_value_share_low", "high_value_share_high",
                "corrected_high_value_share", "corrected_high_value_share_low",
                "corrected_high_value_share_high"]  # fmt: skip
CONTRACT_GROUPS = {"ai": "AI contracts", "non_ai": "Other contracts"}
SHOWN_CATEGORIES = 8


def paid_high_figure(rows: pd.DataFrame) -> Figure:
    """rows: period_contract_values of one period and value kind, `ai` and `non_ai` by category."""
    data = rows[rows["technology"].isin(CONTRACT_GROUPS)][PAID_COLUMNS].copy()
    data[PAID_COLUMNS[6:]] = data[PAID_COLUMNS[6:]].astype(float)
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
        svg_wide=to_svg(_paid_chart(data, order, WIDE - 230, 40), "paid-wide"),
        svg_narrow=to_svg(_paid_chart(data, order, NARROW - 150, 19), "paid-narrow"),
        data=data[PAID_COLUMNS],
    )


def _paid_chart(data: pd.DataFrame, order: list[str], width: int, characters: int) -> alt.LayerChart:
    values, groups = data.assign(group=data["technology"].map(CONTRACT_GROUPS)), list(CONTRACT_GROUPS.values())
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
