"""The rows of the technology-spread marts that a month's study speaks of: study periods that began by then."""

from itertools import pairwise

import pandas as pd

from dagster_project.reports.page.selection import MonthView

CONCENTRATION, RANKS = "period_technology_concentration", "period_category_ranks"
COMPARISONS = "study_period_comparisons"


def study_rows(view: MonthView, mart: str, technology: str | None = None) -> pd.DataFrame:
    """Rows of the study periods in order of time; withheld ones are left out."""
    frame = view.marts[mart]
    is_row = (
        (frame["period_kind"] == "study")
        & (pd.to_datetime(frame["period_start"]) <= view.month)
        & frame["withheld_reason"].isna()
    )
    if technology is not None:
        is_row &= frame["technology"] == technology
    return frame[is_row].sort_values(["technology", "period_start"], kind="stable")


def technologies_of(view: MonthView) -> dict[str, str]:
    """Technology -> label, in the order ai, cloud, rpa."""
    frame = view.marts[CONCENTRATION].sort_values("technology")
    return dict(zip(frame["technology"], frame["technology_label"], strict=True))


def comparison_rows(view: MonthView, technology: str) -> pd.DataFrame:
    """Each readable study period of a technology beside the one before it, in order of time."""
    periods = study_rows(view, CONCENTRATION, technology)["period_id"].tolist()
    frame = view.marts[COMPARISONS]
    steps = [
        frame[
            (frame["technology"] == technology)
            & (frame["base_period_id"] == base)
            & (frame["current_period_id"] == current)
        ]
        for base, current in pairwise(periods)
    ]
    return pd.concat(steps) if steps else frame.iloc[:0]


def withheld_notes(view: MonthView, technology: str, name: str) -> list[str]:
    """Why a study period that began by the month is not shown."""
    frame = view.marts[CONCENTRATION]
    is_row = (
        (frame["technology"] == technology)
        & (frame["period_kind"] == "study")
        & (pd.to_datetime(frame["period_start"]) <= view.month)
        & frame["withheld_reason"].notna()
    )
    rows = frame[is_row].sort_values("period_start")
    return [
        f"{name} posts of {row['period_label']} are not divided: {row['withheld_reason']}."
        for _, row in rows.iterrows()
    ]
