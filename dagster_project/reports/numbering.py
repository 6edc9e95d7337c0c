"""Numbers the claims of a page in reading order, so that footnotes count up as one reads."""

from dataclasses import replace

from dagster_project.reports.claims import Claim
from dagster_project.reports.document import Page


def numbered(page: Page) -> Page:
    """The page with claims c1, c2, ... in the order headline, findings, sections."""
    head = [page.headline] if page.headline else []
    in_order = [*head, *page.findings, *(claim for section in page.sections for claim in section.claims)]
    renamed = {claim.id: replace(claim, id=f"c{place}") for place, claim in enumerate(in_order, start=1)}

    def rename(claims: list[Claim]) -> list[Claim]:
        return [renamed[claim.id] for claim in claims]

    return replace(
        page,
        headline=renamed[page.headline.id] if page.headline else None,
        findings=rename(page.findings),
        numbers=[replace(number, claim=renamed[number.claim.id]) for number in page.numbers],
        sections=[replace(section, claims=rename(section.claims)) for section in page.sections],
        claims=list(renamed.values()),
    )
