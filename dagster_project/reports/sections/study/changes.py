"""What changed since the wave before, finding by finding, where both waves asked in the same words."""

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.wording import (
    NO_VALUE,
    capitalised,
    count,
    direction,
    interval,
    is_missing,
    month_name,
    point_change,
    share,
)
from dagster_project.reports.page.display_text import display_text
from dagster_project.reports.page.document import Section, Table
from dagster_project.reports.sections.study.view import WaveView
from dagster_project.statistics.growth.verdicts import NO_CHANGE

MART = "study_wave_changes"
COMPARED, NO_EARLIER = "compared", "no earlier wave"
SMALLEST_COMPARED = 30
COLUMNS = ["Finding and population", "Wave before", "Share then", "Share now", "Change", "95% interval", "Comparison"]


def changes_section(view: WaveView) -> Section:
    """A sentence for each finding whose change excludes none, a table of all; one note where no wave came before."""
    section = Section("changes", "Against the wave before", claim_columns=2)
    section.lead = "Waves are compared only where the wording is the same; each finding is judged alone."
    rows = view.of_wave(MART).sort_values(["question_id", "measure", "population_id"])
    if (rows["status"] == NO_EARLIER).all():
        section.notes.append("No earlier wave asked these questions: there is nothing to compare with.")
        return section
    counts = rows[["respondent_count", "base_respondent_count"]].min(axis=1)
    is_told = (rows["status"] == COMPARED) & (counts >= SMALLEST_COMPARED)
    compared = (row for _, row in rows[is_told].iterrows())
    told = [row for row in compared if direction(row["change_points_low"], row["change_points_high"])]
    section.claims.extend(change_claim(view, row) for row in told)
    if not told:
        section.notes.append(f"Of no finding is the change {NO_CHANGE.removeprefix('not ')}.")
    section.tables.append(_table(rows[rows["status"] != NO_EARLIER]))
    return section


def change_claim(view: WaveView, row: pd.Series) -> Claim:
    """`Among freelancers, those who learn faster rose by 5.0 points since January 2025: from 80.0% to 85.0% (...).`"""
    population, finding = display_text(row["population"], 200), display_text(row["finding"], 200)
    word = direction(row["change_points_low"], row["change_points_high"])
    limits = interval(row["change_points_low"], row["change_points_high"], point_change)
    sentence = (
        f"Of {population}, the share who {finding} {word} by {point_change(abs(row['change_points'])).lstrip('+')} "
        f"since {month_name(row['base_wave_month'])}: from {share(row['base_share'])} to {share(row['answer_share'])} "
        f"(95% interval {limits}; {count(row['base_respondent_count'])} and {count(row['respondent_count'])} "
        "respondents)."
    )
    return view.book.add(
        MART, row, "change_points", "respondent_count", sentence,
        about=finding, period=view.context.month, population=population, unit="point_change",
    )  # fmt: skip


def _table(rows: pd.DataFrame) -> Table:
    cells = [
        [
            f"{capitalised(display_text(row['finding'], 200))}: {display_text(row['population'], 200)}",
            NO_VALUE if is_missing(row["base_wave_month"]) else month_name(row["base_wave_month"]),
            share(row["base_share"]),
            share(row["answer_share"]),
            NO_VALUE if is_missing(row["change_points"]) else point_change(row["change_points"]),
            interval(row["change_points_low"], row["change_points_high"], point_change),
            str(row["status"]),
        ]
        for _, row in rows.iterrows()
    ]
    numeric = frozenset({"Share then", "Share now", "Change"})
    return Table("table-study-changes", "Findings against the wave before", COLUMNS, cells, numeric)
