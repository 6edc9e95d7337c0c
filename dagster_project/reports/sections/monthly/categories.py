"""Where the work sits: composition and penetration by category, in the month and in pooled periods."""

import pandas as pd

from dagster_project.reports.charts.category_share import category_share_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import (
    SAMPLE_COLUMN,
    best_estimate,
    corrected_cells,
    correction_note,
    in_brackets,
    is_corrected,
    sample_cell,
)
from dagster_project.reports.claims.wording import capitalised, count, interval, month_name, share, technology_name
from dagster_project.reports.page.document import Notice, Section, Table
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
    section.tables.append(_period_table(rows))
    incomplete = rows[~rows["is_complete_period"].astype(bool)]["period_label"].unique()
    if len(incomplete):
        section.notes.append(f"Not every month of {', '.join(map(str, incomplete))} is in the feed as a whole.")
    return section


def _period_table(rows: pd.DataFrame) -> Table:
    periods = rows.drop_duplicates("period_id")
    labels = [f"{row['period_label']} (n = {count(row['technology_post_count'])})" for _, row in periods.iterrows()]
    cells: dict[str, list[str]] = {}
    order = rows.groupby("category")["classified_count"].sum().sort_values(ascending=False, kind="stable").index
    for category in order:
        cells[category] = [str(category)]
        for period_id in periods["period_id"]:
            row = rows[(rows["period_id"] == period_id) & (rows["category"] == category)]
            cells[category].append(_period_cell(row.iloc[0]) if len(row) else "–")
    caption = "AI posts by category and period, all posts of the feed"
    note = "; ".join(f"{row['period_label']}: {row['correction']}" for _, row in periods.iterrows())
    return Table("table-periods", caption, ["Category", *labels], list(cells.values()), note=f"{note}.")


def _period_cell(row: pd.Series) -> str:
    limits = interval(row["composition_share_low"], row["composition_share_high"])
    naive = f"{share(row['composition_share'])} ({limits})"
    if not is_corrected(row, "composition_share"):
        return naive
    value, corrected_limits = corrected_cells(row, "composition_share")
    return f"{naive}; corrected {value} ({corrected_limits})"


NAMED_CATEGORIES = {"ai": 3}


def composition_claim(view: MonthView, row: pd.Series) -> Claim:
    """`Writing held 12.0% of the AI posts of the feed in November 2025 (composition; ...).`"""
    name = technology_name(row["technology"], row["technology_label"])
    shown = best_estimate(row, "composition_share")
    counted = f"{count(row['classified_count'])} of {count(row['technology_post_count'])} {name} posts"
    sentence = (
        f"{row['category']} held {share(shown.value)} of the {name} posts of the feed in "
        f"{month_name(view.month)} (composition; {in_brackets(row, 'composition_share', counted)})."
    )
    return view.book.add(
        "period_technology_category_shares", row, shown.metric, "technology_post_count", sentence,
        about=f"{row['category']} within {name} posts", period=view.context.month,
        population=f"{name} posts of the feed", unit="fraction",
    )  # fmt: skip


def penetration_claim(view: MonthView, row: pd.Series) -> Claim:
    """`Of all posts in Writing, 6.1% were AI posts (penetration; ...).`"""
    name = technology_name(row["technology"], row["technology_label"])
    shown = best_estimate(row, "penetration_share")
    counted = f"{count(row['classified_count'])} of {count(row['category_post_count'])} posts"
    sentence = (
        f"Of all posts of the feed in {row['category']}, {share(shown.value)} were {name} posts "
        f"in {month_name(view.month)} (penetration; {in_brackets(row, 'penetration_share', counted)})."
    )
    return view.book.add(
        "period_technology_category_shares", row, shown.metric, "category_post_count", sentence,
        about=f"{name} posts within {row['category']}", period=view.context.month,
        population=f"posts of the feed in {row['category']}", unit="fraction",
    )  # fmt: skip


def categories_section(view: MonthView) -> Section:
    """Claims for the largest categories, a chart for AI and one table a technology."""
    section = Section("categories", "Where the work sits", claim_columns=2)
    section.lead = (
        "Composition says how a technology's posts divide over the categories and sums to 100%. Penetration "
        "says how much of a category's own posts asks for the technology. All posts of the feed."
    )
    if not view.context.provides("job_posts", "category"):
        section.notices.append(
            Notice("not-provided", "Categories not provided",
                   "The feed has no category, so posts cannot be divided over categories.")
        )  # fmt: skip
        return section
    shares = view.share_rows()
    for technology in shares["technology"].unique():
        rows = shares[shares["technology"] == technology]
        _add_technology(view, section, str(technology), rows)
    return section


def _add_technology(view: MonthView, section: Section, technology: str, rows: pd.DataFrame) -> None:
    name = technology_name(technology, rows["technology_label"].iloc[0])
    if not (rows["technology_post_count"] >= SMALLEST_DENOMINATOR).any():  # a hidden total is a small one
        section.notes.append(
            f"{capitalised(name)} posts with a category are too few to divide (fewer than {SMALLEST_DENOMINATOR})."
        )
        return
    for _, row in rows.head(NAMED_CATEGORIES.get(technology, 1)).iterrows():
        section.claims.append(composition_claim(view, row))
        if row["category_post_count"] >= SMALLEST_DENOMINATOR:
            section.claims.append(penetration_claim(view, row))
    if technology == "ai":
        section.figures.append(category_share_figure(view, rows))
    section.tables.append(_table(view, technology, name, rows))


def _table(view: MonthView, technology: str, name: str, rows: pd.DataFrame) -> Table:
    """Naive and corrected side by side, the interval of the value to read; naive alone where nothing is corrected."""
    has_correction = any(is_corrected(row, "composition_share") for _, row in rows.iterrows())
    cells = [
        [
            str(row["category"]),
            count(row["classified_count"]),
            *_share_cells(row, "composition_share", has_correction),
            count(row["category_post_count"]),
            *_share_cells(row, "penetration_share", has_correction),
            *([sample_cell(row, "penetration_share")] if has_correction else []),
        ]
        for _, row in rows.iterrows()
    ]
    columns = ["Category", "Classified posts", *_share_columns("Composition", has_correction)]
    columns += ["All posts", *_share_columns("Penetration", has_correction)]
    columns += [f"{SAMPLE_COLUMN}, penetration"] if has_correction else []
    caption = f"{capitalised(name)} posts by category, all posts of the feed, {month_name(view.month)}"
    numeric = frozenset(column for column in columns[1:] if not column.startswith(("95% interval", SAMPLE_COLUMN)))
    return Table(f"table-categories-{technology}", caption, columns, cells, numeric, correction_note(rows))


def _share_columns(name: str, has_correction: bool) -> list[str]:
    if has_correction:
        return [name, f"{name}, corrected", f"95% interval, {name.lower()} corrected"]
    return [name, f"95% interval, {name.lower()}"]


def _share_cells(row: pd.Series, metric: str, has_correction: bool) -> list[str]:
    if has_correction:
        return [share(row[metric]), *corrected_cells(row, metric)]
    return [share(row[metric]), interval(row[f"{metric}_low"], row[f"{metric}_high"])]
