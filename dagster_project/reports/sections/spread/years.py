"""A technology's posts of a calendar year over those of the year before, the non-technical categories first."""

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import is_corrected
from dagster_project.reports.claims.growth_sentences import WITHHELD
from dagster_project.reports.claims.wording import capitalised, count, direction, growth, interval, technology_name
from dagster_project.reports.page.document import Section, Table
from dagster_project.reports.page.selection import MonthView
from dagster_project.statistics.growth.verdicts import NO_CHANGE

MART = "yearly_technology_growth"
TOLD = ("ai", "non_technical")
COLUMNS = ["Technology and year", "Categories", "Posts", "Year before", "Change", "95% interval", "Corrected",
           "95% interval, corrected"]  # fmt: skip


def yearly_growth_claim(view: MonthView, row: pd.Series) -> Claim:
    """`AI posts of the eight non-technical categories rose by 268.0% from 2022 to 2023 (240 to 883 posts; ...).`"""
    prefix = "corrected_" if is_corrected(row, "growth_pct") else ""
    metric = f"{prefix}growth_pct"
    low, high = row[f"{metric}_low"], row[f"{metric}_high"]
    name = technology_name(row["technology"], row["technology_label"])
    subject = f"{capitalised(name)} posts of {row['series']}"
    since = f"from {row['base_period_label']} to {row['period_label']}"
    word, change = direction(low, high), growth(row[metric])
    told = f"{subject} {word} by {change.lstrip('+−')} {since}" if word else f"{subject}: {change} {since}, {NO_CHANGE}"
    sentence = f"{told} ({_in_brackets(row, metric)})."
    return view.book.add(
        MART, row, metric, "post_count", sentence,
        about=f"{name} posts of {row['series']}", period=row["period_id"], population=f"{name} posts of the feed",
        unit="percent",
    )  # fmt: skip


def _in_brackets(row: pd.Series, metric: str) -> str:
    counted = f"{count(row['base_post_count'])} to {count(row['post_count'])} posts"
    limits = f"95% interval {interval(row[f'{metric}_low'], row[f'{metric}_high'], growth)}"
    if metric == "growth_pct":
        return f"{counted}; {limits}; {row['correction']}"
    return f"{row['correction']}; {limits}; the classifier's own count is {growth(row['growth_pct'])}, {counted}"


def spread_years_section(view: MonthView) -> Section:
    """A claim a year of the AI posts of non-technical categories, and the table of every technology and group."""
    section = Section("spread-years", "Growth from year to year", claim_columns=2)
    section.lead = "Posts of a calendar year over those of the year before. All posts of the feed with a category."
    rows = view.marts[MART]
    rows = rows[pd.to_numeric(rows["period_id"]) <= view.month.year].sort_values(["technology", "period_id"])
    if rows.empty:
        section.notes.append("The feed holds no two calendar years of posts.")
        return section
    is_told = (rows["technology"] == TOLD[0]) & (rows["series_id"] == TOLD[1]) & rows["growth_pct"].notna()
    section.claims.extend(yearly_growth_claim(view, row) for _, row in rows[is_told].iterrows())
    section.tables.append(_table(rows))
    return section


def _table(rows: pd.DataFrame) -> Table:
    cells = [
        [
            f"{capitalised(technology_name(row['technology'], row['technology_label']))}, {row['period_label']}",
            capitalised(str(row["series"])),
            count(row["post_count"]),
            count(row["base_post_count"]),
            WITHHELD if row["is_withheld"] else growth(row["growth_pct"]),
            interval(row["growth_pct_low"], row["growth_pct_high"], growth),
            growth(row["corrected_growth_pct"]),
            interval(row["corrected_growth_pct_low"], row["corrected_growth_pct_high"], growth),
        ]
        for _, row in rows.iterrows()
    ]
    reasons = sorted(set(rows["withheld_reason"].dropna()))
    note = f"Withheld: {'; '.join(reasons)}." if reasons else ""
    caption = "Growth of posts by technology and calendar year"
    return Table(
        "table-years", caption, COLUMNS, cells, frozenset({"Posts", "Year before", "Change", "Corrected"}), note
    )
