"""What the work pays: how many AI contracts and other contracts were worth more than 1,000 USD."""

import pandas as pd

from dagster_project.reports.charts.paid_high import paid_high_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import best_estimate, with_shown
from dagster_project.reports.claims.wording import capitalised, told_share
from dagster_project.reports.page.document import Section
from dagster_project.reports.page.selection import SMALLEST_DENOMINATOR, MonthView
from dagster_project.reports.sections.monthly.contracts import (
    HEADLINE_KIND,
    TECHNOLOGIES,
    complete_study_periods,
    contracts_phrase,
)

MART = "period_contract_values"
WIDEST = 0.5
"""An interval wider than half of all shares says nothing of a category: it is not drawn."""


def pay_section(view: MonthView) -> Section | None:
    """The latest complete study period, since what a contract paid is known some time after its start; None without."""
    periods = complete_study_periods(view)
    if not view.context.provides("contracts") or not periods:
        return None
    rows = view.marts[MART]
    rows = rows[(rows["period_id"] == periods[-1]) & (rows["value_kind"] == HEADLINE_KIND)]
    rows = rows[rows["technology"].isin(TECHNOLOGIES) & (rows["valued_count"] >= SMALLEST_DENOMINATOR)]
    rows = rows[rows["high_value_share"].notna()]
    overall = rows[rows["category_id"] == "all"].set_index("technology", drop=False)
    if overall.empty:
        return None
    section = Section("pay", "What the work pays")
    section.lead = f"Contracts that started in {overall['period_label'].iloc[0]} and whose value is known."
    in_order = overall.loc[[name for name in TECHNOLOGIES if name in overall.index]]
    section.claims = [high_value_claim(view, row, section.lead) for _, row in in_order.iterrows()]
    categories = with_shown(rows[rows["category_id"] != "all"], "high_value_share")
    is_told = categories["shown_high"] - categories["shown_low"] <= WIDEST
    if (is_told & (categories["technology"] == "ai")).sum() > 1:
        section.figures.append(paid_high_figure(categories[is_told]))
    if not is_told.all():
        section.notes.append("Some categories have too few audited AI contracts for a share to be told.")
    return section


def high_value_claim(view: MonthView, row: pd.Series, setting: str) -> Claim:
    """`86% (83–89) of AI contracts were worth more than 1,000 USD.`"""
    shown, contracts = best_estimate(row, "high_value_share"), contracts_phrase(row["technology"])
    told = told_share(shown.value, shown.low, shown.high)
    sentence = f"{told} of {contracts} were worth more than 1,000 USD."
    return view.book.add(
        MART, row, shown.metric, "valued_count", sentence, about=f"high value among {contracts}",
        period=row["period_id"], population=capitalised(contracts), unit="fraction", setting=setting,
    )  # fmt: skip
