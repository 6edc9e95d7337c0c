"""Where the work sits: composition and penetration by category, side by side."""

import pandas as pd

from dagster_project.reports.charts.category_share import category_share_figure
from dagster_project.reports.claims import Claim
from dagster_project.reports.document import Notice, Section, Table
from dagster_project.reports.selection import SMALLEST_DENOMINATOR, MonthView
from dagster_project.reports.wording import capitalised, count, interval, month_name, share, technology_name

COLUMNS = ["Category", "Classified posts", "Composition", "95% interval", "All posts", "Penetration",
           "95% interval, penetration"]  # fmt: skip
NAMED_CATEGORIES = {"ai": 3}


def composition_claim(view: MonthView, row: pd.Series) -> Claim:
    """`Writing held 12.0% of the AI posts of the feed in November 2025 (composition; ...).`"""
    name = technology_name(row["technology"], row["technology_label"])
    sentence = (
        f"{row['category']} held {share(row['composition_share'])} of the {name} posts of the feed in "
        f"{month_name(view.month)} (composition; {count(row['classified_count'])} of "
        f"{count(row['technology_post_count'])} {name} posts; 95% interval "
        f"{interval(row['composition_share_low'], row['composition_share_high'])})."
    )
    return view.book.add(
        "period_technology_category_shares", row, "composition_share", "technology_post_count", sentence,
        about=f"{row['category']} within {name} posts", period=view.context.month,
        population=f"{name} posts of the feed", unit="fraction",
    )  # fmt: skip


def penetration_claim(view: MonthView, row: pd.Series) -> Claim:
    """`Of all posts in Writing, 6.1% were AI posts (penetration; ...).`"""
    name = technology_name(row["technology"], row["technology_label"])
    sentence = (
        f"Of all posts of the feed in {row['category']}, {share(row['penetration_share'])} were {name} posts "
        f"in {month_name(view.month)} (penetration; {count(row['classified_count'])} of "
        f"{count(row['category_post_count'])} posts; 95% interval "
        f"{interval(row['penetration_share_low'], row['penetration_share_high'])})."
    )
    return view.book.add(
        "period_technology_category_shares", row, "penetration_share", "category_post_count", sentence,
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
    total = int(rows["technology_post_count"].iloc[0])
    if total < SMALLEST_DENOMINATOR:
        section.notes.append(
            f"{count(total)} {name} posts with a category are too few to divide (fewer than {SMALLEST_DENOMINATOR})."
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
    cells = [
        [
            str(row["category"]),
            count(row["classified_count"]),
            share(row["composition_share"]),
            interval(row["composition_share_low"], row["composition_share_high"]),
            count(row["category_post_count"]),
            share(row["penetration_share"]),
            interval(row["penetration_share_low"], row["penetration_share_high"]),
        ]
        for _, row in rows.iterrows()
    ]
    caption = f"{capitalised(name)} posts by category, all posts of the feed, {month_name(view.month)}"
    return Table(f"table-categories-{technology}", caption, COLUMNS, cells,
                 frozenset({"Classified posts", "Composition", "All posts", "Penetration"}))  # fmt: skip
