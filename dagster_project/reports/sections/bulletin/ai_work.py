"""AI's share of the posts by month, and the categories that hold AI work: a section for each population."""

import pandas as pd

from dagster_project.reports.charts.category_share import category_share_figure
from dagster_project.reports.charts.technology_share import technology_share_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import best_estimate
from dagster_project.reports.claims.left_out import is_readable, left_out_claims
from dagster_project.reports.claims.wording import month_name, told_share
from dagster_project.reports.page.document import Section
from dagster_project.reports.page.selection import SMALLEST_DENOMINATOR, MonthView

LARGEST_CATEGORIES = 6
MEASURES = {"composition": "technology_post_count", "penetration": "category_post_count"}
"""A measure of the chart and the posts that it is a share of."""
SHARES = "period_technology_category_shares"


def ai_share_section(view: MonthView) -> Section:
    """The month's AI share of the view's population with its history."""
    section = Section("ai-work", "AI's share of posts")
    rows = view.technology_rows()
    rows = rows[(rows["technology"] == "ai") & (pd.to_datetime(rows["posted_month"]) <= view.month)]
    current = rows[(pd.to_datetime(rows["posted_month"]) == view.month) & _has_share(rows)]
    section.claims = [share_claim(view, row) for _, row in current.iterrows()]
    if len(current) and len(rows) > 2:
        section.figures.append(technology_share_figure(view, rows))
    if not section.claims:
        section.notes.append("The month's posts are too few to say what share asks for AI work.")
    return section


def ai_categories_section(view: MonthView) -> Section | None:
    """The categories with most AI posts, of clients in all countries; None where the month's AI posts are too few."""
    rows = view.share_rows()
    rows = rows[(rows["technology"] == "ai") & rows["composition_share"].notna()]
    rows = rows[rows["technology_post_count"] >= SMALLEST_DENOMINATOR]
    if rows.empty:
        return None
    section = Section("ai-categories", "Where AI work sits")
    section.lead = f"AI posts of the feed, of clients in all countries, {month_name(view.month)}."
    section.claims = [_category_claim(view, rows.iloc[0], section.lead)]
    largest = rows.head(LARGEST_CATEGORIES)
    for measure, n_column in MEASURES.items():
        metric = f"{measure}_share"
        left_out = largest[~is_readable(largest, metric)]
        section.claims += left_out_claims(
            view, SHARES, left_out, metric, n_column, names=f"The {measure} of " + left_out["category"],
            population="AI posts of the feed", setting=section.lead,
        )  # fmt: skip
        largest = _without_values(largest, left_out, metric)
    section.figures.append(category_share_figure(view, largest))
    return section


def _without_values(rows: pd.DataFrame, left_out: pd.DataFrame, metric: str) -> pd.DataFrame:
    """The rows, those that are left out without their values of the metric."""
    is_told = ~rows.index.isin(left_out.index)
    columns = [f"{prefix}{metric}{end}" for prefix in ("", "corrected_") for end in ("", "_low", "_high")]
    return rows.assign(**{column: rows[column].astype(float).where(is_told) for column in columns})


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


def _category_claim(view: MonthView, row: pd.Series, setting: str) -> Claim:
    """`Web, Mobile & Software Dev holds 24% (22–26) of all AI posts.`"""
    shown = best_estimate(row, "composition_share")
    sentence = f"{row['category']} holds {told_share(shown.value, shown.low, shown.high)} of all AI posts."
    return view.book.add(
        SHARES, row, shown.metric, "technology_post_count", sentence, about=f"AI posts in {row['category']}",
        period=view.context.month, population="AI posts of the feed", unit="fraction", setting=setting,
    )  # fmt: skip
