"""Makes claims from mart rows and keeps them in order."""

from dataclasses import replace

import pandas as pd

from dagster_project.reports.claims.claims import Claim, key_text, mart_keys
from dagster_project.reports.claims.sentences import opening_sentence
from dagster_project.reports.claims.wording import number
from dagster_project.reports.lint.sentences import hedges_of


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
