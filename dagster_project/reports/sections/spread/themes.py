"""Themes of AI work within five categories: skills that AI posts name more often than the category's other posts."""

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.wording import NO_VALUE, count, decimal_number, interval, is_missing, share
from dagster_project.reports.page.display_text import display_text
from dagster_project.reports.page.document import Section, Table
from dagster_project.reports.page.selection import MonthView
from dagster_project.statistics.skills.themes import THEME

THEMES = "category_ai_themes"
LISTED_THEMES = 6
NO_THEME = "Beside tags that name AI itself, no skill of a category's AI posts can be told from chance."
COLUMNS = ["Category and skill", "AI posts", "Share of AI posts", "95% interval", "Share of other posts", "Lift",
           "95% interval of the lift"]  # fmt: skip


def spread_themes_section(view: MonthView) -> Section:
    """The most named themes of each category in the latest study period; a note where nothing is a theme."""
    section = Section("themes", "Themes of AI work within categories")
    section.lead = (
        "A theme is a skill that a category's AI posts name more often than its other posts; all skills of all "
        "categories are tested together, so that at most one finding in ten is expected to be chance. Lift: share of "
        "the AI posts over share of the other posts. Tags that name AI itself are left out of both: the classifier "
        "reads them, so that they would be themes by definition."
    )
    themes = themes_of(view)
    if themes.empty:
        section.notes.append(NO_THEME)
        return section
    told = themes[themes["lift_low"].notna()].drop_duplicates("category_id")
    section.claims.extend(theme_claim(view, row) for _, row in told.iterrows())
    section.tables.append(_table(themes))
    return section


def themes_of(view: MonthView) -> pd.DataFrame:
    """Most named first within each category, categories by name."""
    frame = view.marts[THEMES]
    begun = frame[(frame["period_kind"] == "study") & (pd.to_datetime(frame["period_start"]) <= view.month)]
    latest = begun[(begun["period_start"] == begun["period_start"].max()) & (begun["verdict"] == THEME)]
    latest = latest[latest["ai_share"].notna()]
    return latest.sort_values(["category", "ai_post_count", "skill"], ascending=[True, False, True], kind="stable")


def theme_claim(view: MonthView, row: pd.Series) -> Claim:
    """`Ghostwriting was a theme of AI work in Writing in 2024-2025: 22.3% of its AI posts named it (...).`"""
    sentence = (
        f"{display_text(row['skill'], 60)} was a theme of AI work in {row['category']} in {row['period_label']}: "
        f"{share(row['ai_share'])} of its AI posts named it and {share(row['other_share'])} of its other posts "
        f"({count(row['ai_post_count'])} of {count(row['ai_total_count'])} AI posts; 95% interval "
        f"{interval(row['ai_share_low'], row['ai_share_high'])}; {_lift_words(row)})."
    )
    return view.book.add(
        THEMES, row, "ai_share", "ai_total_count", sentence,
        about=f"skill {row['skill']} within {row['category']}", period=row["period_id"],
        population=f"AI posts in {row['category']}", unit="fraction",
    )  # fmt: skip


def _lift_words(row: pd.Series) -> str:
    if is_missing(row["lift_high"]):
        return f"lift of {decimal_number(row['lift_low'])} or more by its 95% interval"
    return f"lift {decimal_number(row['lift'])}, 95% interval {_lift_limits(row)}"


def _lift_limits(row: pd.Series) -> str:
    if is_missing(row["lift_low"]):
        return NO_VALUE
    if is_missing(row["lift_high"]):
        return f"{decimal_number(row['lift_low'])} or more"
    return interval(row["lift_low"], row["lift_high"], decimal_number)


def _table(themes: pd.DataFrame) -> Table:
    listed = themes.groupby("category_id", sort=False).head(LISTED_THEMES)
    cells = [
        [
            f"{row['category']}: {display_text(row['skill'], 60)}",
            count(row["ai_post_count"]),
            share(row["ai_share"]),
            interval(row["ai_share_low"], row["ai_share_high"]),
            share(row["other_share"]),
            NO_VALUE if is_missing(row["lift"]) else decimal_number(row["lift"]),
            _lift_limits(row),
        ]
        for _, row in listed.iterrows()
    ]
    numeric = frozenset({"AI posts", "Share of AI posts", "Share of other posts", "Lift"})
    caption = f"Most named themes of AI work by category, {themes['period_label'].iloc[0]}"
    note = "No lift where no other post names the skill."
    return Table("table-themes", caption, COLUMNS, cells, numeric, note)
