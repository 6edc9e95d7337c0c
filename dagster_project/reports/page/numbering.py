"""Numbers the claims that a page tells in reading order, so that footnotes count up as one reads."""

from dataclasses import replace

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.page.document import Page


def numbered(page: Page) -> Page:
    """The page with claims c1, c2, ... in the order headline, findings, sections; untold ones are gone."""
    headline = None if page.headline is None or page.headline.id in page.untold else page.headline
    head = [headline] if headline else []
    written = [*head, *page.findings, *(claim for section in page.sections for claim in section.claims)]
    in_order = [claim for claim in written if claim.id not in page.untold]
    renamed = {claim.id: replace(claim, id=f"c{place}") for place, claim in enumerate(in_order, start=1)}

    def rename(claims: list[Claim]) -> list[Claim]:
        return [renamed[claim.id] for claim in claims if claim.id in renamed]

    return replace(
        page,
        headline=renamed[headline.id] if headline else None,
        findings=rename(page.findings),
        numbers=[replace(one, claim=renamed[one.claim.id]) for one in page.numbers if one.claim.id in renamed],
        sections=[replace(section, claims=rename(section.claims)) for section in page.sections],
        claims=list(renamed.values()),
    )
