"""How AI work divides over the categories in the pooled periods, beside each other."""

import pandas as pd

from dagster_project.reports.claims.corrected import corrected_cells, is_corrected
from dagster_project.reports.claims.wording import count, interval, share
from dagster_project.reports.page.document import Section, Table
from dagster_project.reports.page.selection import SMALLEST_DENOMINATOR, MonthView


def periods_section(view: MonthView) -> Section | None:
    """Composition of AI posts by study period, None where fewer than two periods have enough posts."""
    frame = view.marts["period_technology_category_shares"]
    rows = frame[
        (frame["period_kind"] == "study")
        & (frame["technology"] == "ai")
        & (frame["value_filter"] == "all")
        & (pd.to_datetime(frame["period_start"]) <= view.month)
        & (frame["technology_post_count"] >= SMALLEST_DENOMINATOR)
    ].sort_values("period_start")
    if rows["period_id"].nunique() < 2:
        return None
    section = Section("periods", "How AI work spread over the years")
    section.lead = "Composition of AI posts by category in each pooled period, with its 95% interval."
    section.tables.append(_table(rows))
    incomplete = rows[~rows["is_complete_period"].astype(bool)]["period_label"].unique()
    if len(incomplete):
        section.notes.append(f"Not every month of {', '.join(map(str, incomplete))} is in the feed as a whole.")
    return section


def _table(rows: pd.DataFrame) -> Table:
    periods = rows.drop_duplicates("period_id")
    labels = [f"{row['period_label']} (n = {count(row['technology_post_count'])})" for _, row in periods.iterrows()]
    cells: dict[str, list[str]] = {}
    order = rows.groupby("category")["classified_count"].sum().sort_values(ascending=False, kind="stable").index
    for category in order:
        cells[category] = [str(category)]
        for period_id in periods["period_id"]:
            row = rows[(rows["period_id"] == period_id) & (rows["category"] == category)]
            cells[category].append(_cell(row.iloc[0]) if len(row) else "–")
    caption = "AI posts by category and period, all posts of the feed"
    note = "; ".join(f"{row['period_label']}: {row['correction']}" for _, row in periods.iterrows())
    return Table("table-periods", caption, ["Category", *labels], list(cells.values()), note=f"{note}.")


def _cell(row: pd.Series) -> str:
    limits = interval(row["composition_share_low"], row["composition_share_high"])
    naive = f"{share(row['composition_share'])} ({limits})"
    if not is_corrected(row, "composition_share"):
        return naive
    value, corrected_limits = corrected_cells(row, "composition_share")
    return f"{naive}; corrected {value} ({corrected_limits})"
