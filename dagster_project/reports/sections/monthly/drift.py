"""A line for every technology whose verdicts of the month are in doubt beyond the limit; nothing otherwise."""

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.wording import count, interval, month_name, points, technology_name
from dagster_project.reports.page.selection import MonthView

MART = "monthly_classifier_drift"


def drift_claims(view: MonthView) -> list[Claim]:
    """One claim a technology of the reported month that needs labels."""
    rows = view.of_month(MART)
    return [_claim(view, row) for _, row in rows[rows["needs_labels"].eq(True)].iterrows()]


def _claim(view: MonthView, row: pd.Series) -> Claim:
    """`Up to 3.39 points of AI's share of November 2025 rest on verdicts in doubt ... (n = 500 candidates; 95% ...)`"""
    name = technology_name(row["technology"], row["technology_label"])
    limits = interval(row["possible_share_points_low"], row["possible_share_points_high"], points)
    sentence = (
        f"Up to {points(row['possible_share_points'])} of {name}'s share of {month_name(view.month)} rest on verdicts "
        f"in doubt beyond the usual (n = {count(row['sampled_count'])} candidates; 95% interval {limits}), more than "
        f"the limit of {points(row['limit_points'])}: label posts of the month (make queue MONTH={view.context.month})."
    )
    return view.book.add(
        MART, row, "possible_share_points", "sampled_count", sentence,
        about=f"{name} verdicts in doubt", period=view.context.month, population="candidates of the feed",
        unit="points",
    )  # fmt: skip
