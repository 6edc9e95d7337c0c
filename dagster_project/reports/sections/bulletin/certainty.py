"""How sure we are: rows, coverage, the classifier's error, adjustment and revisions, a sentence each."""

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.wording import count, month_name, told_share
from dagster_project.reports.page.document import Section
from dagster_project.reports.page.selection import MonthView
from dagster_project.reports.sections.monthly.methodology import audit_rows
from dagster_project.reports.sections.monthly.quality import held_months
from dagster_project.reports.sections.monthly.revisions import TABLE_ROWS, withdrawn_rows
from dagster_project.storage.shown_text import display_text

TOLD_HOLDS = 3


def certainty_section(view: MonthView, adjustment: str) -> Section:
    """adjustment: what growth is adjusted for, in words, empty where nothing is told of growth."""
    section = Section("certainty", "How sure we are")
    section.claims = [*_rows_claim(view), *_coverage_claim(view), *_sensitivity_claim(view)]
    section.notes = [
        *_held_notes(view),
        _adjustment_note(adjustment),
        *_correction_note(view),
        *_revision_note(view),
    ]
    section.notes.append(
        "A range in brackets is a 95% interval; except in the title, numbers without one are sure to their last digit. "
        "Each raised number leads to its row in the annex."
    )
    return section


def _rows_claim(view: MonthView) -> list[Claim]:
    rows = view.of_month("monthly_source_rows")
    return [
        view.book.add(
            "monthly_source_rows", row, "rows_kept", "rows_read",
            f"Of {count(row['rows_read'])} rows read for {month_name(view.month)}, {count(row['rows_kept'])} were kept "
            "as job posts; the others repeat one or were refused with a reason.",
            about="rows kept", period=view.context.month, population="rows of the feed's files", unit="count",
        )
        for _, row in rows[rows["table_name"] == "job_posts"].iterrows()
    ]  # fmt: skip


def _coverage_claim(view: MonthView) -> list[Claim]:
    status = view.collection_status()
    if status is None:
        return []
    return [
        view.book.add(
            "monthly_collection", status, "days_with_posts", "days_in_month",
            f"Posts came in on {count(status['days_with_posts'])} of {count(status['days_in_month'])} days of "
            f"{month_name(view.month)}.",
            about="days with posts", period=view.context.month, population="job posts of the feed", unit="count",
        )
    ]  # fmt: skip


def _sensitivity_claim(view: MonthView) -> list[Claim]:
    rows = audit_rows(view)
    rows = rows[(rows["technology"] == "ai") & rows["is_covered"].astype(bool) & rows["sensitivity"].notna()]
    return [
        view.book.add(
            "classifier_audit", row, "sensitivity", "audited_true_count",
            f"In an audit of {month_name(view.month)} the classifier found "
            f"{told_share(row['sensitivity'], row['sensitivity_low'], row['sensitivity_high'])} of the posts that are "
            "truly AI work.",
            about="sensitivity of the AI classifier", period=view.context.month, population="audited posts",
            unit="fraction",
        )
        for _, row in rows.iterrows()
    ]  # fmt: skip


def _held_notes(view: MonthView) -> list[str]:
    """The latest held months and parts of months with their reasons; the annex lists all."""
    notes = []
    for held, what in (
        (list(held_months(view).values()), "Held months are as they were before, or left out"),
        ([display_text(why, 400) for why in view.context.held_parts], "Parts of months are held back"),
    ):
        if held:
            more = "; the annex lists all" if len(held) > TOLD_HOLDS else ""
            notes.append(f"{what}{more}. {' '.join(_sentence(why) for why in held[-TOLD_HOLDS:])}")
    return notes


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "\u2026")) else f"{text}."


def _adjustment_note(adjustment: str) -> str:
    if adjustment == "seasonal":
        return "Growth is adjusted for weekdays, holidays and the season."
    if adjustment == "calendar":
        return "Growth is adjusted for weekdays and holidays; the feed is too short to know its season."
    return "The feed is too short, or the month not complete enough, for growth to be told."


def _correction_note(view: MonthView) -> list[str]:
    rows = view.technology_rows()
    rows = rows[(pd.to_datetime(rows["posted_month"]) == view.month) & (rows["technology"] == "ai")]
    if rows.empty:
        return []
    is_corrected = rows["corrected_penetration_share"].notna().any()
    return [
        "Shares are corrected for the classifier's errors by an audit sample."
        if is_corrected
        else "Shares are the classifier's own: no audit sample corrects its errors."
    ]


def _revision_note(view: MonthView) -> list[str]:
    is_withdrawn = len(withdrawn_rows(view)) > 0
    return [*_compared_note(view), *(["Newer files hold fewer rows; the annex counts them."] if is_withdrawn else [])]


def _compared_note(view: MonthView) -> list[str]:
    if view.context.compared_release_id is None:
        return ["This is the first release: nothing can have been revised."]
    summary = view.marts["series_revisions"]
    revised = summary["revised_count"].sum()
    if not revised:
        return ["No value of the last release was revised."]
    listed = "lists each" if revised <= TABLE_ROWS else "lists the largest revisions"
    return [f"Values of the last release were revised; the annex {listed}."]
