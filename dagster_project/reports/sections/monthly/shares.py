"""How much of the month's posts asks for AI, cloud or RPA work, and where it sits: composition and penetration."""

import pandas as pd

from dagster_project.reports.charts.shares import category_share_figure, technology_share_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import (
    SAMPLE_COLUMN,
    best_estimate,
    corrected_cells,
    correction_by_period,
    correction_note,
    in_brackets,
    is_corrected,
    sample_cell,
    with_corrected,
)
from dagster_project.reports.claims.wording import capitalised, count, interval, month_name, share, technology_name
from dagster_project.reports.page.document import KeyNumber, Section, Table
from dagster_project.reports.page.selection import SMALLEST_DENOMINATOR, MonthView
from dagster_project.reports.sections.monthly.growth import growth_cells, growth_claim

TECHNOLOGY_COLUMNS = ["Technology", "Keyword candidates", "Classified posts", "All posts", "Share of posts",
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
        section.tables.append(_technology_table(view, current))
    return section, numbers


def _growth_claims(view: MonthView, technology: str) -> list[Claim]:
    claims = []
    for comparison in ("month", "year"):
        rows = view.growth_rows("technology", comparison)
        for _, row in rows[(rows["series_id"] == technology) & ~rows["is_withheld"].astype(bool)].iterrows():
            claims.append(growth_claim(view, row, f"{technology_name(technology)} posts among {view.population.posts}"))
    return claims


def _technology_table(view: MonthView, current: pd.DataFrame) -> Table:
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
        TECHNOLOGY_COLUMNS,
        rows,
        frozenset(TECHNOLOGY_COLUMNS[1:5] + TECHNOLOGY_COLUMNS[6:]),
    )
    return with_corrected(table, current, "penetration_share")


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
    return Table(
        "table-periods", caption, ["Category", *labels], list(cells.values()), note=correction_by_period(periods)
    )


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
        return section.not_provided(
            "Categories", "The feed has no category, so posts cannot be divided over categories."
        )
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
    section.tables.append(_category_table(view, technology, name, rows))


def _category_table(view: MonthView, technology: str, name: str, rows: pd.DataFrame) -> Table:
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
