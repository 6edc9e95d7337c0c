"""What AI contracts were worth beside others, by category, in the latest complete study period."""

from dagster_project.reports.charts.high_value_contracts import high_value_figure
from dagster_project.reports.page.document import Notice, Section
from dagster_project.reports.page.selection import MonthView
from dagster_project.reports.sections.monthly.contracts import (
    HEADLINE_KIND,
    TECHNOLOGIES,
    add_contract_values,
    complete_study_periods,
)
from dagster_project.statistics.growth.raw import SMALLEST_BASE

FEWEST_CATEGORIES = 2


def spread_contracts_section(view: MonthView) -> Section:
    """Claims, one chart and the tables; a notice where the feed has no contracts."""
    section = Section("contracts", "What contracts were worth", claim_columns=2)
    if not view.context.provides("contracts"):
        text = "The feed has no contracts, so nothing is said of what was paid."
        section.notices.append(Notice("not-provided", "Contracts not provided", text))
        return section
    section.lead = (
        "Value of a contract: what was paid when it is closed; while it is open, the larger of what was paid so far "
        "and what its post projects, where both are known. High value: above 1,000 USD. By date of start."
    )
    periods = complete_study_periods(view)
    if not periods:
        section.notes.append("No complete study period has contracts.")
        return section
    add_contract_values(view, section, periods[-1])
    _add_chart(view, section, periods[-1])
    return section


def _add_chart(view: MonthView, section: Section, period_id: str) -> None:
    rows = view.marts["period_contract_values"]
    is_charted = (rows["period_id"] == period_id) & (rows["category_id"] != "all")
    rows = rows[is_charted & rows["technology"].isin(TECHNOLOGIES)]
    is_ai = (rows["technology"] == "ai") & (rows["value_kind"] == HEADLINE_KIND)
    enough = rows[is_ai & (rows["valued_count"] >= SMALLEST_BASE)]["category"]
    if len(enough) < FEWEST_CATEGORIES:
        few = f"fewer than {SMALLEST_BASE} contracts of known value in most categories"
        section.notes.append(f"The contracts are too few for a chart: {few}.")
        return
    charted = rows[rows["category"].isin(enough)]
    section.figures.append(high_value_figure(charted, str(charted["period_label"].iloc[0])))
