"""What the work is projected to be worth, by technology and category."""

import pandas as pd

from dagster_project.reports.charts.values import contract_value_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import best_estimate, in_brackets, with_corrected
from dagster_project.reports.claims.wording import capitalised, count, interval, month_name, share, technology_name, usd
from dagster_project.reports.page.document import Notice, Section, Table
from dagster_project.reports.page.selection import SMALLEST_DENOMINATOR, MonthView

VALUE_FIELDS = ("budget_usd", "hourly_rate_low_usd", "hourly_rate_high_usd")
COLUMNS = ["Category", "Posts", "Value known", "Share known", "Median, USD", "Middle half, USD",
           "Above 1,000 USD", "95% interval"]  # fmt: skip
NUMERIC_COLUMNS = frozenset({"Posts", "Value known", "Share known", "Median, USD", "Above 1,000 USD"})


def posts_phrase(technology: str) -> str:
    """`AI posts of the feed`, or `posts of the feed` for any."""
    return "posts of the feed" if technology == "any" else f"{technology_name(technology)} posts of the feed"


def high_value_claim(view: MonthView, row: pd.Series) -> Claim:
    """`Of the AI posts of the feed with a known projected value, 58.2% were above 1,000 USD (...).`"""
    posts = posts_phrase(row["technology"])
    shown = best_estimate(row, "high_value_share")
    counted = f"{count(row['high_value_count'])} of {count(row['known_value_count'])} posts"
    sentence = (
        f"Of the {posts} with a known projected value, {share(shown.value)} were projected above "
        f"1,000 USD in {month_name(view.month)} ({in_brackets(row, 'high_value_share', counted)})."
    )
    return view.book.add(
        "period_projected_values", row, shown.metric, "known_value_count", sentence,
        about=f"high value among {posts}", period=view.context.month,
        population=f"{posts} with a known projected value", unit="fraction",
    )  # fmt: skip


def median_claim(view: MonthView, row: pd.Series) -> Claim:
    """`The median projected value of AI posts of the feed was 1,240 USD (...).`"""
    posts = posts_phrase(row["technology"])
    sentence = (
        f"The median projected value of {posts} was {usd(row['median_value_usd'])} in "
        f"{month_name(view.month)} (middle half {usd(row['lower_quartile_usd'])} "
        f"to {usd(row['upper_quartile_usd'])}; known for {count(row['known_value_count'])} of "
        f"{count(row['post_count'])} posts)."
    )
    return view.book.add(
        "period_projected_values", row, "median_value_usd", "known_value_count", sentence,
        about=f"median value of {posts}", period=view.context.month,
        population=f"{posts} with a known projected value", unit="usd",
    )  # fmt: skip


def values_section(view: MonthView) -> Section:
    """High-value shares and medians of AI and of all posts, a chart by category and one table for each."""
    section = Section("values", "Projected value", claim_columns=2)
    section.lead = (
        "Projected value: the budget of a fixed-price post; for an hourly post the middle of its rate range "
        "times hours a week times weeks. What a contract paid in the end is not part of the feed."
    )
    if not any(view.context.provides("job_posts", column) for column in VALUE_FIELDS):
        section.notices.append(
            Notice("not-provided", "Values not provided", "The feed has neither a budget nor an hourly rate.")
        )
        return section
    rows = view.value_rows()
    for technology in ("ai", "any"):
        overall = rows[(rows["technology"] == technology) & (rows["category_id"] == "all")]
        for _, row in overall[overall["known_value_count"] >= SMALLEST_DENOMINATOR].iterrows():
            section.claims.extend([high_value_claim(view, row), median_claim(view, row)])
        if (overall["known_value_count"] < SMALLEST_DENOMINATOR).any():
            section.notes.append(
                f"{capitalised(posts_phrase(technology))} with a known value are too few to sum up (fewer than "
                f"{SMALLEST_DENOMINATOR})."
            )
    charted = rows[(rows["category_id"] != "all") & (rows["known_value_count"] >= SMALLEST_DENOMINATOR)]
    if charted[charted["technology"] == "ai"]["category_id"].nunique() >= 2:
        section.figures.append(contract_value_figure(view, charted))
    section.tables.extend(_tables(view, rows))
    return section


def _tables(view: MonthView, rows: pd.DataFrame) -> list[Table]:
    tables = []
    for technology in ("ai", "any"):
        chosen = rows[rows["technology"] == technology].sort_values(["post_count", "category"], ascending=[False, True])
        if chosen.empty:
            continue
        caption = f"Projected value: {posts_phrase(technology)}, {month_name(view.month)}"
        cells = [_cells(row) for _, row in chosen.iterrows()]
        table = Table(f"table-values-{technology}", caption, COLUMNS, cells, NUMERIC_COLUMNS)
        tables.append(table if technology == "any" else with_corrected(table, chosen, "high_value_share"))
    return tables


def _cells(row: pd.Series) -> list[str]:
    return [
        str(row["category"]),
        count(row["post_count"]),
        count(row["known_value_count"]),
        share(row["known_value_share"]),
        count(row["median_value_usd"]),
        interval(row["lower_quartile_usd"], row["upper_quartile_usd"], count),
        share(row["high_value_share"]),
        interval(row["high_value_share_low"], row["high_value_share_high"]),
    ]
