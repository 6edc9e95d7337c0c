"""What AI work is about: the gen-AI groups of data science, and the skills of AI posts elsewhere."""

import pandas as pd

from dagster_project.reports.charts.genai_groups import genai_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import best_estimate
from dagster_project.reports.claims.wording import (
    capitalised,
    share,
    told_share,
)
from dagster_project.reports.page.display_text import display_text
from dagster_project.reports.page.document import Section, Table
from dagster_project.reports.page.selection import MonthView
from dagster_project.reports.sections.spread.genai import (
    APPLICATION,
    GROUPS,
    HALF,
    MODEL_BUILDING,
    genai_population,
    genai_rows,
)
from dagster_project.reports.sections.spread.themes import NO_THEME, themes_of

THEMES_A_CATEGORY, LISTED_THEMES = 2, 12


def about_section(view: MonthView) -> Section | None:
    """What gen-AI posts of data science name, and the skills of AI work elsewhere; None where the feed has neither."""
    section = Section("about", "What AI work is about")
    rows, themes = genai_rows(view), themes_of(view)
    if not rows.empty:
        first = rows.iloc[0]
        section.lead = f"{capitalised(genai_population(first))}, {first['period_label']}."
        by_id = {row["series_id"]: row for _, row in rows.iterrows()}
        told = {APPLICATION: _application, MODEL_BUILDING: _model_building}
        section.claims = [told[id](view, by_id[id], section.lead) for id in told if id in by_id]
        groups = rows[rows["series_kind"] != "purpose"].sort_values(
            "mention_post_count", ascending=False, kind="stable"
        )
        if not groups.empty:
            section.figures.append(genai_figure(groups))
    if themes.empty and len(view.marts["category_ai_themes"]):
        section.notes.append(NO_THEME)
    elif not themes.empty:
        section.tables.append(_themes_table(themes))
    return section if section.claims or section.tables else None


def _application(view: MonthView, row: pd.Series, setting: str) -> Claim:
    shown = best_estimate(row, "fractional_share")
    told = told_share(shown.value, shown.low, shown.high)
    divided = "each post divided evenly over the groups that it names"
    is_most = float(shown.low) > HALF
    sentence = (
        f"Most of the work that they ask for, {told}, is {row['series']}, {divided}."
        if is_most
        else f"{capitalised(str(row['series']))} is {told} of the work that they ask for, {divided}."
    )
    return _genai_claim(view, row, shown.metric, sentence, setting)


def _model_building(view: MonthView, row: pd.Series, setting: str) -> Claim:
    shown = best_estimate(row, "mention_share")
    sentence = f"{told_share(shown.value, shown.low, shown.high)} name {row['series']}, the work that builds models."
    return _genai_claim(view, row, shown.metric, sentence, setting)


def _genai_claim(view: MonthView, row: pd.Series, metric: str, sentence: str, setting: str) -> Claim:
    return view.book.add(
        GROUPS, row, metric, "genai_post_count", sentence, about=str(row["series"]), period=row["period_id"],
        population=genai_population(row), unit="fraction", setting=setting,
    )  # fmt: skip


def _themes_table(themes: pd.DataFrame) -> Table:
    listed = themes[themes["lift_low"].notna() & themes["other_share"].notna()]
    listed = listed.groupby("category_id", sort=False).head(THEMES_A_CATEGORY).head(LISTED_THEMES)
    cells = [
        [
            f"{row['category']}: {display_text(row['skill'], 60)}",
            told_share(row["ai_share"], row["ai_share_low"], row["ai_share_high"]),
            share(row["other_share"]),
        ]
        for _, row in listed.iterrows()
    ]
    columns = ["Category and skill", "AI posts", "Other posts"]
    caption = f"Skills that a category's AI posts name more often than its others, {themes['period_label'].iloc[0]}"
    return Table("table-spread-skills", caption, columns, cells, frozenset(columns[1:]))
