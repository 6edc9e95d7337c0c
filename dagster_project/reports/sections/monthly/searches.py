"""What clients searched for: the series of agents' terms and the wider AI series, against the month six before."""

import pandas as pd

from dagster_project.reports.charts.growth import search_counts_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.wording import NO_VALUE, count, direction, growth, interval, month_name
from dagster_project.reports.page.document import Notice, Section, Table
from dagster_project.reports.page.selection import MonthView
from dagster_project.statistics.growth.verdicts import NO_CHANGE

COLUMNS = ["Series", "Searches", "Six months before", "Change", "95% interval", "Dispersion"]
SERIES = ("ai_agents", "ai", "all_searches")


def search_claim(view: MonthView, row: pd.Series) -> Claim:
    """`Talent searches of the series AI agents rose by 285.0% from May 2025 to November 2025 (...).`"""
    since = f"from {month_name(row['base_month'])} to {month_name(row['search_month'])}"
    basis = (
        f"{count(row['base_search_count'])} to {count(row['search_count'])} searches; 95% interval "
        f"{interval(row['growth_pct_low'], row['growth_pct_high'], growth)}"
    )
    word, change = direction(row["growth_pct_low"], row["growth_pct_high"]), growth(row["growth_pct"])
    is_all = row["series_id"] == "all_searches"
    subject = "All talent searches" if is_all else f"Talent searches of the series {row['series']}"
    sentence = (
        f"{subject} {word} by {change.lstrip('+−')} {since} ({basis})."
        if word
        else f"{subject}: {change} {since}, {NO_CHANGE} ({basis})."
    )
    return view.book.add(
        "monthly_search_growth", row, "growth_pct", "search_count", sentence,
        about=f"searches: {row['series']}", period=view.context.month, population="talent searches", unit="percent",
    )  # fmt: skip


def searches_section(view: MonthView) -> Section:
    """A claim, or the reason for none, of each series; a chart of the months; a table."""
    section = Section("searches", "Talent searches")
    if not view.context.provides("talent_searches"):
        text = "The feed has no search log, so nothing is said of searches."
        section.notices.append(Notice("not-provided", "Talent searches not provided", text))
        return section
    section.lead = (
        "Searches for talent by series of terms; the wider AI series holds the agents' terms too. A month is compared "
        "with the month six before; the interval widens with the series' own variation from month to month."
    )
    rows = view.of_month("monthly_search_growth").set_index("series_id", drop=False)
    rows = rows.loc[[name for name in SERIES if name in rows.index]]
    if rows.empty:
        section.notes.append(f"No search of {month_name(view.month)} or later was read.")
        return section
    for _, row in rows.iterrows():
        if row["is_withheld"]:
            title = f"Growth of searches is withheld: {row['series']}"
            section.notices.append(Notice("withheld", title, f"Reason: {row['withheld_reason']}."))
        else:
            section.claims.append(search_claim(view, row))
    history = view.marts["monthly_search_growth"]
    history = history[pd.to_datetime(history["search_month"]) <= view.month]
    if history["search_month"].nunique() >= 2:
        section.figures.append(search_counts_figure(history))
    section.tables.append(_table(view, rows))
    return section


def _table(view: MonthView, rows: pd.DataFrame) -> Table:
    cells = [
        [
            str(row["series"]),
            count(row["search_count"]),
            count(row["base_search_count"]),
            "withheld" if row["is_withheld"] else growth(row["growth_pct"]),
            NO_VALUE if row["is_withheld"] else interval(row["growth_pct_low"], row["growth_pct_high"], growth),
            NO_VALUE if pd.isna(row["dispersion"]) else f"{float(row['dispersion']):.1f}",
        ]
        for _, row in rows.iterrows()
    ]
    note = "Dispersion: variance of a monthly count over that of independent searches, from up to 24 months."
    caption = f"Talent searches, {month_name(view.month)}"
    return Table("table-searches", caption, COLUMNS, cells, frozenset(COLUMNS[1:4]) | {"Dispersion"}, note)
