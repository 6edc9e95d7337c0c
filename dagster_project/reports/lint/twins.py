"""Whether a page and its Markdown twin say the same: an edit of one finished file shows in the other."""

import html
import re
from collections.abc import Iterator, Sequence

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.lint.page_text import PageText
from dagster_project.reports.lint.populations import WIDER_PEOPLE, WIDER_WORLD
from dagster_project.reports.lint.violations import Slip
from dagster_project.reports.page.render import evidence

TELLING = (re.compile(r"\d"), WIDER_PEOPLE, WIDER_WORLD)
ESCAPED = re.compile(r"\\([\\`*_{}\[\]|#~$])")
FOOTNOTE = re.compile(r"\[\^c\d+\]:?")
LINK = re.compile(r"\[([^\[\]]*)\]\(figures/[^)]*\)")
CELL = re.compile(r"(?<!\\)\|")
PART_END = re.compile(r"(?<=[.;:])\s+|[()]| · ")
RULE = "{} says it and {} does not; write the report again"


def twin_slips(claims: Sequence[Claim], page: PageText, markdown: str) -> Iterator[Slip]:
    """Numbers and population words that one of the two pages has alone, cells and captions too; evidence by claim."""
    lines = [_plain(line) for line in markdown.splitlines()]
    sentences = [claim.sentence for claim in claims]
    blocks = [block for block in page.blocks if block.place != "evidence"]
    in_markdown, in_html = " ".join(lines), " ".join([*(block.text for block in page.blocks), *sentences])
    for block in blocks:
        yield from _missing(block.text, in_markdown, RULE.format("the page", "its Markdown twin"))
    for line in lines:
        yield from _missing(line, in_html, RULE.format("the Markdown page", "its HTML twin"))
    yield from _cell_slips(page, markdown)
    known = {_words(evidence(claim)) for claim in claims}
    for block in page.blocks:
        if block.place == "evidence" and _words(block.text.replace("↩", "")) not in known and _tells(block.text):
            yield Slip(block.text, "the page", "the evidence of no sentence")


def _plain(line: str) -> str:
    """A line of Markdown as the text that a reader sees; cells apart."""
    text = LINK.sub("", FOOTNOTE.sub("", CELL.sub(" ", line)))
    text = html.unescape(ESCAPED.sub(r"\1", text.replace("**", "")))
    return _words(re.sub(r"^(?:#+|-|>)\s+", "", text))


def _words(text: str) -> str:
    return " ".join(text.split())


def _tells(text: str) -> bool:
    return any(pattern.search(text) for pattern in TELLING)


def _missing(text: str, elsewhere: str, rule: str) -> Iterator[Slip]:
    for part in PART_END.split(text):
        told = part.strip().strip(".,;: ")
        if _tells(told) and told not in elsewhere:
            yield Slip(text, "the page", rule)
            return


def _cell_slips(page: PageText, markdown: str) -> Iterator[Slip]:
    """Cells with numbers, in order: a cell that changed is not found at its place in the other page."""
    in_html = [block.text for block in page.blocks if block.place == "table" and _tells(block.text)]
    rows = [line for line in markdown.splitlines() if line.startswith("|")]
    cells = [_plain(cell) for line in rows for cell in CELL.split(line)]
    in_markdown = [cell for cell in cells if _tells(cell)]
    captions = {block for block in in_html if block not in set(in_markdown)}
    for place, (one, other) in enumerate(zip((c for c in in_html if c not in captions), in_markdown, strict=False)):
        if one != other:
            yield Slip(one, f"the page, cell {place + 1} with a number", f"the Markdown twin has {other!r} there")
            return
