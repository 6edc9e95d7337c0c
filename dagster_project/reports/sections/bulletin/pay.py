"""What the work pays: how many AI contracts and other contracts were worth more than 1,000 USD."""

import pandas as pd

from dagster_project.reports.charts.paid_high import paid_high_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import best_estimate, of_one_kind
from dagster_project.reports.claims.left_out import further_note, is_readable, left_out_claims
from dagster_project.reports.claims.wording import capitalised, told_share
from dagster_project.reports.page.document import Section
from dagster_project.reports.page.selection import SMALLEST_DENOMINATOR, MonthView
from dagster_project.reports.sections.monthly.contracts import (
    HEADLINE_KIND,
    TECHNOLOGIES,
    complete_study_periods,
    contracts_phrase,
)
from dagster_project.statistics.contracts.values import MODELLED_BY

MART, METRIC = "period_contract_values", "high_value_share"
MODELLED = (
    "By category the shares of AI contracts are modelled: what the classifier accepted falsely is taken to be worth as "
    "much as the category's other contracts."
)

NOT_BY_CATEGORY = "Not told by category: most categories have too few AI contracts, or confidential ones."


def pay_section(view: MonthView) -> Section | None:
    """The latest complete study period, since what a contract paid is known some time after its start; None without."""
    periods = complete_study_periods(view)
    if not view.context.provides("contracts") or not periods:
        return None
    rows = view.marts[MART]
    rows = rows[(rows["period_id"] == periods[-1]) & (rows["value_kind"] == HEADLINE_KIND)]
    rows = rows[rows["technology"].isin(TECHNOLOGIES) & (rows["valued_count"] >= SMALLEST_DENOMINATOR)]
    rows = rows[rows[METRIC].notna()]
    overall = rows[rows["category_id"] == "all"].set_index("technology", drop=False)
    if overall.empty:
        return None
    section = Section("pay", "What the work pays")
    section.lead = f"Contracts of all clients that started in {overall['period_label'].iloc[0]}, of known value."
    in_order = overall.loc[[name for name in TECHNOLOGIES if name in overall.index]]
    section.claims = [high_value_claim(view, row, section.lead) for _, row in in_order.iterrows()]
    _tell_categories(view, section, rows[rows["category_id"] != "all"])
    return section


def _tell_categories(view: MonthView, section: Section, rows: pd.DataFrame) -> None:
    """The category with the highest share of AI contracts and a chart of those that can be told; which ones cannot."""
    of_ai = of_one_kind(rows[rows["technology"] == "ai"], METRIC)
    is_told = is_readable(of_ai, METRIC)
    readable, left_out = of_ai[is_told], of_ai[~is_told]
    if len(readable) > 1:
        section.claims.append(high_value_claim(view, _surely_highest(readable), section.lead))
        section.figures.append(paid_high_figure(rows[rows["category_id"].isin(readable["category_id"])]))
        if readable["correction"].str.startswith(MODELLED_BY).any():
            section.notes.append(MODELLED)
    elif left_out.empty:
        section.notes.append(NOT_BY_CATEGORY)
    section.claims += left_out_claims(
        view, MART, left_out, METRIC, "valued_count",
        names="The share of AI contracts in " + left_out["category"], population="AI contracts", setting=section.lead,
    )  # fmt: skip
    section.notes += further_note(left_out)


def _surely_highest(rows: pd.DataFrame) -> pd.Series:
    """The row whose share is surely above most others': the one with the highest lower limit."""
    lows = [best_estimate(row, METRIC).low for _, row in rows.iterrows()]
    return rows.iloc[lows.index(max(lows))]


def high_value_claim(view: MonthView, row: pd.Series, setting: str) -> Claim:
    """`60% (52–68) of AI contracts were worth more than 1,000 USD.`, or `In Translation 86% (80–91) of ...`."""
    shown, contracts = best_estimate(row, METRIC), contracts_phrase(row["technology"])
    told = told_share(shown.value, shown.low, shown.high)
    where = "" if row["category_id"] == "all" else f"In {row['category']} "
    sentence = f"{where}{told} of {contracts} were worth more than 1,000 USD."
    return view.book.add(
        MART, row, shown.metric, "valued_count", sentence, about=f"high value among {contracts}",
        period=row["period_id"], population=capitalised(contracts), unit="fraction", setting=setting,
    )  # fmt: skip
