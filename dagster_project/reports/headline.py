"""Which sentence heads the report, and which ones open it as key findings."""

import pandas as pd

from dagster_project.reports.claims import Claim
from dagster_project.reports.document import Section
from dagster_project.reports.selection import SMALLEST_DENOMINATOR, MonthView
from dagster_project.reports.wording import month_name, share, technology_name

HEADLINE_TECHNOLOGY = "ai"


def headline_claims(view: MonthView, sections: list[Section]) -> tuple[Claim | None, list[Claim]]:
    """The headline from the month's AI share (None where posts are too few) and the findings.

    Findings are new claims of the same rows, so that each printed sentence has its own footnote.
    """
    rows = view.technology_rows()
    current = rows[
        (pd.to_datetime(rows["posted_month"]) == view.month)
        & (rows["technology"] == HEADLINE_TECHNOLOGY)
        & (rows["post_count"] >= SMALLEST_DENOMINATOR)
    ]
    headline = None if current.empty else _headline(view, current.iloc[0])
    return headline, _findings(view, sections)


def _headline(view: MonthView, row: pd.Series) -> Claim:
    name = technology_name(row["technology"], row["technology_label"])
    posts = f"{view.population.posts} in {month_name(view.month)}"
    sentence = f"{share(row['penetration_share'])} of {posts} asked for {name} work"
    return view.book.add(
        "monthly_technology_posts", row, "penetration_share", "post_count", sentence,
        about=f"{name} work", period=view.context.month, population=view.population.posts, unit="fraction",
    )  # fmt: skip


def _findings(view: MonthView, sections: list[Section]) -> list[Claim]:
    """The sentences that open the page: their places in the sections, in reading order."""
    taken: list[Claim] = []
    claims = {section.id: section.claims for section in sections}
    technology = claims.get("technologies", [])
    taken.extend([claim for claim in technology if claim.metric == "growth_pct"][:1])
    taken.extend([claim for claim in technology if _is_share_of_another(claim)])
    taken.extend(claims.get("categories", [])[:2])
    growth = claims.get("growth", [])
    taken.extend([claim for claim in growth if claim.key["level"] == "total"][:1])
    taken.extend([claim for claim in growth if claim.key["level"] == "sub_category"][:2])
    for section_id in ("values", "skills", "pulse"):
        taken.extend(claims.get(section_id, [])[:1])
    return [_again(view, claim) for claim in taken]


def _is_share_of_another(claim: Claim) -> bool:
    return claim.metric == "penetration_share" and claim.key["technology"] != HEADLINE_TECHNOLOGY


def _again(view: MonthView, claim: Claim) -> Claim:
    """The same sentence as a claim of its own at another place of the page."""
    copy = Claim(**{**claim.to_dict(), "id": f"c{len(view.book.claims) + 1}"})
    view.book.claims.append(copy)
    return copy
