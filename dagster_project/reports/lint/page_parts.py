"""Whether a rendered page holds anything that its templates were not given: a hand-written number or population."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.wording import month_name
from dagster_project.reports.lint.page_text import read_page
from dagster_project.reports.lint.populations import WIDER_PEOPLE, WIDER_WORLD
from dagster_project.reports.lint.violations import Slip
from dagster_project.reports.page.display_text import display_text, markdown_text
from dagster_project.reports.page.document import Page
from dagster_project.reports.page.render import evidence

UNREAD_FIELDS = {"svg_wide", "svg_narrow", "data", "claim", "headline", "context"}
CELL = re.compile(r"(?<!\\)\|")
FOOTNOTE = re.compile(r"\[\^c\d+\]:?")
DIGITS = re.compile(r"\d")
ALL_OF_A_BLOCK = 5
"""Shorter texts (cells of a table) count only as a whole block: as a part of one they would hide any number."""


def lint_parts(page: Page, html: str, markdown: str) -> Iterator[Slip]:
    """Blocks of either page with digits or population words that neither a part of the page nor a sentence has."""
    declared = {" ".join(text.split()) for text in _texts(page)}
    blocks = [block.text for block in read_page(html).blocks]
    yield from _undeclared(blocks, declared)
    in_markdown = {markdown_text(text) for text in declared} | set(_markdown_texts(page))
    yield from _undeclared(_markdown_blocks(markdown), in_markdown)


def _texts(page: Page) -> Iterator[str]:
    yield from _strings(page)
    yield from (month_name(page.month), display_text(page.context.title), display_text(page.context.sources))
    yield from (evidence(claim) for claim in page.claims)


def _strings(part: object) -> Iterator[str]:
    """Every text of a part and the parts in it; sentences are the claims' own."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, list | tuple | frozenset):
        yield from (text for one in part for text in _strings(one))
    elif is_dataclass(part) and not isinstance(part, Claim):
        for field in fields(part):
            if field.name not in UNREAD_FIELDS:
                yield from _strings(getattr(part, field.name))


def _markdown_texts(page: Page) -> Iterator[str]:
    yield from (markdown_text(claim.sentence) for claim in page.claims)
    yield from (f"**{markdown_text(number.value)}**" for number in page.numbers)
    yield from (f"[{name}](figures/{name})" for name in page.figures)


def _markdown_blocks(markdown: str) -> Iterator[str]:
    for line in markdown.splitlines():
        cells = CELL.split(line) if line.startswith("|") else [line]
        yield from (" ".join(FOOTNOTE.sub("", cell).split()) for cell in cells)


def _undeclared(blocks: Iterator[str] | list[str], declared: set[str]) -> Iterator[Slip]:
    parts = sorted((text for text in declared if len(text) >= ALL_OF_A_BLOCK), key=len, reverse=True)
    for block in blocks:
        if block in declared or not _tells(block):
            continue
        rest = block
        for part in parts:
            rest = rest.replace(part, "·")
        if _tells(rest):
            yield Slip(
                block, "the page", f"the template wrote {_told(rest)!r}, which no row and no part of the page has"
            )


def _tells(text: str) -> bool:
    return any(pattern.search(text) for pattern in (DIGITS, WIDER_PEOPLE, WIDER_WORLD))


def _told(text: str) -> str:
    return " ".join(text.replace("·", " ").split())
