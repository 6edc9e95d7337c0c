"""Shares of technologies: by month, with the 95 % interval as a band, and by category in two panels."""

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
    percent_axis,
    row_height,
    to_svg,
    uncorrected_mark,
)
from dagster_project.reports.claims.corrected import with_shown
from dagster_project.reports.claims.wording import capitalised, month_name, technology_name, told_share
from dagster_project.reports.page.document import Figure
from dagster_project.reports.page.selection import MonthView

SHOWN_MONTHS = 36
SMALLEST_MONTH = 30
PANEL_HEIGHT = {"wide": 150, "narrow": 130}
MONTH_COLUMNS = ["posted_month", "technology", "classified_count", "post_count", "penetration_share",
                 "penetration_share_low", "penetration_share_high", "corrected_penetration_share",
                 "corrected_penetration_share_low", "corrected_penetration_share_high"]  # fmt: skip


def technology_share_figure(view: MonthView, rows: pd.DataFrame) -> Figure:
    """One panel a technology with its own scale; rows of monthly_technology_posts up to the month."""
    first = view.month - pd.DateOffset(months=SHOWN_MONTHS - 1)
    recent = rows[pd.to_datetime(rows["posted_month"]) >= first]
    data = _data(view, recent)
    months = data["posted_month"].nunique()
    span = month_name(data["posted_month"].min())
    if months > 1:
        span += f" to {month_name(data['posted_month'].max())}"
    names = [technology_name(name) for name in TECHNOLOGY_COLOURS if name in set(data["technology"])]
    is_one = len(names) == 1
    return Figure(
        id="figure-technology-share",
        title=f"Share of {view.population.posts} that ask for {names[0] if is_one else 'each technology'}, by month",
        subtitle=_legend(data, is_one, len(recent)),
        alternative=f"{'Line chart' if is_one else 'Line charts, one a technology'} with intervals: "
        f"{', '.join(names)}, {span}. The sentences above tell the latest month; the data follow as CSV.",
        svg_wide=to_svg(_month_panels(data, "wide"), "share-wide"),
        svg_narrow=to_svg(_month_panels(data, "narrow"), "share-narrow"),
        data=data[[*MONTH_COLUMNS, "is_complete"]],
    )


def _legend(data: pd.DataFrame, is_one: bool, month_rows: int) -> str:
    """What the drawing holds, and no more: a mark that no month has is not explained."""
    parts = [f"Line: share of posts{_correction_of_months(data)}. Band: 95% interval."]
    if not data["is_complete"].all():
        parts.append("Hollow point: month not complete.")
    if len(data) < month_rows:
        parts.append(f"Months with fewer than {SMALLEST_MONTH} posts are left out.")
    if not is_one:
        parts.append("Each panel has its own scale.")
    return " ".join(parts)


def _correction_of_months(data: pd.DataFrame) -> str:
    """What the line is: corrected where an audit sample covers the month, with the naive share beside it."""
    if not data["is_corrected"].any():
        return " that the classifier accepts, not corrected"
    where = "" if data["is_corrected"].all() else " where there is one"
    return f", corrected by the audit sample{where}. Dashed: not corrected"


def _data(view: MonthView, rows: pd.DataFrame) -> pd.DataFrame:
    data = rows[MONTH_COLUMNS].copy()
    data["posted_month"] = pd.to_datetime(data["posted_month"])
    for column in MONTH_COLUMNS[4:]:
        data[column] = data[column].astype(float)
    statuses = {month: view.collection_status(month) for month in data["posted_month"].unique()}
    is_complete = {month: row is not None and row["status"] == "complete" for month, row in statuses.items()}
    data["is_complete"] = data["posted_month"].map(is_complete)
    # An interval over a handful of posts spans half the axis and flattens every other month.
    is_readable = (data["post_count"] >= SMALLEST_MONTH) | (data["posted_month"] == view.month)
    return with_shown(data[is_readable].dropna(subset="penetration_share"), "penetration_share")


def _told(row: pd.Series) -> str:
    """The share with the digits that a sentence gives it."""
    return told_share(row["shown"], row["shown_low"], row["shown_high"]).split(" ")[0]


def _month_panels(data: pd.DataFrame, size: str) -> alt.VConcatChart:
    width = (WIDE if size == "wide" else NARROW) - 100
    technologies = [name for name in TECHNOLOGY_COLOURS if name in set(data["technology"])]
    panels = [_month_panel(data[data["technology"] == name], name, width, PANEL_HEIGHT[size]) for name in technologies]
    return alt.vconcat(*panels, spacing=22)


