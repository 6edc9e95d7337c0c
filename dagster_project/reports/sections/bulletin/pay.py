"""What the work pays: how many AI contracts and other contracts were worth more than 1,000 USD."""

import pandas as pd

from dagster_project.reports.charts.paid_high import paid_high_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import WIDEST_POINTS, best_estimate, is_readable, left_out_note
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
NOT_BY_CATEGORY = f"Not told by category: too many 95% intervals of AI contracts are wider than {WIDEST_POINTS} points."


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
    categories = rows[rows["category_id"] != "all"]
    of_ai = categories[categories["technology"] == "ai"]
    told = of_ai[is_readable(of_ai, "high_value_share")]["category_id"]
    if len(told) > 1:
        section.notes += left_out_note(len(of_ai) - len(told), "category is", "categories are")
        section.figures.append(paid_high_figure(categories[categories["category_id"].isin(told)]))
    elif len(of_ai) > 1:
        section.notes.append(NOT_BY_CATEGORY)
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
