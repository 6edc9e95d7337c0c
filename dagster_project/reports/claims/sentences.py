"""Sentences of the key findings: a number told by a tested hedge, the exact value in brackets behind it."""

import re

from dagster_project.reports.claims.claims import Claim
from dagster_project.reports.claims.hedges import hedged_growth, hedged_points, hedged_share
from dagster_project.reports.claims.wording import (
    capitalised,
    growth,
    point_change,
    share,
)

SMALLEST_HEDGED, LARGEST_HEDGED = 0.10, 0.975
SIGNS = "+\u2212"


def hedged_number(claim: Claim) -> tuple[str, str] | None:
    """(as the sentence prints it, by a hedge that passes its test); None where the plain number is better.

    A share under a tenth or close to all, and a change that carries no verdict (`by 4.7%` follows one), stay plain.
    """
    if claim.value is None:
        return None
    if claim.unit == "fraction" and SMALLEST_HEDGED <= claim.value <= LARGEST_HEDGED:
        return share(claim.value), hedged_share(claim.value)
    if claim.unit == "percent":
        return f"by {growth(claim.value).lstrip(SIGNS)}", f"by {hedged_growth(claim.value)}"
    if claim.unit == "point_change":
        return f"by {point_change(claim.value).lstrip(SIGNS)}", f"by {hedged_points(claim.value)}"
    return None


def opening_sentence(claim: Claim) -> tuple[str, str | None]:
    """The sentence of a key finding and the hedge that it gained: `Nearly half (48.7%) of ...`, `nearly half`."""
    both = hedged_number(claim)
    if both is None:
        return claim.sentence, None
    plain, hedged = both
    found = re.search(rf"(?<![\w.,+{SIGNS}]){re.escape(plain)}(?!\w)", claim.sentence)
    exact = plain.removeprefix("by ")
    if found is None or hedged == plain or _digits(hedged) == float(re.sub(r"[^\d.]", "", exact)):
        return claim.sentence, None
    sentence = f"{claim.sentence[: found.start()]}{hedged} ({exact}){claim.sentence[found.end() :]}"
    return capitalised(sentence), hedged.removeprefix("by ")


def _digits(text: str) -> float | None:
    found = re.search(r"[\d,]*\d(?:\.\d+)?", text)
    return float(found[0].replace(",", "")) if found else None
