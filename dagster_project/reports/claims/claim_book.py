"""Makes claims from mart rows and keeps them in order; a key finding opens with a hedge that is tested."""

import re
from dataclasses import replace

import pandas as pd

from dagster_project.reports.claims.claims import Claim, key_text, mart_keys
from dagster_project.reports.claims.hedges import hedged_growth, hedged_points, hedged_share
from dagster_project.reports.claims.wording import capitalised, growth, number, point_change, share
from dagster_project.reports.lint.sentences import hedges_of

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


class ClaimBook:
    """Collects the claims of one report in reading order and numbers them c1, c2, ...

    suppressed: ids of claims whose row is suppressed; the page leaves them out.
    """

    def __init__(self) -> None:
        self.claims: list[Claim] = []
        self.suppressed: set[str] = set()

    def add(
        self,
        mart: str,
        row: pd.Series,
        metric: str,
        n_column: str,
        sentence: str,
        *,
        about: str,
        period: str,
        population: str,
        unit: str,
        setting: str = "",
    ) -> Claim:
        """Make the claim of one mart row; raises KeyError where the row lacks a column of its mart."""
        n = number(row[n_column])
        claim = Claim(
            id=f"c{len(self.claims) + 1}",
            metric=metric,
            slice=about,
            period=period,
            value=number(row[metric]),
            low=number(row.get(f"{metric}_low")),
            high=number(row.get(f"{metric}_high")),
            n=None if n is None else int(n),
            n_column=n_column,
            population=population,
            unit=unit,
            mart=mart,
            key={column: key_text(row[column]) for column in mart_keys()[mart]},
            sentence=sentence,
            hedge=hedges_of(sentence, row, metric),
            setting=setting,
        )
        self.claims.append(claim)
        if row.get("is_suppressed") is not None and bool(row["is_suppressed"]):
            self.suppressed.add(claim.id)
        return claim

    def repeat_as(self, claim: Claim, sentence: str) -> Claim:
        """The same finding in other words, as a claim of its own that stands under nothing."""
        copy = replace(claim, id=f"c{len(self.claims) + 1}", sentence=sentence, setting="")
        self.claims.append(copy)
        return copy

    def repeat(self, claim: Claim) -> Claim:
        """The same finding as a claim of its own that opens the page, its number by a tested hedge where one holds."""
        sentence, hedge = opening_sentence(claim)
        hedges = "; ".join(words for words in (hedge, claim.hedge) if words) or None
        copy = replace(claim, id=f"c{len(self.claims) + 1}", sentence=sentence, hedge=hedges)
        self.claims.append(copy)
        if claim.id in self.suppressed:
            self.suppressed.add(copy.id)
        return copy
