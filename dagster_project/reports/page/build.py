"""The report of one month from marts and run context: the one function that the outside calls."""

import pandas as pd

from dagster_project.reports.page.context import RunContext
from dagster_project.reports.page.document import Page
from dagster_project.reports.page.figures import figure_files
from dagster_project.reports.page.headline import headline_claims
from dagster_project.reports.page.numbering import numbered
from dagster_project.reports.page.report import Report, rendered
from dagster_project.reports.page.selection import MonthView
from dagster_project.reports.sections.monthly.categories import categories_section
from dagster_project.reports.sections.monthly.contracts import contracts_section
from dagster_project.reports.sections.monthly.growth import growth_section
from dagster_project.reports.sections.monthly.methodology import methodology_section
from dagster_project.reports.sections.monthly.periods import periods_section
from dagster_project.reports.sections.monthly.pulse import pulse_section
from dagster_project.reports.sections.monthly.quality import month_notices, quality_section
from dagster_project.reports.sections.monthly.quoted import quoted_section
from dagster_project.reports.sections.monthly.revisions import revisions_section
from dagster_project.reports.sections.monthly.searches import searches_section
from dagster_project.reports.sections.monthly.skills import skills_section
from dagster_project.reports.sections.monthly.technologies import technologies_section
from dagster_project.reports.sections.monthly.values import values_section


def build_report(marts: dict[str, pd.DataFrame], context: RunContext) -> Report:
    """Render HTML and Markdown from the marts of docs/design.md; every claim is verified before it returns.

    Two builds from equal marts and context give equal bytes. Raises MartError for a missing mart or key
    column and ClaimMismatchError where a sentence and its row differ.
    """
    return rendered(assemble(MonthView(marts, context)), marts)


def assemble(view: MonthView) -> Page:
    """All sections in reading order, with the headline and the key findings taken from their claims."""
    technologies, numbers = technologies_section(view)
    sections = [
        technologies,
        categories_section(view),
        periods_section(view),
        growth_section(view),
        values_section(view),
        contracts_section(view),
        searches_section(view),
        skills_section(view),
        pulse_section(view),
        quoted_section(view),
        revisions_section(view),
        quality_section(view),
        methodology_section(view),
    ]
    present = [section for section in sections if section is not None]
    headline, findings = headline_claims(view, present)
    page = Page(
        context=view.context,
        month=view.month,
        headline=headline,
        findings=findings,
        numbers=numbers,
        notices=month_notices(view),
        sections=present,
        claims=view.book.claims,
        untold=frozenset(view.book.untold),
        figures=figure_files(present),
    )
    return numbered(page)
