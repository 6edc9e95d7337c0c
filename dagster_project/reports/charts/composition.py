"""Composition of technologies' posts by category: two periods side by side, or one panel a study period."""

import altair as alt
import pandas as pd

from dagster_project.reports.charts.style import (
    INK,
    NARROW,
    REFERENCE,
    TECHNOLOGY_COLOURS,
    WIDE,
    percent_axis,
    to_svg,
    uncorrected_mark,
)
from dagster_project.reports.claims.wording import capitalised, count, share
from dagster_project.reports.page.document import Figure

PAIRED_COLUMNS = ["period_label", "technology", "category", "is_technical", "classified_count",
                  "technology_post_count", "composition_share", "composition_share_low",
                  "composition_share_high"]  # fmt: skip
PAIRED_SHARES = PAIRED_COLUMNS[6:]
PAIRED_LABEL_ROOM = {"wide": 205, "narrow": 172}
SPACING = 22
SCALE = " Same scale throughout."


def paired_figure(
    id: str, title: str, rows: pd.DataFrame, order: list[str], largest: float, panels: dict[str, str]
) -> Figure:
    """rows: period_category_ranks of the periods, as displayed_rows gives them; panels: title by technology.

    order: the categories from top to bottom; largest: the right end of the common scale, as a fraction.
    """
    data = rows[[*PAIRED_COLUMNS, *(column for column in ("naive_composition_share",) if column in rows)]].copy()
    data[PAIRED_SHARES] = data[PAIRED_SHARES].astype(float)
    shown = [category for category in order if category in set(data["category"])]
    periods = data["period_label"].drop_duplicates().tolist()
    name = id.removeprefix("figure-")
    return Figure(
        id=id,
        title=title,
        subtitle=f"Share of the period's posts, with its 95% interval.{SCALE if len(periods) > 1 else ''}",
        alternative=f"Bars over the categories, {' and '.join(periods)}. All values follow as CSV.",
        svg_wide=to_svg(_paired_panels(data, shown, largest, panels, "wide"), f"{name}-wide"),
        svg_narrow=to_svg(_paired_panels(data, shown, largest, panels, "narrow"), f"{name}-narrow"),
        data=data,
    )


def _paired_panels(
    data: pd.DataFrame, order: list[str], largest: float, panels: dict[str, str], size: str
) -> alt.HConcatChart | alt.VConcatChart:
    is_wide = size == "wide"
    width = (
        (WIDE - PAIRED_LABEL_ROOM[size]) // len(panels) - SPACING if is_wide else NARROW - PAIRED_LABEL_ROOM[size] - 8
    )
    parts = [
        _paired_panel(data[data["technology"] == technology], order, largest, title, width, not is_wide or place == 0)
        for place, (technology, title) in enumerate(panels.items())
    ]
    return alt.hconcat(*parts, spacing=SPACING) if is_wide else alt.vconcat(*parts, spacing=SPACING)


def _paired_panel(
    data: pd.DataFrame, order: list[str], largest: float, title: str, width: int, has_labels: bool
) -> alt.LayerChart:
    periods = data["period_label"].drop_duplicates().tolist()
    values = data.assign(label=[_whole(value) for value in data["composition_share"]])
    labels = alt.Axis(title=None, labels=has_labels, labelLimit=PAIRED_LABEL_ROOM["wide"], grid=False)
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


SPREAD_COLUMNS = ["period_id", "period_label", "technology", "category", "is_technical",
                  "classified_count", "technology_post_count", "composition_share",
                  "composition_share_low", "composition_share_high", "category_rank", "category_rank_low",
                  "category_rank_high"]  # fmt: skip
SPREAD_SHARES = SPREAD_COLUMNS[7:10]
NAIVE = "naive_composition_share"
SPREAD_LABEL_ROOM = {"wide": 200, "narrow": 165}


