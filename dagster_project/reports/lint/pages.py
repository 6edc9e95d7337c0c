"""Whether a rendered page holds anything that its templates were not given: a hand-written number or population."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache

import pandas as pd

from dagster_project.reports.claims.claims import Claim, evidence, matching_rows
from dagster_project.reports.claims.hedges import FRACTION
from dagster_project.reports.claims.printed_numbers import NUMBER, printed_numbers, row_numbers
from dagster_project.reports.claims.wording import month_name
from dagster_project.reports.lint.prose import Block, PageText, own_lines, prose_violations, read_page
from dagster_project.reports.lint.row_names import WIDER_PEOPLE, WIDER_WORLD, words_alone
from dagster_project.reports.lint.sentences import Violation, lint_claims, without_definitions
from dagster_project.reports.page.document import Page
from dagster_project.storage.shown_text import display_text, markdown_text

UNREAD_FIELDS = {"svg_wide", "svg_narrow", "sparkline", "cited", "data", "claim", "headline", "context"}
CELL = re.compile(r"(?<!\\)\|")
FOOTNOTE = re.compile(r"\[\^[cr]\d+\]:?")
DIGITS = re.compile(r"\d")
ALL_OF_A_BLOCK = 5
"""Shorter texts (cells of a table) count only as a whole block: as a part of one they would hide any number."""


def lint_parts(page: Page, html: str, markdown: str) -> Iterator[Violation]:
    """Blocks of either page with digits or population words that neither a part of the page nor a sentence has."""
    declared = {" ".join(text.split()) for text in _texts(page)}
    blocks = [block.text for block in read_page(html).blocks]
    yield from _undeclared(blocks, declared)
    in_markdown = {markdown_text(text) for text in declared} | set(_markdown_texts(page))
    yield from _undeclared(_markdown_blocks(markdown), in_markdown)


def _texts(page: Page) -> Iterator[str]:
    yield from _strings(page)
    yield from (month_name(page.month), display_text(page.context.title), display_text(page.context.sources))
    yield from (evidence(claim) for claim in [*page.claims, *page.cited])


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
    yield from (markdown_text(evidence(claim)) for claim in page.cited)
    yield from (f"({page.evidence_page}#fn-{claim.id})" for claim in page.claims)
    yield from (f"**{markdown_text(number.value)}**" for number in page.numbers)
    yield from (f"[{name}](figures/{name})" for name in page.figures)


def _markdown_blocks(markdown: str) -> Iterator[str]:
    for line in own_lines(markdown):
        cells = CELL.split(line) if line.startswith("|") else [line]
        yield from (" ".join(FOOTNOTE.sub("", cell).split()) for cell in cells)


def _undeclared(blocks: Iterator[str] | list[str], declared: set[str]) -> Iterator[Violation]:
    parts = sorted((text for text in declared if len(text) >= ALL_OF_A_BLOCK), key=len, reverse=True)
    for block in blocks:
        if block in declared or not _tells(block):
            continue
        rest = block
        for part in parts:
            rest = rest.replace(part, "·")
        if _tells(rest):
            yield Violation(
                block, "the page", f"the template wrote {_told(rest)!r}, which no row and no part of the page has"
            )


def _tells(text: str) -> bool:
    return any(pattern.search(text) for pattern in (DIGITS, WIDER_PEOPLE, WIDER_WORLD))


def _told(text: str) -> str:
    return " ".join(text.replace("·", " ").split())


TELLING = (re.compile(r"\d"), WIDER_PEOPLE, WIDER_WORLD)
ESCAPED = re.compile(r"\\([\\`*_{}\[\]|#~$])")
LINK = re.compile(r"\[([^\[\]^]*)\]\((?:figures/|\w*annex\b)[^)]*\)")
PART_END = re.compile(r"(?<=[.;:])\s+|[()]| · ")
RULE = "{} says it and {} does not; write the report again"


def twin_violations(
    claims: Sequence[Claim], page: PageText, markdown: str, cited: Sequence[Claim] = ()
) -> Iterator[Violation]:
    """Numbers and population words that one of the two pages has alone, cells and captions too; evidence by claim."""
    lines = [_plain(line) for line in own_lines(markdown)]
    sentences = [claim.sentence for claim in claims]
    blocks = [block for block in page.blocks if block.place != "evidence"]
    in_markdown, in_html = " ".join(lines), " ".join([*(block.text for block in page.blocks), *sentences])
    for block in blocks:
        yield from _missing(block.text, in_markdown, RULE.format("the page", "its Markdown twin"))
    for line in lines:
        yield from _missing(line, in_html, RULE.format("the Markdown page", "its HTML twin"))
    yield from _cell_violations(page, markdown)
    known = {_words(evidence(claim)) for claim in [*claims, *cited]}
    for block in page.blocks:
        if block.place == "evidence" and _words(block.text.replace("↩", "")) not in known and _twin_tells(block.text):
            yield Violation(block.text, "the page", "the evidence of no sentence")


def _plain(line: str) -> str:
    """A line of Markdown as the text that a reader sees; cells apart."""
    text = LINK.sub("", FOOTNOTE.sub("", CELL.sub(" ", line)))
    text = html.unescape(ESCAPED.sub(r"\1", text.replace("**", "")))
    return _words(re.sub(r"^(?:#+|-|>)\s+", "", text))


def _words(text: str) -> str:
    return " ".join(text.split())


def _twin_tells(text: str) -> bool:
    return any(pattern.search(text) for pattern in TELLING)


def _missing(text: str, elsewhere: str, rule: str) -> Iterator[Violation]:
    for part in PART_END.split(text):
        told = part.strip().strip(".,;: ")
        if _twin_tells(told) and told not in elsewhere:
            yield Violation(text, "the page", rule)
            return


def _cell_violations(page: PageText, markdown: str) -> Iterator[Violation]:
    """Cells with numbers, in order: a cell that changed is not found at its place in the other page."""
    in_html = [block.text for block in page.blocks if block.place == "table" and _twin_tells(block.text)]
    rows = [line for line in markdown.splitlines() if line.startswith("|")]
    cells = [_plain(cell) for line in rows for cell in CELL.split(line)]
    in_markdown = [cell for cell in cells if _twin_tells(cell)]
    captions = set(in_html) - set(in_markdown)
    for place, (one, other) in enumerate(zip((c for c in in_html if c not in captions), in_markdown, strict=False)):
        if one != other:
            yield Violation(one, f"the page, cell {place + 1} with a number", f"the Markdown twin has {other!r} there")
            return


FINDING = re.compile(
    r"(?<!\w)(?:(?:surged|rose|fell|soared|jumped|grew|increased|declined|dropped) (?:by|over)|"
    rf"(?:twice|[\d.]+ times) as likely|(?:the|a) majority of|"
    rf"(?:over|nearly|almost|about|roughly|around) (?:{NUMBER}(?=%)|{FRACTION}(?! the )))(?!\w)",
    re.IGNORECASE,
)
POPULATION_COLUMNS = ("population", "reference_population", "finding", "question", "series", "category")
READ_PLACES = ("template", "part", "number")


def lint_pages(
    claims: Sequence[Claim],
    marts: Mapping[str, pd.DataFrame],
    html: str,
    markdown: str,
    quoted: Sequence[str] = (),
    cited: Sequence[Claim] = (),
) -> list[Violation]:
    """Every violation of a page: sentences against their rows, then both pages against the sentences and each other.

    quoted: texts with digits that the run brings and no mart holds: the feed's title, why a month failed.
    """
    page = read_page(html)
    names = population_names(marts)
    return [
        *lint_claims(claims, marts),
        *_sentence_violations(claims, page),
        *(violation for block in page.blocks for violation in _block_violations(block, names)),
        *_key_number_violations(claims, marts, page),
        *_markdown_violations(claims, markdown),
        *prose_violations(page.blocks, marts, quoted),
        *twin_violations(claims, page, markdown, cited),
    ]


def population_names(marts: Mapping[str, pd.DataFrame]) -> list[str]:
    """The populations, findings and questions that the marts name, longest first."""
    names = {
        display_text(value, 200)
        for mart in marts.values()
        for column in POPULATION_COLUMNS
        if column in mart
        for value in mart[column].dropna().unique()
    }
    return sorted(names - {"us", "all", ""}, key=len, reverse=True)


def _sentence_violations(claims: Sequence[Claim], page: PageText) -> Iterator[Violation]:
    by_id = {claim.id: claim for claim in claims}
    blocks = {block.text for block in page.blocks}
    for claim in claims:
        text, footnotes = page.sentences.get(claim.id, ("", []))
        row = f"{claim.mart} {claim.key}"
        if text != claim.sentence:
            yield Violation(
                claim.sentence, row, f"the page does not print this sentence as it was made, it has {text!r}"
            )
        if claim.setting and claim.setting not in blocks:
            yield Violation(claim.sentence, row, f"the page does not print what it stands under: {claim.setting}")
        if claim.footnote not in footnotes:
            yield Violation(claim.sentence, row, "the sentence has no footnote to its row")
        if claim.footnote not in page.ids | page.linked:
            yield Violation(claim.sentence, row, f"its footnote {claim.footnote} is not on the page")
    for id, (text, _) in page.sentences.items():
        if id not in by_id:
            yield Violation(text, "the page", "the sentence has no claim")


def _block_violations(block: Block, names: Iterable[str]) -> Iterator[Violation]:
    """Text that is no sentence of a claim: it may tell no finding, and the template holds no number of its own."""
    if block.place not in READ_PLACES:
        return
    text = _without(names, block.text)
    for pattern in (WIDER_PEOPLE, WIDER_WORLD):
        for found in pattern.finditer(text):
            yield Violation(block.text, "the page", f"`{found[0]}` is no population of the marts")
    told = FINDING.search(text)
    if told:
        yield Violation(block.text, "the page", f"`{told[0]}` tells a finding outside of a claim")
    if block.place == "template" and DIGITS.search(text):
        yield Violation(block.text, "the page", "a number that no claim and no part of the page has")


def _without(names: Iterable[str], text: str) -> str:
    for name in names:
        text = _as_words(name).sub("·", text)
    return text


@lru_cache(maxsize=10_000)  # a release names more populations than `re` remembers patterns
def _as_words(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)


def _key_number_violations(
    claims: Sequence[Claim], marts: Mapping[str, pd.DataFrame], page: PageText
) -> Iterator[Violation]:
    """The big numbers of the page's head: each up to its footnote, its numbers those of the footnote's row."""
    by_footnote = {claim.footnote: claim for claim in claims}
    told: list[str] = []
    for block in page.blocks:
        if block.place != "number" or not block.id:
            continue
        told.append(block.text)
        if not block.footnotes:
            continue
        text, told = ", ".join(told), []
        claim = by_footnote.get(block.footnotes[0])
        rows = None if claim is None else matching_rows(marts.get(claim.mart), claim.key)
        if claim is None or rows is None or len(rows) != 1:
            yield Violation(text, "the page", "the key number has no footnote to a row")
            continue
        row = rows.iloc[0]
        known = row_numbers(row)
        own_words = without_definitions(words_alone(text, row), claim.metric)
        for printed in printed_numbers(own_words):
            if printed not in known:
                yield Violation(text, f"{claim.mart} {claim.key}", f"{printed} is no number of the row")


def _markdown_violations(claims: Sequence[Claim], markdown: str) -> Iterator[Violation]:
    for claim in claims:
        row = f"{claim.mart} {claim.key}"
        if f"{markdown_text(claim.sentence)}[^{claim.id}]" not in markdown:
            yield Violation(claim.sentence, row, "the Markdown page does not print this sentence with its footnote")
        if f"\n[^{claim.id}]: " not in markdown:
            yield Violation(claim.sentence, row, f"footnote {claim.id} is not in the Markdown page")
