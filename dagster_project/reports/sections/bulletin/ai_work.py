"""Where AI work sits: its share of the posts by month, and the categories that hold it."""

import pandas as pd

from dagster_project.reports.charts.category_share import category_share_figure
from dagster_project.reports.charts.technology_share import technology_share_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import best_estimate, is_readable, left_out_note
from dagster_project.reports.claims.wording import month_name, told_share
from dagster_project.reports.page.document import Section
from dagster_project.reports.page.selection import SMALLEST_DENOMINATOR, MonthView

LARGEST_CATEGORIES = 6
MEASURES = ("composition", "penetration")


def ai_work_section(view: MonthView) -> Section:
    """The month's AI share with its history, and the categories with most AI posts, of all clients."""
    section = Section("ai-work", "Where AI work sits")
    rows = view.technology_rows()
    rows = rows[(rows["technology"] == "ai") & (pd.to_datetime(rows["posted_month"]) <= view.month)]
    current = rows[(pd.to_datetime(rows["posted_month"]) == view.month) & _has_share(rows)]
    section.claims = [share_claim(view, row) for _, row in current.iterrows()]
    if len(current) and len(rows) > 2:
        section.figures.append(technology_share_figure(view, rows))
    categories = view.share_rows()
    categories = categories[(categories["technology"] == "ai") & categories["composition_share"].notna()]
    categories = categories[categories["technology_post_count"] >= SMALLEST_DENOMINATOR]
    if len(categories):
        section.claims.append(_category_claim(view, categories.iloc[0]))
        largest = categories.head(LARGEST_CATEGORIES)
        for metric in MEASURES:
            largest, left_out = _readable(largest, f"{metric}_share")
            section.notes += left_out_note(left_out, f"category's {metric} is", f"categories' {metric}s are")
        section.figures.append(category_share_figure(view, largest))
    if not section.claims:
        section.notes.append("The month's posts are too few to say where AI work sits.")
    return section


def _readable(rows: pd.DataFrame, metric: str) -> tuple[pd.DataFrame, int]:
    """The rows without the values of the metric whose intervals tell nothing, and how many these are."""
    is_told = is_readable(rows, metric)
    columns = [f"{prefix}{metric}{end}" for prefix in ("", "corrected_") for end in ("", "_low", "_high")]
    blanked = {column: rows[column].astype(float).where(is_told) for column in columns}
    return rows.assign(**blanked), int((~is_told).sum())


def _has_share(rows: pd.DataFrame) -> pd.Series:
    return (rows["post_count"] >= SMALLEST_DENOMINATOR) & rows["penetration_share"].notna()


def share_claim(view: MonthView, row: pd.Series, setting: str = "") -> Claim:
    """`7.4% (7.1–7.7) of US job posts in November 2025 asked for AI work.`"""
    shown = best_estimate(row, "penetration_share")
    told = told_share(shown.value, shown.low, shown.high)
    sentence = f"{told} of {view.population.posts} in {month_name(view.month)} asked for AI work."
    return view.book.add(
        "monthly_technology_posts", row, shown.metric, "post_count", sentence, about="AI work",
        period=view.context.month, population=view.population.posts, unit="fraction", setting=setting,
    )  # fmt: skip


def _category_claim(view: MonthView, row: pd.Series) -> Claim:
    shown = best_estimate(row, "composition_share")
    told = told_share(shown.value, shown.low, shown.high)
    sentence = f"{row['category']} holds {told} of all AI posts of the feed in {month_name(view.month)}."
    return view.book.add(
        "period_technology_category_shares", row, shown.metric, "technology_post_count", sentence,
        about=f"AI posts in {row['category']}", period=view.context.month, population="AI posts of the feed",
        unit="fraction",
    )  # fmt: skip
