"""One technology of the spread study: how its posts divide over the categories in each study period."""

import pandas as pd

from dagster_project.reports.charts.spread_composition import spread_figure
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.corrected import CHANGE_METRICS, displayed_rows
from dagster_project.reports.claims.wording import capitalised, technology_name
from dagster_project.reports.page.document import Section
from dagster_project.reports.page.selection import MonthView
from dagster_project.reports.sections.spread.claims import (
    MOVED,
    above_one_percent_claim,
    concentration_claim,
    largest_claim,
    share_change_claim,
    stability_claim,
)
from dagster_project.reports.sections.spread.overview import (
    CONCENTRATION,
    RANKS,
    comparison_rows,
    study_rows,
    withheld_notes,
)
from dagster_project.reports.sections.spread.tables import change_tables, share_tables

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
