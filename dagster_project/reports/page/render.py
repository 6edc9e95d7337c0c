"""The HTML page and its Markdown twin from one page object."""

import base64
from dataclasses import dataclass
from functools import cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markdown_it import MarkdownIt
from markupsafe import Markup

from dagster_project.reports.charts.style import font_faces
from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.wording import (
    REVISED_UNITS,
    count,
    decimal_number,
    growth,
    interval,
    month_name,
    number,
    point_change,
    points,
    revision_size,
    share,
    usd,
)
from dagster_project.reports.page.document import Page
from dagster_project.storage.shown_text import display_text, markdown_text, visible_lines

FORMS = {"fraction": share, "percent": growth, "points": points, "posts": count, "usd": usd}
FORMS |= {"point_change": point_change, "categories": decimal_number, "count": count, "number": decimal_number}
FORMS |= {"rank": count} | {f"{unit}_revision": partial(revision_size, unit=unit) for unit in REVISED_UNITS}


def evidence(claim: Claim) -> str:
    """One footnote: the mart row of a claim by its key, value, interval and n."""
    key = ", ".join(f"{column} = {display_text(value)}" for column, value in claim.key.items())
    form = FORMS[claim.unit]
    limits = f", 95% interval {interval(claim.low, claim.high, form)}" if number(claim.low) is not None else ""
    return f"{claim.mart} [{key}]: {claim.metric} {form(claim.value)}{limits}; {claim.n_column} {count(claim.n)}"


def commonmark(text: str) -> Markup:
    """Markdown of people as HTML; HTML in it is shown as text, links to scripts are none, nor are pictures."""
    renderer = MarkdownIt("commonmark", {"html": False}).disable("image")  # a picture would be fetched from elsewhere
    return Markup(renderer.render(visible_lines(text)))  # noqa: S704 (escaped by the renderer)


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
        "data_uri": data_uri, "svg": Markup, "commonmark": commonmark,
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
