"""Composition of a technology's posts by category, one panel a study period, with 95 % intervals."""

import altair as alt
import pandas as pd

from dagster_project.reports.charts.style import INK, NARROW, TECHNOLOGY_COLOURS, WIDE, percent_axis, to_svg
from dagster_project.reports.claims.wording import capitalised, count, share
from dagster_project.reports.page.document import Figure

COLUMNS = ["period_id", "period_label", "technology", "category", "is_technical", "classified_count",
           "technology_post_count", "composition_share", "composition_share_low", "composition_share_high",
           "category_rank", "category_rank_low", "category_rank_high"]  # fmt: skip
SHARES = COLUMNS[7:10]
NAIVE = "naive_composition_share"
LABEL_ROOM = {"wide": 200, "narrow": 165}
SPACING = 22


def spread_figure(technology: str, name: str, rows: pd.DataFrame) -> Figure:
    """rows: period_category_ranks of a technology's readable study periods in order, as displayed_rows gives them."""
    has_correction = bool(rows["prefix"].any())
    data = rows[[*COLUMNS, NAIVE] if has_correction else COLUMNS].copy()
    data[SHARES] = data[SHARES].astype(float)  # a hidden cell stays empty, also in the data of the figure
    kind = ", corrected. Point: as the classifier counts" if has_correction else ""
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
        svg_wide=to_svg(_chart(data, technology, "wide"), f"spread-{technology}-wide"),
        svg_narrow=to_svg(_chart(data, technology, "narrow"), f"spread-{technology}-narrow"),
        data=data,
    )


def _spans(periods: pd.DataFrame) -> list[str]:
    labels = periods["period_label"].tolist()
    return labels if len(labels) < 3 else [", ".join(labels[:-1]), labels[-1]]


def _chart(data: pd.DataFrame, technology: str, size: str) -> alt.HConcatChart | alt.VConcatChart:
    order = (
        data.groupby("category")["composition_share"].sum().sort_values(ascending=False, kind="stable").index.tolist()
    )
    periods = data["period_id"].drop_duplicates().tolist()
    largest = 1.25 * data["composition_share_high"].max()
    panels = []
    for place, period_id in enumerate(periods):
        has_labels = size == "narrow" or place == 0
        width = NARROW - LABEL_ROOM[size] if size == "narrow" else (WIDE - LABEL_ROOM[size]) // len(periods) - SPACING
        panels.append(_panel(data[data["period_id"] == period_id], technology, order, width, largest, has_labels))
    return alt.hconcat(*panels, spacing=SPACING) if size == "wide" else alt.vconcat(*panels, spacing=SPACING)


def _panel(
    rows: pd.DataFrame, technology: str, order: list[str], width: int, largest: float, has_labels: bool
) -> alt.LayerChart:
    labels = alt.Axis(title=None, labels=has_labels, labelLimit=LABEL_ROOM["wide"] - 10, grid=False)
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
    if NAIVE in rows:
        points = base.mark_point(color=INK, filled=True, size=26, opacity=1)
        bars = bars + points.encode(x=alt.X(f"{NAIVE}:Q", axis=axis, scale=scale))
    texts = base.mark_text(align="left", dx=5, fontSize=12, color=INK).encode(
        x=alt.X("label_at:Q", axis=axis, scale=scale), text="label:N"
    )
    first = rows.iloc[0]
    title = alt.TitleParams(
        f"{first['period_label']} (n = {count(first['technology_post_count'])})",
        anchor="start", fontSize=13, color=INK, offset=8,
    )  # fmt: skip
    return (bars + limits + texts).properties(width=width, height=alt.Step(24), title=title)
