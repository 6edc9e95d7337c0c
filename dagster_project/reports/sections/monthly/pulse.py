"""What businesses answered in the month's wave of the pulse survey."""

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.wording import count, interval, month_name, share
from dagster_project.reports.page.display_text import display_text
from dagster_project.reports.page.document import Notice, Section, Table
from dagster_project.reports.page.selection import SMALLEST_DENOMINATOR, MonthView
from dagster_project.reports.sections.monthly.pulse_estimates import add_pulse_estimates

COLUMNS = ["Answer", "Businesses", "Share", "95% interval"]
POPULATION = "businesses that answered the pulse survey"


def answer_claim(view: MonthView, row: pd.Series) -> Claim:
    """`Asked "...", 85.0% of the businesses that answered said "Yes" (...).`"""
    sentence = (
        f"Asked “{display_text(row['question'], 200)}” in {month_name(view.month)}, "
        f"{share(row['answer_share'])} of the businesses that answered said “{display_text(row['answer'])}” "
        f"({count(row['answer_count'])} of {count(row['respondent_count'])}; 95% interval "
        f"{interval(row['answer_share_low'], row['answer_share_high'])})."
    )
    return view.book.add(
        "pulse_answer_shares", row, "answer_share", "respondent_count", sentence,
        about=f"{display_text(row['question_id'])}: {display_text(row['answer'])}", period=view.context.month,
        population=POPULATION, unit="fraction",
    )  # fmt: skip


def pulse_section(view: MonthView) -> Section:
    """The most frequent answer of each question as a sentence, all answers as a table a question."""
    section = Section("pulse", "Business pulse")
    if not view.context.provides("pulse_answers"):
        section.notices.append(
            Notice("not-provided", "Pulse survey not provided", "This feed comes without a business survey.")
        )
        return section
    section.lead = (
        "Shares of businesses that answered, unweighted unless a sentence says otherwise; a question's wordings are "
        "kept apart."
    )
    rows = view.of_month("pulse_answer_shares")
    if rows.empty:
        section.notices.append(
            Notice(
                "withheld",
                "No wave in this month",
                f"No answers were collected for {month_name(view.month)}.",
            )
        )
        return section
    for (question_id, wording), answers in rows.groupby(["question_id", "wording_version"], sort=True):
        _add_question(view, section, f"{question_id}-{wording}", answers.sort_values(["answer_order", "answer"]))
    add_pulse_estimates(view, section)
    return section


def _add_question(view: MonthView, section: Section, slug: str, answers: pd.DataFrame) -> None:
    if answers["respondent_count"].max() >= SMALLEST_DENOMINATOR:
        most = answers.sort_values("answer_count", ascending=False, kind="stable").iloc[0]
        section.claims.append(answer_claim(view, most))
    else:
        asked = display_text(answers["question"].iloc[0], 200)
        few = f"fewer than {SMALLEST_DENOMINATOR} businesses answered"
        section.notes.append(f"{asked} The answers are too few to sum up: {few}.")
    cells = [
        [
            display_text(row["answer"]),
            count(row["answer_count"]),
            share(row["answer_share"]),
            interval(row["answer_share_low"], row["answer_share_high"]),
        ]
        for _, row in answers.iterrows()
    ]
    question = display_text(answers["question"].iloc[0], 200)
    table_id = "table-pulse-" + "".join(char if char.isalnum() else "-" for char in slug)
    asked = count(answers["respondent_count"].max())
    section.tables.append(Table(table_id, f"{question} ({asked} businesses)", COLUMNS, cells, frozenset(COLUMNS[1:3])))