def _month_panel(data: pd.DataFrame, technology: str, width: int, height: int) -> alt.LayerChart:
    colour = TECHNOLOGY_COLOURS[technology]
    values = data.assign(month=data["posted_month"].dt.strftime("%Y-%m-%dT00:00:00"))
    several = len(values) > 1
    base = alt.Chart(values).encode(
        x=alt.X("month:T", axis=month_axis(values["month"].tolist()), scale=alt.Scale(type="utc"))
    )
    y = alt.Y("shown:Q", axis=percent_axis(title=None), scale=alt.Scale(zero=True, nice=True))
    limits = {"y": alt.Y("shown_low:Q"), "y2": "shown_high:Q"}
    band = base.mark_area(color=colour, opacity=0.2) if several else base.mark_rule(color=colour, strokeWidth=2)
    line = base.mark_line(color=colour, strokeWidth=2.2).encode(y=y)
    points = base.mark_point(color=colour, filled=False, size=44, strokeWidth=1.8, opacity=1).encode(
        y=y, fill=alt.condition("datum.is_complete", alt.value(colour), alt.value("white"))
    )
    latest = (
        alt.Chart(values.tail(1).assign(label=_told(values.iloc[-1])))
        .mark_text(align="left", baseline="middle", dx=9, fontSize=14, fontWeight="bold", color=INK)
        .encode(x=alt.X("month:T", scale=alt.Scale(type="utc")), y=y, text="label:N")
    )
    title = alt.TitleParams(
        capitalised(technology_name(technology)), anchor="start", fontSize=14, color=MUTED, offset=6
    )
    panel = band.encode(**limits) + line + points + latest
    if values["is_corrected"].any():
        naive = base.mark_line(color=MUTED, strokeWidth=1.4, strokeDash=[4, 3], point={"color": MUTED, "size": 14})
        panel = panel + naive.encode(y=alt.Y("penetration_share:Q", axis=percent_axis(title=None)))
    return panel.properties(width=width, height=height, title=title)


CATEGORY_COLUMNS = ["period_id", "technology", "category", "classified_count", "technology_post_count",
                    "category_post_count", "composition_share", "composition_share_low",
                    "composition_share_high", "penetration_share", "penetration_share_low",
                    "penetration_share_high", "corrected_composition_share",
                    "corrected_composition_share_low", "corrected_composition_share_high",
                    "corrected_penetration_share", "corrected_penetration_share_low",
                    "corrected_penetration_share_high"]  # fmt: skip
MEASURES = {
    "composition_share": "Composition: share of AI posts",
    "penetration_share": "Penetration: share of the category's posts",
}


def category_share_figure(view: MonthView, rows: pd.DataFrame) -> Figure:
    """rows: period_technology_category_shares of AI, largest composition first."""
    data = rows[CATEGORY_COLUMNS].copy()
    for column in CATEGORY_COLUMNS[6:]:
        data[column] = data[column].astype(float)
    return Figure(
        id="figure-category-share",
        title=f"AI posts by category, {month_name(view.month)}",
        subtitle=f"Bar: share{_correction_of_categories(rows)}. Line: 95% interval.",
        alternative=f"Bars with intervals over the categories: {' and '.join(map(_measure, _told_measures(data)))}. "
        f"The list begins with {data['category'].iloc[0]}. All values follow as CSV.",
        svg_wide=to_svg(_category_panels(data, "wide"), "category-wide"),
        svg_narrow=to_svg(_category_panels(data, "narrow"), "category-narrow"),
        data=data,
    )


def _correction_of_categories(rows: pd.DataFrame) -> str:
    if not rows[[f"corrected_{metric}" for metric in MEASURES]].notna().any(axis=None):
        return " as the classifier accepts, not corrected"
    return ", corrected by the audit sample. Diamond: not corrected"


def _told_measures(data: pd.DataFrame) -> list[str]:
    """Those with a value: a panel without any bar would tell nothing."""
    return [metric for metric in MEASURES if data[metric].notna().any()]


def _measure(metric: str) -> str:
    return metric.removesuffix("_share")


def _category_panels(data: pd.DataFrame, size: str) -> alt.HConcatChart | alt.VConcatChart:
    told = _told_measures(data)
    if size == "wide":
        width = (WIDE - 226) // len(told)
        panels = [_category_panel(data, metric, width, has_labels=metric == told[0]) for metric in told]
        return alt.hconcat(*panels, spacing=26)
    return alt.vconcat(
        *(_category_panel(data, metric, NARROW - 150, has_labels=True, characters=19) for metric in told),
        spacing=26,
    )


def _category_panel(
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
        panel = panel + uncorrected_mark(base).encode(x=alt.X(f"{metric}:Q", axis=percent_axis(title=None)))
    return panel.properties(width=width, height=row_height(names, characters, 26), title=title)
