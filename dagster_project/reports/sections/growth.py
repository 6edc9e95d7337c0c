"""Month over month and year over year growth; `rose` and `fell` only where the evidence carries the word."""

import pandas as pd

from dagster_project.reports.charts.category_growth import growth_figure
from dagster_project.reports.claims import Claim
from dagster_project.reports.document import Notice, Section, Table
from dagster_project.reports.readings import NO_CHANGE, SMALLEST_LISTED_BASE, with_readings
from dagster_project.reports.selection import MonthView
from dagster_project.reports.wording import (
    capitalised,
    count,
    direction,
    growth,
    interval,
    month_name,
)
from dagster_project.statistics.multiplicity import FALSE_DISCOVERY_RATE

CHART_SERIES = 24
NAMED_SERIES = 5
LEVEL_NAMES = {"category": "Categories", "sub_category": "Sub-categories"}
COLUMNS = ["Series", "Posts", "Month before", "Change on month", "95% interval", "Reading",
           "Change on year", "95% interval, year"]  # fmt: skip
SHORT_READINGS = {NO_CHANGE: "not distinguishable"}


def growth_claim(view: MonthView, row: pd.Series, what: str) -> Claim:
    """One growth sentence: `rose` or `fell` where the interval excludes 0, else not distinguishable."""
    since = f"from {month_name(row['base_month'])} to {month_name(row['posted_month'])}"
    evidence = (
        f"{count(row['base_post_count'])} to {count(row['post_count'])} posts; "
        f"95% interval {interval(row['growth_pct_low'], row['growth_pct_high'], growth)}"
    )
    word = direction(row["growth_pct_low"], row["growth_pct_high"])
    change = growth(row["growth_pct"])
    subject = capitalised(what)
    sentence = (
        f"{subject} {word} by {change.lstrip('+−')} {since} ({evidence})."
        if word
        else f"{subject}: {change} {since}, {NO_CHANGE} ({evidence})."
    )
    return view.book.add(
        "monthly_category_growth", row, "growth_pct", "post_count", sentence,
        about=what, period=view.context.month, population=view.population.posts, unit="percent",
    )  # fmt: skip


def growth_cells(row: pd.Series) -> tuple[str, str]:
    """Change and interval of one row, or `withheld` and an empty cell."""
    if row["is_withheld"]:
        return "withheld", ""
    return growth(row["growth_pct"]), interval(row["growth_pct_low"], row["growth_pct_high"], growth)


def growth_section(view: MonthView) -> Section:
    """Total, categories and sub-categories against the month and the year before."""
    section = Section("growth", "Growth")
    section.lead = (
        f"Change of the number of {view.population.posts}, raw counts, not adjusted for calendar or season. "
        f"In lists the false discovery rate is held at {FALSE_DISCOVERY_RATE:.0%}; series with fewer than "
        f"{SMALLEST_LISTED_BASE} posts in the base month get no verdict."
    )
    for comparison in ("month", "year"):
        total = view.growth_rows("total", comparison)
        section.claims.extend(
            growth_claim(view, row, view.population.posts)
            for _, row in total[~total["is_withheld"].astype(bool)].iterrows()
        )
        section.notices.extend(_withheld_notices(total, comparison))
    if not view.context.provides("job_posts", "category"):
        section.notices.append(
            Notice(
                "not-provided",
                "Categories not provided",
                "The feed has no category, so no series by category.",
            )
        )
        return section
    for level in LEVEL_NAMES:
        _add_level(view, section, level)
    return section


def _add_level(view: MonthView, section: Section, level: str) -> None:
    rows = with_readings(view.growth_rows(level, "month"))
    if rows.empty:
        return
    moved = rows[rows["reading"].isin(["rose", "fell"])]
    section.claims.extend(
        growth_claim(view, row, f"{view.population.posts} in {row['series']}")
        for _, row in moved.head(NAMED_SERIES).iterrows()
    )
    charted = rows[rows["reading"].isin(["rose", "fell", NO_CHANGE])].head(CHART_SERIES)
    if level == "sub_category" and len(charted) >= 2:
        section.figures.append(growth_figure(view, charted))
    section.tables.append(_table(view, level, rows))


def _table(view: MonthView, level: str, rows: pd.DataFrame) -> Table:
    years = view.growth_rows(level, "year").set_index("series_id")
    cells = []
    for _, row in rows.iterrows():
        year = growth_cells(years.loc[row["series_id"]]) if row["series_id"] in years.index else ("withheld", "")
        change, limits = growth_cells(row)
        counts = [count(row["post_count"]), count(row["base_post_count"])]
        cells.append(
            [
                str(row["series"]),
                *counts,
                change,
                limits,
                SHORT_READINGS.get(row["reading"], row["reading"]),
                *year,
            ]
        )
    reasons = sorted(set(rows["withheld_reason"].dropna()) | set(years["withheld_reason"].dropna()))
    note = f"Withheld: {'; '.join(reasons[:3])}{' and others' if len(reasons) > 3 else ''}." if reasons else ""
    caption = f"{LEVEL_NAMES[level]}: {view.population.posts}, {month_name(view.month)}"
    return Table(f"table-growth-{level.replace('_', '-')}", caption, COLUMNS, cells,
                 frozenset({"Posts", "Month before", "Change on month", "Change on year"}), note)  # fmt: skip


def _withheld_notices(total: pd.DataFrame, comparison: str) -> list[Notice]:
    against = "the month before" if comparison == "month" else "the same month of the year before"
    return [
        Notice("withheld", f"Growth against {against} is withheld", f"Reason: {row['withheld_reason']}.")
        for _, row in total[total["is_withheld"].astype(bool)].iterrows()
    ]
