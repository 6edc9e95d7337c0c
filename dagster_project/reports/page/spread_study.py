"""The technology-spread study: how AI, cloud and RPA posts divide over the categories, period by period."""

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.page.context import RunContext
from dagster_project.reports.page.document import Page, Section, figure_files, numbered
from dagster_project.reports.page.report import Report, rendered
from dagster_project.reports.page.selection import MonthView
from dagster_project.reports.sections.spread.claims import headline_claim
from dagster_project.reports.sections.spread.contracts import spread_contracts_section
from dagster_project.reports.sections.spread.genai import spread_genai_section
from dagster_project.reports.sections.spread.method import spread_method_section
from dagster_project.reports.sections.spread.overview import spread_overview_section, technologies_of
from dagster_project.reports.sections.spread.technology import (
    HERFINDAHL,
    NAMED_PAIRS,
    STABILITY,
    spread_technology_section,
)
from dagster_project.reports.sections.spread.themes import spread_themes_section
from dagster_project.reports.sections.spread.years import spread_years_section

TITLE = "Technology-spread study"
FINDINGS = {
    "spread-ai": (NAMED_PAIRS["ai"], HERFINDAHL),
    "spread-cloud": (NAMED_PAIRS["cloud"], STABILITY),
    "spread-rpa": (NAMED_PAIRS["rpa"], HERFINDAHL),
}
"""Section -> the series whose first change opens the page."""


def build_spread_study(marts: dict[str, pd.DataFrame], context: RunContext) -> Report:
    """Render the study from the marts of docs/tables.md; errors as for `build_annex`."""
    return rendered(assemble_study(MonthView(marts, context)), marts)


def assemble_study(view: MonthView) -> Page:
    """Overview, a section a technology, method; headline and findings are claims of the sections again."""
    overview, numbers = spread_overview_section(view)
    technologies = [spread_technology_section(view, *item) for item in technologies_of(view).items()]
    years = spread_years_section(view)
    sections = [
        overview,
        years,
        *technologies,
        spread_genai_section(view),
        spread_themes_section(view),
        spread_contracts_section(view),
        spread_method_section(),
    ]
    opening = _opening_claims(technologies)
    first = next((claim for claim in opening if claim.key["series_id"] == NAMED_PAIRS["ai"]), None)
    page = Page(
        context=view.context,
        month=view.month,
        headline=headline_claim(view, first) if first else None,
        findings=[view.book.repeat(claim) for claim in [*opening, *years.claims[-1:]]],
        numbers=numbers,
        notices=[],
        sections=sections,
        claims=view.book.claims,
        suppressed=frozenset(view.book.suppressed),
        figures=figure_files(sections),
        title=TITLE,
    )
    return numbered(page)


def _opening_claims(sections: list[Section]) -> list[Claim]:
    """The first claims of the sections on what FINDINGS names."""
    return [
        claim
        for section in sections
        for series_id in FINDINGS.get(section.id, ())
        for claim in [c for c in section.claims if c.key.get("series_id") == series_id][:1]
    ]
