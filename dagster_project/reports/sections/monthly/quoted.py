"""Figures of others, printed with unit, source and date and never computed with."""

import pandas as pd

from dagster_project.reports.page.display_text import display_text
from dagster_project.reports.page.document import Notice, Section, Table
from dagster_project.reports.page.selection import MonthView

COLUMNS = ["Figure", "Value", "Unit", "Source", "As of"]


def quoted_section(view: MonthView) -> Section | None:
    """The latest value of each constant as of the reported month; None where none is as old as that."""
    section = Section("quoted", "Figures quoted from others")
    if not view.context.provides("quoted_constants"):
        text = "The feed brings no figures of others, so none are quoted."
        section.notices.append(Notice("not-provided", "Quoted figures not provided", text))
        return section
    rows = view.marts["quoted_constants"].copy()
    rows["as_of_date"] = pd.to_datetime(rows["as_of_date"])
    rows = rows[rows["as_of_date"] < view.month + pd.DateOffset(months=1)]
    if rows.empty:
        return None
    latest = rows.sort_values("as_of_date").groupby("constant_id").tail(1).sort_values("constant_id")
    section.lead = "Not computed by this report and not checked by it."
    cells = [
        [
            display_text(row["constant_id"]).replace("_", " "),
            f"{float(row['value']):,.6f}".rstrip("0").rstrip("."),
            display_text(row["unit"]),
            display_text(row["source"]),
            row["as_of_date"].strftime("%Y-%m-%d"),
        ]
        for _, row in latest.iterrows()
    ]
    section.tables.append(Table("table-quoted", "Quoted figures", COLUMNS, cells, frozenset({"Value"})))
    return section
