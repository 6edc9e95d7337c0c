"""Lints a rendered page: every sentence with its footnote, and no finding, number or population outside of them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pandas as pd

from dagster_project.reports.claims.claims import Claim, matching_rows
from dagster_project.reports.claims.hedge_limits import FRACTION
from dagster_project.reports.claims.printed_numbers import NUMBER, printed_numbers, row_numbers
from dagster_project.reports.lint.declared_phrases import without_definitions
from dagster_project.reports.lint.page_text import Block, PageText, read_page
from dagster_project.reports.lint.populations import WIDER_PEOPLE, WIDER_WORLD
from dagster_project.reports.lint.prose import prose_slips
from dagster_project.reports.lint.row_names import words_alone
from dagster_project.reports.lint.sentences import lint_claims
from dagster_project.reports.lint.twins import twin_slips
from dagster_project.reports.lint.violations import Slip
from dagster_project.reports.page.display_text import display_text, markdown_text

FINDING = re.compile(
    r"(?<!\w)(?:(?:surged|rose|fell|soared|jumped|grew|increased|declined|dropped) (?:by|over)|"
    rf"(?:twice|[\d.]+ times) as likely|(?:the|a) majority of|"
    rf"(?:over|nearly|almost|about|roughly|around) (?:{NUMBER}(?=%)|{FRACTION}(?! the )))(?!\w)",
    re.IGNORECASE,
)
POPULATION_COLUMNS = ("population", "reference_population", "finding", "question", "series", "category")
READ_PLACES = ("template", "part")
DIGITS = re.compile(r"\d")


def lint_pages(
    claims: Sequence[Claim], marts: Mapping[str, pd.DataFrame], html: str, markdown: str, quoted: Sequence[str] = ()
) -> list[Slip]:
    """Every slip of a report: its sentences against their rows, then both pages against the sentences and each other.

    quoted: texts with digits that the run brings and no mart holds: the feed's title, why a month failed.
    """
    page = read_page(html)
    names = population_names(marts)
    return [
        *lint_claims(claims, marts),
        *_sentence_slips(claims, page),
        *(slip for block in page.blocks for slip in _block_slips(block, names)),
        *_key_number_slips(claims, marts, page),
        *_markdown_slips(claims, markdown),
        *prose_slips(page.blocks, marts, quoted),
        *twin_slips(claims, page, markdown),
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


def _sentence_slips(claims: Sequence[Claim], page: PageText) -> Iterator[Slip]:
    by_id = {claim.id: claim for claim in claims}
    for claim in claims:
        text, footnotes = page.sentences.get(claim.id, ("", []))
        row = f"{claim.mart} {claim.key}"
        if text != claim.sentence:
            yield Slip(claim.sentence, row, f"the page does not print this sentence as it was made, it has {text!r}")
        if claim.footnote not in footnotes:
            yield Slip(claim.sentence, row, "the sentence has no footnote to its row")
        if claim.footnote not in page.ids:
            yield Slip(claim.sentence, row, f"its footnote {claim.footnote} is not on the page")
    for id, (text, _) in page.sentences.items():
        if id not in by_id:
            yield Slip(text, "the page", "the sentence has no claim")


def _block_slips(block: Block, names: Iterable[str]) -> Iterator[Slip]:
    """Text that is no sentence of a claim: it may tell no finding, and the template holds no number of its own."""
    if block.place not in READ_PLACES:
        return
    text = _without(names, block.text)
    for pattern in (WIDER_PEOPLE, WIDER_WORLD):
        for found in pattern.finditer(text):
            yield Slip(block.text, "the page", f"`{found[0]}` is no population of the marts")
    told = FINDING.search(text)
    if told:
        yield Slip(block.text, "the page", f"`{told[0]}` tells a finding outside of a claim")
    if block.place == "template" and DIGITS.search(text):
        yield Slip(block.text, "the page", "a number that no claim and no part of the page has")


def _without(names: Iterable[str], text: str) -> str:
    for name in names:
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "·", text, flags=re.IGNORECASE)
    return text


def _key_number_slips(claims: Sequence[Claim], marts: Mapping[str, pd.DataFrame], page: PageText) -> Iterator[Slip]:
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
            yield Slip(text, "the page", "the key number has no footnote to a row")
            continue
        row = rows.iloc[0]
        known = row_numbers(row)
        own_words = without_definitions(words_alone(text, row), claim.metric)
        for printed in printed_numbers(own_words):
            if printed not in known:
                yield Slip(text, f"{claim.mart} {claim.key}", f"{printed} is no number of the row")


def _markdown_slips(claims: Sequence[Claim], markdown: str) -> Iterator[Slip]:
    for claim in claims:
        row = f"{claim.mart} {claim.key}"
        if f"{markdown_text(claim.sentence)}[^{claim.id}]" not in markdown:
            yield Slip(claim.sentence, row, "the Markdown page does not print this sentence with its footnote")
        if f"\n[^{claim.id}]: " not in markdown:
            yield Slip(claim.sentence, row, f"footnote {claim.id} is not in the Markdown page")
