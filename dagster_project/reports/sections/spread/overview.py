"""The rows of the technology-spread marts that a month's study speaks of: study periods that began by then."""

from dataclasses import replace
from itertools import pairwise

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import beside_naive, correction_note, displayed_rows
from dagster_project.reports.claims.wording import (
    NO_VALUE,
    capitalised,
    count,
    decimal_number,
    interval,
    number,
    share,
    technology_name,
)
from dagster_project.reports.page.document import Section, Table
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


COLUMNS = ["Technology and period", "Posts", "Effective categories", "95% interval", "Herfindahl index",
           "95% interval of the index", "Largest category", "Two largest", "Categories above 1%"]  # fmt: skip


def spread_overview_section(view: MonthView) -> Section:
    """A claim a technology for its latest study period, and the table of all periods."""
    section = Section("spread", "How far each technology has spread")
    section.lead = (
        "The effective number of categories is that of equally large ones with the same dispersion: 1 says that all "
        "posts lie in one category, 12 that they divide evenly. The Herfindahl index is the chance that two "
        "posts lie in one."
    )
    naive = study_rows(view, CONCENTRATION)
    rows = displayed_rows(naive, "herfindahl")
    if rows.empty:
        section.notes.append("No study period holds 30 classified posts of a technology from 10 client groups.")
        return section
    latest = rows.drop_duplicates("technology", keep="last")
    section.claims.extend(effective_categories_claim(view, row) for _, row in latest.iterrows())
    section.tables.append(_table(rows))
    if rows["prefix"].any():
        own = _table(naive)
        section.tables.append(replace(own, id=f"{own.id}-naive", caption=f"{own.caption}, as the classifier counts"))
    return section


def effective_categories_claim(view: MonthView, row: pd.Series) -> Claim:
    """`AI posts of 2024-2025 spread over 8.6 categories in effect (95% interval 8.3 to 8.9; 2,091 posts).`"""
    name = technology_name(row["technology"], row["technology_label"])
    limits = interval(row["effective_categories_low"], row["effective_categories_high"], decimal_number)
    sentence = (
        f"{capitalised(name)} posts of {row['period_label']} spread over {decimal_number(row['effective_categories'])} "
        f"categories in effect (95% interval {limits}; {count(row['technology_post_count'])} posts"
        f"{beside_naive(row, decimal_number(row.get('naive_effective_categories')))})."
    )
    return view.book.add(
        CONCENTRATION, row, f"{row['prefix']}effective_categories", "technology_post_count", sentence,
        about=f"concentration of {name} posts", period=row["period_id"],
        population=f"{name} posts of the feed", unit="categories",
    )  # fmt: skip


def _table(rows: pd.DataFrame) -> Table:
    cells = [
        [
            f"{capitalised(technology_name(row['technology'], row['technology_label']))}, {row['period_label']}",
            count(row["technology_post_count"]),
            decimal_number(row["effective_categories"]),
            interval(row["effective_categories_low"], row["effective_categories_high"], decimal_number),
            _index(row["herfindahl"]),
            interval(row["herfindahl_low"], row["herfindahl_high"], _index),
            share(row["top_share"]),
            share(row["top_two_share"]),
            count(row["categories_above_one_percent"]),
        ]
        for _, row in rows.iterrows()
    ]
    numeric = frozenset(column for column in COLUMNS[1:] if "interval" not in column)
    note = f"Categories above 1%: those whose share's lower bound exceeds 1%. {correction_note(rows)}".strip()
    return Table("table-spread", "Concentration by technology and study period", COLUMNS, cells, numeric, note)


def _index(value: object) -> str:
    known = number(value)
    return NO_VALUE if known is None else f"{known:.3f}"