def spread_figure(technology: str, name: str, rows: pd.DataFrame) -> Figure:
    """rows: period_category_ranks of a technology's readable study periods in order, as displayed_rows gives them."""
    has_correction = bool(rows["prefix"].any())
    data = rows[[*SPREAD_COLUMNS, NAIVE] if has_correction else SPREAD_COLUMNS].copy()
    data[SPREAD_SHARES] = data[SPREAD_SHARES].astype(float)  # a hidden cell stays empty, also in the data of the figure
    kind = ", corrected. Diamond: as the classifier counts" if has_correction else ""
    periods = data.drop_duplicates("period_id")
    leaders = data[data["category_rank"] == 1].drop_duplicates("period_id")
    values = "; ".join(f"{row['period_label']}: {row['category']}" for _, row in leaders.iterrows())
    largest = f"Largest category in {values}. " if values else ""
    return Figure(
        id=f"figure-spread-{technology}",
        title=f"{capitalised(name)} posts by category, {' and '.join(_spans(periods))}",
        subtitle=f"Bar and figure: share of the period's posts{kind}. Line: 95% interval. One chart a study period; "
        "scale and order of the categories are the same, the largest over all periods first.",
        alternative=f"Bar charts over the categories, one a study period. {largest}All values follow as CSV.",
        svg_wide=to_svg(_spread_panels(data, technology, "wide"), f"spread-{technology}-wide"),
        svg_narrow=to_svg(_spread_panels(data, technology, "narrow"), f"spread-{technology}-narrow"),
        data=data,
    )


def _spans(periods: pd.DataFrame) -> list[str]:
    labels = periods["period_label"].tolist()
    return labels if len(labels) < 3 else [", ".join(labels[:-1]), labels[-1]]


def _spread_panels(data: pd.DataFrame, technology: str, size: str) -> alt.HConcatChart | alt.VConcatChart:
    order = (
        data.groupby("category")["composition_share"].sum().sort_values(ascending=False, kind="stable").index.tolist()
    )
    periods = data["period_id"].drop_duplicates().tolist()
    largest = 1.25 * data["composition_share_high"].max()
    panels = []
    for place, period_id in enumerate(periods):
        has_labels = size == "narrow" or place == 0
        width = (
            NARROW - SPREAD_LABEL_ROOM[size]
            if size == "narrow"
            else (WIDE - SPREAD_LABEL_ROOM[size]) // len(periods) - SPACING
        )
        panels.append(
            _spread_panel(data[data["period_id"] == period_id], technology, order, width, largest, has_labels)
        )
    return alt.hconcat(*panels, spacing=SPACING) if size == "wide" else alt.vconcat(*panels, spacing=SPACING)


def _spread_panel(
    rows: pd.DataFrame, technology: str, order: list[str], width: int, largest: float, has_labels: bool
) -> alt.LayerChart:
    labels = alt.Axis(title=None, labels=has_labels, labelLimit=SPREAD_LABEL_ROOM["wide"] - 10, grid=False)
    ends = rows["composition_share_high"].fillna(0.0)  # where a hidden share's dash stands
    values = rows.assign(label=rows["composition_share"].map(share), label_at=ends)
    base = alt.Chart(values).encode(y=alt.Y("category:N", sort=order, scale=alt.Scale(domain=order), axis=labels))
    scale = alt.Scale(domain=[0, largest], nice=False)
    axis = percent_axis(title=None)
    bars = base.mark_bar(color=TECHNOLOGY_COLOURS.get(technology, INK), height=14, opacity=0.4).encode(
        x=alt.X("composition_share:Q", axis=axis, scale=scale)
    )
    limits = base.mark_rule(color=INK, strokeWidth=1.6).encode(
        x=alt.X("composition_share_low:Q", axis=axis, scale=scale), x2="composition_share_high:Q"
    )
    texts = base.mark_text(align="left", dx=5, fontSize=12, color=INK).encode(
        x=alt.X("label_at:Q", axis=axis, scale=scale), text="label:N"
    )
    marks = bars + limits + texts
    if NAIVE in rows:
        marks = marks + uncorrected_mark(base).encode(x=alt.X(f"{NAIVE}:Q", axis=axis, scale=scale))
    first = rows.iloc[0]
    title = alt.TitleParams(
        f"{first['period_label']} (n = {count(first['technology_post_count'])})",
        anchor="start", fontSize=13, color=INK, offset=8,
    )  # fmt: skip
    return marks.properties(width=width, height=alt.Step(24), title=title)
