"""Lints sentences against their rows: hedge words, populations, numbers; a violation stops the run.

`docs/claims.md` says how to add a sentence and a word.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from dagster_project.reports.claims.claims import Claim, ClaimMismatchError, RowsByKey, key_text, row_differences
from dagster_project.reports.claims.hedges import (
    BARE_FRACTION,
    GROWTH,
    HEDGED,
    HEDGES,
    RULES,
    SHARE,
    UNTESTED,
    hedged_numbers,
    is_hedge_true,
    round_number,
)
from dagster_project.reports.claims.printed_numbers import TOLD, Printed, printed_numbers, row_numbers, told_ranges
from dagster_project.reports.claims.wording import is_missing
from dagster_project.reports.lint.row_names import population_violations, words_alone
from dagster_project.statistics.spread.stability import SMALLEST_PERIOD


@dataclass(frozen=True)
class Violation:
    """A sentence that breaks a rule. row: `mart [key]`, or the page where no row belongs to the sentence."""

    sentence: str
    row: str
    rule: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.sentence!r} ({self.row})"


class UntrueSentenceError(ClaimMismatchError):
    """A page with a sentence that its row does not bear."""


def raise_violations(violations: Iterable[Violation]) -> None:
    """Raise UntrueSentenceError with every violation, one a line; nothing where there is none."""
    told = list(map(str, violations))
    if told:
        raise UntrueSentenceError("\n".join(told))


DECLARED_PHRASES = (
    (r"95% intervals?", ".*"),
    (r"(?:above|more than) 1,000 USD", "high_value_share"),
    (r"worth at least 1,000 USD", "composition_share"),
    (r"more than 1% of", "categories_above_one_percent"),
    (r"one-sided test at 5%", "difference_points"),
    (rf"under {SMALLEST_PERIOD}\b", "difference_points"),
    (r"over 3 months", "three_month_growth_pct"),
    (r"over 2 months", "two_month_growth_pct"),
    (r"the lowest and highest 1% of answers", "estimate"),
    (r"at 50 as many", "diffusion_index"),
    (r"Up to(?= [\d.]+ points of)", "possible_share_points"),
)
"""(phrase, metric): numbers of a definition rather than of a row, each allowed in the sentences of its metric alone."""


def without_definitions(text: str, metric: str) -> str:
    """The text without the numbers that belong to a definition and not to a row."""
    for phrase, metrics in DECLARED_PHRASES:
        if re.fullmatch(f"(?:corrected_)?(?:{metrics})", metric):
            text = re.sub(phrase, "·", text)
    return text


SHARE_UNITS = ("fraction", "points", "point_change", "number")


def lint_claims(claims: Iterable[Claim], marts: Mapping[str, pd.DataFrame]) -> list[Violation]:
    """The violations of all sentences in reading order; marts: as the warehouse has them now."""
    by_key = RowsByKey(marts)
    return [violation for claim in claims for violation in _claim_violations(claim, marts, by_key)]


def _claim_violations(claim: Claim, marts: Mapping[str, pd.DataFrame], by_key: RowsByKey) -> Iterator[Violation]:
    key = ", ".join(f"{column} = {value}" for column, value in claim.key.items())
    rows = by_key.find(claim.mart, claim.key)
    if rows is None or len(rows) != 1:
        found = 0 if rows is None else len(rows)
        yield Violation(claim.sentence, f"{claim.mart} [{key}]", f"{found} rows have the key of the sentence")
        return
    row = rows.iloc[0]
    for rule in [*row_differences(claim, row), *lint_sentence(claim, row, marts)]:
        yield Violation(claim.sentence, f"{claim.mart} [{key}]", rule)


def lint_sentence(claim: Claim, row: pd.Series, marts: Mapping[str, pd.DataFrame]) -> list[str]:
    """The rules that one sentence breaks, given its row."""
    own_words = without_definitions(words_alone(claim.sentence, row), claim.metric)
    return [
        *_hedged_number_violations(claim, row, own_words),
        *_word_violations(claim, row, own_words),
        *population_violations(claim, row, own_words),
        *_number_violations(row, own_words),
        *_base_violations(claim, row, marts),
    ]


def hedges_of(sentence: str, row: pd.Series, metric: str) -> str | None:
    """The hedge words of a sentence, joined by `; `, or None."""
    own_words = without_definitions(words_alone(sentence, row), metric)
    found = [hedged.text for hedged in hedged_numbers(own_words)]
    found += [match[0] for hedge in HEDGES for match in hedge.pattern.finditer(own_words)]
    return "; ".join(word.strip() for word in found) or None


def _hedged_number_violations(claim: Claim, row: pd.Series, own_words: str) -> Iterator[str]:
    kind = SHARE if claim.unit in SHARE_UNITS else GROWTH
    shown = None if claim.value is None else abs(claim.value) * (100 if claim.unit == "fraction" else 1)
    for hedged in hedged_numbers(own_words):
        if shown is None or not is_hedge_true(kind, hedged.hedge, hedged.round_number, shown):
            yield f"`{hedged.text}` is not true of {claim.metric} {shown:.4g} ({kind}: {RULES[kind, hedged.hedge]})"
    if row.get("statistic") == "median":
        return
    for found in BARE_FRACTION.finditer(HEDGED.sub("·", own_words)):
        value = round_number(None, found["fraction"])
        if claim.unit != "fraction" or shown is None or not is_hedge_true(SHARE, "about", value, shown):
            yield f"`{found[0]}` is not true of {claim.metric} (share: {RULES[SHARE, 'about']})"


def _word_violations(claim: Claim, row: pd.Series, own_words: str) -> Iterator[str]:
    for hedge in HEDGES:
        for found in hedge.pattern.finditer(own_words):
            if not hedge.is_true(claim, row, found):
                yield f"`{found[0].strip()}` is not true of the row ({hedge.kind}: {hedge.rule}){_state(row)}"
    for found in UNTESTED.finditer(own_words):
        yield f"`{found[0]}` has no test in the table of words; use one that has"
    is_odds = "odds" in claim.metric or "odds ratio" in own_words
    if is_odds and re.search(r"(?:times|twice) as (?:likely|often)", own_words):
        yield "an odds ratio is told as `times as likely`; take the risk ratio"


def _state(row: pd.Series) -> str:
    """What the row says instead of the word."""
    said = [f"{column} is {row[column]}" for column in ("verdict", "trend") if not is_missing(row.get(column))]
    return f"; {', '.join(said)}" if said else ""


def _number_violations(row: pd.Series, own_words: str) -> Iterator[str]:
    ranges = told_ranges(row)
    for told in TOLD.finditer(own_words):
        if told[0] not in ranges:
            yield f"`{told[0]}` is no number of the row with its range as a page tells them: smaller limit first"
    rest = HEDGED.sub("·", TOLD.sub("·", own_words))
    known = row_numbers(row)
    for printed in printed_numbers(rest):
        if printed not in known:
            yield _unknown_number(printed, known)
    loose = re.search(r"[^\W\d]+\d+\w*", rest)
    if loose:
        yield f"{loose[0]!r} holds digits that are no number of the row"


def _unknown_number(printed: Printed, known: set[Printed]) -> str:
    units = {one.unit for one in known if one.digits == printed.digits}
    if printed.unit == "%" and "points" in units:
        return f"{printed} is given in percent and is a difference in points"
    if printed.unit == "points" and "%" in units:
        return f"{printed} is given in points and is a percentage"
    return f"{printed} is no number of the row"


def _base_violations(claim: Claim, row: pd.Series, marts: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """A growth is printed only from a complete base to a complete month."""
    if not claim.metric.endswith("growth_pct"):
        return
    if bool(row.get("is_withheld", False)):
        yield f"the growth of this row is withheld: {row.get('withheld_reason')}"
    collected = marts.get("monthly_collection")
    if collected is None or "posted_month" not in row:
        return
    months = {key_text(row[column]) for column in ("posted_month", "base_month") if not is_missing(row.get(column))}
    for _, month in collected[collected["posted_month"].map(key_text).isin(months)].iterrows():
        if month["status"] != "complete":
            yield f"growth with an incomplete month: {key_text(month['posted_month'])} is {month['status']}"
