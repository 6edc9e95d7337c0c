"""Values that attack who looks at them, wherever a page, its Markdown twin or a spreadsheet shows them."""

import csv
import io
import re
from html.parser import HTMLParser

import pandas as pd
import pytest
from markdown_it import MarkdownIt

from dagster_project.reports.page.annex import build_annex
from dagster_project.reports.page.bulletin import build_bulletin
from dagster_project.reports.page.render import Report
from dagster_project.reports.page.selection import RunContext
from tests.support.hostile import HOSTILE, STARTS

Marts = dict[str, pd.DataFrame]
GIVEN = {
    "monthly_ai_skills": ["skill"],
    "trailing_ai_skills": ["skill"],
    "category_ai_themes": ["skill"],
    "period_unmapped_skills": ["skill"],
    "quoted_constants": ["constant_id", "unit", "source"],
    "pulse_answer_shares": ["question", "answer", "question_id"],
    "pulse_answer_ranks": ["question", "answer", "question_id"],
}
"""Columns of marts whose text comes from a feed, or may: the others hold words of the vocabularies."""


class Shown(HTMLParser):
    """Elements that run or fetch something, handlers, and where links and pictures lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.running: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.running += [tag] if tag in {"script", "iframe", "object", "embed", "base", "form"} else []
        self.running += [name for name, _ in attrs if name.startswith("on")]
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.fetched += [value or "" for name, value in attrs if name in {"src", "srcset", "data", "xlink:href"}]


@pytest.fixture(scope="module", params=STARTS)
def pages(request: pytest.FixtureRequest, _marts: Marts) -> list[Report]:
    """Bulletin and annex of marts in which everything that a feed gives is hostile, each value still its own."""
    from tests.support.plain_drawings import plain_drawings
    from tests.support.sample_marts import sample_context

    hostile = f"{request.param}{HOSTILE}"
    marts = {name: frame.copy() for name, frame in _marts.items()}
    for mart, columns in GIVEN.items():
        for column in set(columns) & set(marts[mart].columns):
            marts[mart][column] = hostile + " " + marts[mart][column].astype(str)
    context: RunContext = sample_context(
        title=hostile,
        sources=hostile,
        failed_months={"2025-11": hostile},
        held_parts=[hostile],
        mapping={"job_posts": {"post_id": hostile}},
        commentary=hostile,
    )
    with plain_drawings():
        bulletin = build_bulletin(marts, context)
        return [bulletin, build_annex(marts, context, bulletin.claims)]


def test_pages_run_and_fetch_nothing_of_it(pages: list[Report]) -> None:
    for report in pages:
        shown = Shown(report.html)
        assert "<script" not in report.html and shown.running == []
        assert not [link for link in shown.links if re.match(r"\s*javascript:", link)]
        assert not [place for place in shown.fetched if not place.startswith("data:")]
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", report.html)


def test_the_markdown_twin_renders_it_as_text_even_where_html_is_allowed(pages: list[Report]) -> None:
    for report in pages:
        shown = Shown(MarkdownIt("commonmark", {"html": True}).enable("table").render(report.markdown))
        assert shown.running == []
        assert not [link for link in shown.links if re.match(r"\s*(javascript|https?):", link)]
        assert not [place for place in shown.fetched if "example.invalid" in place]
        assert "\x1b" not in report.markdown


def test_the_data_behind_charts_start_no_formula(pages: list[Report]) -> None:
    cells = [
        cell
        for report in pages
        for text in report.figures.values()
        for row in csv.reader(io.StringIO(text))
        for cell in row
        if not re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell)
    ]
    assert any(HOSTILE[:20] in cell for cell in cells), (
        "no hostile value reached a figure: the test would check nothing"
    )
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]


def test_hostile_values_reach_the_pages(pages: list[Report]) -> None:
    assert all("alert(document)" in report.html for report in pages), "the test would check nothing"
