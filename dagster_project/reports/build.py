"""The report of one month from marts and run context: the one function that the outside calls."""

from dataclasses import dataclass

import pandas as pd

from dagster_project.reports.claims import Claim, verify_claims
from dagster_project.reports.context import RunContext
from dagster_project.reports.document import Page
from dagster_project.reports.figures import figure_files
from dagster_project.reports.headline import headline_claims
from dagster_project.reports.numbering import numbered
from dagster_project.reports.render import render_html, render_markdown
from dagster_project.reports.sections.categories import categories_section
from dagster_project.reports.sections.growth import growth_section
from dagster_project.reports.sections.methodology import methodology_section
from dagster_project.reports.sections.periods import periods_section
from dagster_project.reports.sections.pulse import pulse_section
from dagster_project.reports.sections.quality import month_notices, quality_section
from dagster_project.reports.sections.skills import skills_section
from dagster_project.reports.sections.technologies import technologies_section
from dagster_project.reports.sections.values import values_section
from dagster_project.reports.selection import MonthView


@dataclass(frozen=True)
class Report:
    """A rendered report. figures: CSV text by file name; headlines: up to five plain sentences."""

    html: str
    markdown: str
    claims: list[Claim]
    figures: dict[str, str]
    headlines: list[str]


def build_report(marts: dict[str, pd.DataFrame], context: RunContext) -> Report:
    """Render HTML and Markdown from the marts of docs/design.md; every claim is verified before it returns.

    Two builds from equal marts and context give equal bytes. Raises MartError for a missing mart or key
    column and ClaimMismatchError where a sentence and its row differ.
    """
    page = assemble(MonthView(marts, context))
    html = render_html(page)
    verify_claims(page.claims, marts, html)
    sentences = [claim.sentence for claim in ([page.headline] if page.headline else []) + page.findings]
    return Report(html, render_markdown(page), page.claims, page.figures, sentences[:5])


def assemble(view: MonthView) -> Page:
    """All sections in reading order, with the headline and the key findings taken from their claims."""
    technologies, numbers = technologies_section(view)
    sections = [
        technologies,
        categories_section(view),
        periods_section(view),
        growth_section(view),
        values_section(view),
        skills_section(view),
        pulse_section(view),
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
        figures=figure_files(present),
    )
    return numbered(page)
