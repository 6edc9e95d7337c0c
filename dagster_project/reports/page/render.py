"""From a page object to a finished report: HTML and its Markdown twin, verified and linted, its claims and figures."""

import base64
import re
from dataclasses import dataclass
from functools import cache

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from dagster_project.reports.charts.style import font_faces, with_font
from dagster_project.reports.claims.claims import Claim, evidence, verify_claims
from dagster_project.reports.claims.wording import month_name
from dagster_project.reports.lint.pages import lint_pages, lint_parts
from dagster_project.reports.lint.sentences import raise_violations
from dagster_project.reports.page.document import Page
from dagster_project.storage.shown_text import display_text, markdown_text, visible_lines


def commonmark(text: str) -> Markup:
    """Markdown of people as HTML; HTML in it is shown as text, links to scripts are none, nor are pictures."""
    renderer = MarkdownIt("commonmark", {"html": False}).disable("image")  # a picture would be fetched from elsewhere
    return Markup(renderer.render(visible_lines(text)))  # noqa: S704 (escaped by the renderer)


_NUMBER = r"[+\u2212]?\d+(?:[,.]\d+)*"
TOGETHER = re.compile(
    rf"\(?(?:{_NUMBER}(?:%| points)? \({_NUMBER}(?:–| to ){_NUMBER}\)"
    rf"|{_NUMBER}(?:%| points)? to {_NUMBER}(?:%| points| USD)?|{_NUMBER} USD"
    r"|\d{4}-\d{4})[.,;:)]*"
)
"""What a reader takes in at once: a number with its range, a range, an amount, years; and the marks that touch it."""


def kept_together(text: str) -> Markup:
    """The text as HTML whose numbers no line's end parts from their range or their unit, nor years from each other."""
    return Markup(TOGETHER.sub(r'<span class="together">\g<0></span>', str(escape(text))))  # noqa: S704 (escaped)


def data_uri(csv: str) -> str:
    """CSV text as a link that works without any file beside the page."""
    return f"data:text/csv;charset=utf-8;base64,{base64.b64encode(csv.encode()).decode()}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("dagster_project.reports"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["font_faces"] = font_faces
    environment.filters |= {
        "md": markdown_text, "month_name": month_name, "evidence": evidence, "display": display_text,
        "data_uri": data_uri, "svg": Markup, "commonmark": commonmark, "together": kept_together,
    }  # fmt: skip
    return environment


def render_html(page: Page) -> str:
    """One self-contained page: inline style and SVG, no script, nothing loaded from elsewhere."""
    template = "bulletin.html.j2" if page.evidence_page else "annex.html.j2"
    return _environment().get_template(template).render(page=page)


@dataclass(frozen=True)
class IndexedMonth:
    """A month of the index: YYYY-MM, what its report found, (name, file) of its pages."""

    month: str
    headline: str
    pages: list[tuple[str, str]]


def render_index(title: str, months: list[IndexedMonth], *, is_simulated: bool) -> str:
    """The page that links the months together, in the order given."""
    template = _environment().get_template("index.html.j2")
    return template.render(title=title, months=months, is_simulated=is_simulated)


def render_markdown(page: Page) -> str:
    """The same content as Markdown; charts as the tables of their data."""
    return _environment().get_template("page.md.j2").render(page=page)


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
