"""How much of the month's posts asks for AI, cloud or RPA work, and whether that changed."""

import pandas as pd

from dagster_project.reports.charts.technology_share import technology_share_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import best_estimate, in_brackets, with_corrected
from dagster_project.reports.claims.wording import capitalised, count, interval, month_name, share, technology_name
from dagster_project.reports.page.document import KeyNumber, Section, Table
from dagster_project.reports.page.selection import SMALLEST_DENOMINATOR, MonthView
from dagster_project.reports.sections.monthly.growth import growth_cells, growth_claim

TABLE_COLUMNS = ["Technology", "Keyword candidates", "Classified posts", "All posts", "Share of posts",
                 "95% interval", "Change on month before", "Change on year before"]  # fmt: skip


def share_claim(view: MonthView, row: pd.Series) -> Claim:
    """`AI work made up 7.4% of US job posts in November 2025 (4,912 of 66,380 posts; 95% interval ...).`"""
    name = technology_name(row["technology"], row["technology_label"])
    shown, posts = (
        best_estimate(row, "penetration_share"),
        f"{count(row['classified_count'])} of {count(row['post_count'])}",
    )
    sentence = (
        f"{capitalised(name)} work made up {share(shown.value)} of {view.population.posts} in "
        f"{month_name(view.month)} ({in_brackets(row, 'penetration_share', f'{posts} posts')})."
    )
    return view.book.add(
        "monthly_technology_posts", row, shown.metric, "post_count", sentence,
        about=f"{name} work", period=view.context.month, population=view.population.posts, unit="fraction",
    )  # fmt: skip


def key_number(view: MonthView, row: pd.Series, claim: Claim) -> KeyNumber:
    """The big number of one technology, from the row of its claim."""
    name = technology_name(row["technology"], row["technology_label"])
    limits = interval(claim.low, claim.high)
    return KeyNumber(
        label=f"{capitalised(name)} share of {view.population.posts}",
        value=share(claim.value),
        detail=f"{limits}; {count(row['classified_count'])} of {count(claim.n)} posts accepted, {row['correction']}",
        claim=claim,
    )


def technologies_section(view: MonthView) -> tuple[Section, list[KeyNumber]]:
    """The section and the page's key numbers; a month with too few posts gets no share sentence."""
    section = Section("technologies", "Technologies", claim_columns=3)
    section.lead = (
        f"Share of {view.population.posts} that a stored classifier accepts as work with the technology, "
        "among posts that carry one of its terms."
    )
    rows = view.technology_rows()
    current = rows[pd.to_datetime(rows["posted_month"]) == view.month]
    numbers = []
    for _, row in current[current["post_count"] >= SMALLEST_DENOMINATOR].iterrows():
        claim = share_claim(view, row)
        section.claims.append(claim)
        numbers.append(key_number(view, row, claim))
        section.claims.extend(_growth_claims(view, row["technology"]))
    if len(current) and not numbers:
        section.notes.append(f"The month's posts are too few for a share (fewer than {SMALLEST_DENOMINATOR}).")
    shown = rows[pd.to_datetime(rows["posted_month"]) <= view.month]
    if shown["penetration_share"].notna().any():
        section.figures.append(technology_share_figure(view, shown))
    if len(current):
        section.tables.append(_table(view, current))
    return section, numbers


def _growth_claims(view: MonthView, technology: str) -> list[Claim]:
    claims = []
    for comparison in ("month", "year"):
        rows = view.growth_rows("technology", comparison)
        for _, row in rows[(rows["series_id"] == technology) & ~rows["is_withheld"].astype(bool)].iterrows():
            claims.append(growth_claim(view, row, f"{technology_name(technology)} posts among {view.population.posts}"))
    return claims


def _table(view: MonthView, current: pd.DataFrame) -> Table:
    rows = []
    for _, row in current.iterrows():
        changes = []
        for comparison in ("month", "year"):
            growths = view.growth_rows("technology", comparison)
            matching = growths[growths["series_id"] == row["technology"]]
            changes.append(growth_cells(matching.iloc[0])[0] if len(matching) else "not provided")
        limits = interval(row["penetration_share_low"], row["penetration_share_high"])
        counts = [count(row[column]) for column in ("candidate_count", "classified_count", "post_count")]
        rows.append([str(row["technology_label"]), *counts, share(row["penetration_share"]), limits, *changes])
    table = Table(
        "table-technologies",
        f"Technologies in {view.population.posts}, {month_name(view.month)}",
        TABLE_COLUMNS,
        rows,
        frozenset(TABLE_COLUMNS[1:5] + TABLE_COLUMNS[6:]),
    )
    return with_corrected(table, current, "penetration_share")
