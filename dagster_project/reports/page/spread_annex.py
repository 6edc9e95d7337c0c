"""The annex of the technology-spread study: every table, all periods, definitions, and the rows behind its page."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.page.context import RunContext
from dagster_project.reports.page.document import Page, numbered
from dagster_project.reports.page.report import Report, rendered
from dagster_project.reports.page.selection import MonthView
from dagster_project.reports.sections.spread.contracts import spread_contracts_section
from dagster_project.reports.sections.spread.genai import spread_genai_section
from dagster_project.reports.sections.spread.method import spread_method_section
from dagster_project.reports.sections.spread.overview import spread_overview_section, technologies_of
from dagster_project.reports.sections.spread.technology import spread_technology_section
from dagster_project.reports.sections.spread.themes import spread_themes_section
from dagster_project.reports.sections.spread.years import spread_years_section

TITLE = "Annex of the technology-spread study"


def build_spread_annex(marts: dict[str, pd.DataFrame], context: RunContext, cited: Sequence[Claim] = ()) -> Report:
    """Render the annex from the marts of docs/tables.md; errors as for `build_annex`."""
    page = assemble_spread_annex(MonthView(marts, context))
    return rendered(replace(page, cited=list(cited)), marts)


def assemble_spread_annex(view: MonthView) -> Page:
    """Overview, years, a section a technology, skills, contracts, method."""
    technologies = [spread_technology_section(view, *item) for item in technologies_of(view).items()]
    sections = [
        spread_overview_section(view),
        spread_years_section(view),
        *technologies,
        spread_genai_section(view),
        spread_themes_section(view),
        spread_contracts_section(view),
        spread_method_section(),
    ]
    page = Page(
        context=view.context,
        month=view.month,
        sections=sections,
        suppressed=frozenset(view.book.suppressed),
        title=TITLE,
    )
    return numbered(page)
