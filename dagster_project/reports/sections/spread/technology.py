"""The annex's sections of the spread study: a technology over categories and years, contracts, and the method."""

import pandas as pd

from dagster_project.reports.charts.composition import spread_figure
from dagster_project.reports.charts.values import high_value_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import CHANGE_METRICS, displayed_rows, is_corrected
from dagster_project.reports.claims.wording import capitalised, count, direction, growth, interval, technology_name
from dagster_project.reports.page.document import Section, Table
from dagster_project.reports.page.selection import MonthView
from dagster_project.reports.sections.monthly.growth import WITHHELD
from dagster_project.reports.sections.monthly.values import (
    HEADLINE_KIND,
    TECHNOLOGIES,
    add_contract_values,
    complete_study_periods,
)
from dagster_project.reports.sections.spread.claims import (
    above_one_percent_claim,
    change_tables,
    concentration_claim,
    largest_claim,
    share_change_claim,
    share_tables,
    stability_claim,
)
from dagster_project.reports.sections.spread.overview import (
    CONCENTRATION,
    MOVED,
    RANKS,
    comparison_rows,
    study_rows,
    withheld_notes,
)
from dagster_project.statistics.growth.raw import SMALLEST_BASE
from dagster_project.statistics.growth.verdicts import NO_CHANGE
from dagster_project.statistics.registry import REGISTRY

NAMED_PAIRS = {"ai": "data_science_and_web", "cloud": "it_and_web", "rpa": "data_science_and_web"}
NAMED_MOVERS = 4
STABILITY, HERFINDAHL = "composition", "herfindahl"


def spread_technology_section(view: MonthView, technology: str, label: str) -> Section:
    """Claims, one chart a study period, and the tables of shares, ranks and changes."""
    name = technology_name(technology, label)
    section = Section(f"spread-{technology}", f"{capitalised(name)} posts by category", claim_columns=2)
    section.lead = (
        f"How the {name} posts of each study period divide over the twelve categories. All posts of the feed."
    )
    section.notes.extend(withheld_notes(view, technology, capitalised(name)))
    naive = study_rows(view, RANKS, technology)
    if naive.empty:
        return section
    ranks = displayed_rows(naive, "category_rank")
    section.claims.extend(_period_claims(view, technology, name))
    section.figures.append(spread_figure(technology, name, ranks))
    section.tables.extend(share_tables(technology, name, ranks, naive))
    comparisons = comparison_rows(view, technology)
    for _, step in comparisons.groupby("current_period_start", sort=True):
        displayed = displayed_rows(step, *CHANGE_METRICS)
        section.claims.extend(_step_claims(view, technology, name, displayed))
        section.tables.extend(change_tables(technology, name, displayed, step))
    section.notes.extend(_incomplete_notes(ranks))
    return section


def _period_claims(view: MonthView, technology: str, name: str) -> list[Claim]:
    """Of each period its largest category, and how many categories hold more than 1 %."""
    claims = []
    ranks = displayed_rows(study_rows(view, RANKS, technology), "category_rank")
    for _, row in ranks[ranks["category_rank"] == 1].drop_duplicates("period_id").iterrows():
        claims.append(largest_claim(view, name, row))
    for _, row in displayed_rows(study_rows(view, CONCENTRATION, technology), "herfindahl").head(1).iterrows():
        claims.append(above_one_percent_claim(view, name, row))
    return claims


def _step_claims(view: MonthView, technology: str, name: str, step: pd.DataFrame) -> list[Claim]:
    """The named pair, the categories that changed, the concentration and the stability of one step in time."""
    by_id = {str(row["series_id"]): row for _, row in step.iterrows()}
    movers = step[(step["series_kind"] == "category") & step["verdict"].isin(MOVED)]
    movers = movers.sort_values("difference_points", key=lambda points: -points.abs(), kind="stable")
    rows = [by_id[NAMED_PAIRS[technology]]] if technology in NAMED_PAIRS else []
    rows += [row for _, row in movers.head(NAMED_MOVERS).iterrows()]
    claims = [share_change_claim(view, name, row) for row in rows]
    return [
        *claims,
        concentration_claim(view, name, by_id[HERFINDAHL]),
        stability_claim(view, name, by_id[STABILITY]),
    ]


def _incomplete_notes(ranks: pd.DataFrame) -> list[str]:
    labels = ranks[~ranks["is_complete_period"].astype(bool)]["period_label"].unique()
    return [f"Not every month of {', '.join(map(str, labels))} is in the feed as a whole."] if len(labels) else []


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


FEWEST_CATEGORIES = 2


def spread_contracts_section(view: MonthView) -> Section:
    """Claims, one chart and the tables; a notice where the feed has no contracts."""
    section = Section("contracts", "What contracts were worth", claim_columns=2)
    if not view.context.provides("contracts"):
        return section.not_provided("Contracts", "The feed has no contracts, so nothing is said of what was paid.")
    section.lead = (
        "Value of a contract: what was paid when it is closed; while it is open, the larger of what was paid so far "
        "and what its post projects, where both are known. High value: above 1,000 USD. By date of start."
    )
    periods = complete_study_periods(view)
    if not periods:
        section.notes.append("No complete study period has contracts.")
        return section
    add_contract_values(view, section, periods[-1])
    _add_chart(view, section, periods[-1])
    return section


def _add_chart(view: MonthView, section: Section, period_id: str) -> None:
    rows = view.marts["period_contract_values"]
    is_charted = (rows["period_id"] == period_id) & (rows["category_id"] != "all")
    rows = rows[is_charted & rows["technology"].isin(TECHNOLOGIES)]
    is_ai = (rows["technology"] == "ai") & (rows["value_kind"] == HEADLINE_KIND)
    enough = rows[is_ai & (rows["valued_count"] >= SMALLEST_BASE)]["category"]
    if len(enough) < FEWEST_CATEGORIES:
        few = f"fewer than {SMALLEST_BASE} contracts of known value in most categories"
        section.notes.append(f"The contracts are too few for a chart: {few}.")
        return
    charted = rows[rows["category"].isin(enough)]
    section.figures.append(high_value_figure(charted, str(charted["period_label"].iloc[0])))


STATISTICS = (
    *("period_shares", "technology_concentration", "category_ranks", "study_period_comparisons"),
    *("genai_group_shares", "category_themes"),
)


def spread_method_section() -> Section:
    """Definition and method of every statistic of the page, and its limits."""
    section = Section("spread-method", "Method")
    section.lead = "Every number is computed from counts of classified posts by period, category and client group."
    for id in STATISTICS:
        statistic = REGISTRY[id]
        section.notes.append(f"{statistic.definition} Method: {statistic.method}. Library: {statistic.library}.")
    section.notes += [
        "Posts of one client are one cluster: clients are hashed into 50 groups, and leaving out one group at a time "
        "shows how far a number depends on the clients that happened to post (Kott 2001).",
        "Stable: the upper limit of the share of posts that would have to change category is at most 10 points, with "
        "at least 600 posts in each period. The measured distance is reduced by the part that its own noise makes.",
        "Shares are of posts that a stored classifier accepts. Where an audit sample covers the period, its errors "
        "are added to the posts of their client group, so the intervals hold the sampling of clients and that of the "
        "audit; errors that the sample did not find widen them, each kind in the category that moves the number most. "
        "The words are then those of the corrected numbers, and the classifier's own stand beside them.",
    ]
    return section
