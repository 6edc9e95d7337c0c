"""A finished report: its page in two forms, its claims, the data of its figures."""

from dataclasses import dataclass

import pandas as pd

from dagster_project.reports.charts.style import with_font
from dagster_project.reports.claims.claims import Claim, verify_claims
from dagster_project.reports.lint.pages import lint_pages, lint_parts
from dagster_project.reports.lint.sentences import raise_violations
from dagster_project.reports.page.document import Page
from dagster_project.reports.page.render import render_html, render_markdown


@dataclass(frozen=True)
class Report:
    """A rendered report. figures: CSV text by file name; headlines: up to five sentences.

    drawings: SVG by its name, of a page that has an annex.
    """

    html: str
    markdown: str
    claims: list[Claim]
    figures: dict[str, str]
    headlines: list[str]
    drawings: dict[str, str]


def rendered(page: Page, marts: dict[str, pd.DataFrame]) -> Report:
    """The page as HTML and Markdown, every sentence verified against its row and linted, and the pages around them.

    Raises ClaimMismatchError that names the sentence, the row and the rule.
    """
    html, markdown = render_html(page), render_markdown(page)
    verify_claims(page.claims, marts, html)
    violations = lint_pages(page.claims, marts, html, markdown, page.context.quoted, page.cited)
    raise_violations([*violations, *lint_parts(page, html, markdown)])
    opening = page.findings or [claim for section in page.sections for claim in section.claims[:1]]
    if page.headline:  # a finding of the headline's row would tell it twice
        opening = [page.headline, *(claim for claim in opening if _row_of(claim) != _row_of(page.headline))]
    sentences = [claim.sentence for claim in opening]
    drawings = {
        f"{figure.id.removeprefix('figure-')}.svg": with_font(figure.svg_wide)
        for section in (page.sections if page.evidence_page else [])
        for figure in section.figures
    }
    return Report(html, markdown, page.claims, page.figures, sentences[:5], drawings)


def _row_of(claim: Claim) -> tuple[str, str, dict[str, str]]:
    return claim.mart, claim.metric, claim.key
