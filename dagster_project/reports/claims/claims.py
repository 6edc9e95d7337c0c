"""Claims: every sentence with a number is rendered from one mart row and can be checked against it."""

import html as html_module
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import escape

from dagster_project.publishing.dictionary import read_dictionary
from dagster_project.publishing.revisions.tables import REVISION_MARTS
from dagster_project.reports.claims.wording import (
    REVISED_UNITS,
    count,
    decimal_number,
    growth,
    interval,
    is_missing,
    number,
    point_change,
    points,
    revision_size,
    share,
    usd,
)
from dagster_project.storage.shown_text import display_text


@cache
def mart_keys() -> dict[str, list[str]]:
    """Key columns of everything that a sentence may be rendered from: the marts and the two tables of revisions."""
    return read_dictionary().primary_keys() | {table.name: table.primary_key for table in REVISION_MARTS}


CLAIM_PATTERN = re.compile(r'<span class="claim" data-claim="([cr]\d+)">(.*?)</span>', re.DOTALL)
TOGETHER_PATTERN = re.compile(r'<span class="together">(.*?)</span>')
"""What a line does not part within a sentence: a number and its range."""


class ClaimMismatchError(ValueError):
    """A sentence that does not say what its mart row says."""


@dataclass(frozen=True)
class Claim:
    """One sentence and the mart cell that it was rendered from.

    metric: column of the value; low and high are its `<metric>_low` and `<metric>_high` where it has them.
    slice: what the row is about in words; period: YYYY-MM or a period id; n: value of `n_column`;
    unit: fraction, percent, points, point_change, categories, count, rank, posts, usd or <unit>_revision; key: the
    columns that identify exactly one row of the mart (dates as YYYY-MM-DD); hedge: the tested words of the sentence,
    None without any.
    """

    id: str
    metric: str
    slice: str
    period: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    n_column: str
    population: str
    unit: str
    mart: str
    key: dict[str, str]
    sentence: str
    hedge: str | None = None
    setting: str = ""
    """What stands above the sentence on its page and names population or months for it."""

    @property
    def footnote(self) -> str:
        """The id of the footnote that names the claim's row."""
        return f"fn-{self.id}"

    def to_dict(self) -> dict[str, Any]:
        """The JSON-able form of claims.json."""
        return {**asdict(self), "footnote": self.footnote}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Claim":
        """The claim of an entry of claims.json."""
        return cls(**{field.name: values[field.name] for field in fields(cls) if field.name in values})


FORMS = {"fraction": share, "percent": growth, "points": points, "posts": count, "usd": usd}
FORMS |= {"point_change": point_change, "categories": decimal_number, "count": count, "number": decimal_number}
FORMS |= {"rank": count} | {f"{unit}_revision": partial(revision_size, unit=unit) for unit in REVISED_UNITS}


def evidence(claim: Claim) -> str:
    """One footnote: the mart row of a claim by its key, value, interval and n."""
    key = ", ".join(f"{column} = {display_text(value)}" for column, value in claim.key.items())
    form = FORMS[claim.unit]
    limits = f", 95% interval {interval(claim.low, claim.high, form)}" if number(claim.low) is not None else ""
    return f"{claim.mart} [{key}]: {claim.metric} {form(claim.value)}{limits}; {claim.n_column} {count(claim.n)}"


def key_text(value: object) -> str:
    """A key value as JSON-able text; a date as YYYY-MM-DD."""
    if isinstance(value, pd.Timestamp) or hasattr(value, "isoformat"):
        return pd.Timestamp(value).strftime("%Y-%m-%d")  # type: ignore[arg-type]
    return str(value)


def printed_sentences(html: str) -> dict[str, str]:
    """The sentences of a page by the id of their claim, in reading order."""
    whole = TOGETHER_PATTERN.sub(r"\1", html)
    return {claim_id: html_module.unescape(text) for claim_id, text in CLAIM_PATTERN.findall(whole)}


def verify_claims(claims: list[Claim], marts: dict[str, pd.DataFrame], html: str) -> None:
    """Check every claim against its mart row and the page; ClaimMismatchError names the first bad sentence.

    Compared: value, low, high and n with the row; the sentence with the page, both ways, so that neither an
    edited cell nor an edited page passes. What the words claim is tested by `lint/`.
    """
    html = TOGETHER_PATTERN.sub(r"\1", html)
    printed, rows = printed_sentences(html), RowsByKey(marts)
    for claim in claims:
        _verify_row(claim, marts, rows)
        if printed.get(claim.id) != claim.sentence or str(escape(claim.sentence)) not in html:
            raise ClaimMismatchError(
                f"the page does not print this sentence as it was made: {claim.sentence!r}; "
                f"it has {printed.get(claim.id)!r}; build the report again"
            )
        if str(escape(claim.setting)) not in html:
            raise ClaimMismatchError(f"the page does not print what this sentence stands under: {claim.sentence!r}")
    unknown = set(printed) - {claim.id for claim in claims}
    if unknown:
        raise ClaimMismatchError(f"the page prints sentences without a claim: {printed[min(unknown)]!r}")


def _verify_row(claim: Claim, marts: dict[str, pd.DataFrame], rows: "RowsByKey") -> None:
    if claim.mart not in marts:
        raise ClaimMismatchError(f"no mart {claim.mart} to check this sentence: {claim.sentence!r}")
    for difference in row_differences(claim, _mart_row(claim, rows)):
        raise ClaimMismatchError(f"{difference}: {claim.sentence!r}; build the report again")


def row_differences(claim: Claim, row: pd.Series) -> list[str]:
    """Cells of the claim's row that are not what the sentence was rendered from: value, limits and n."""
    columns = {claim.metric: claim.value, claim.n_column: claim.n}
    columns |= {f"{claim.metric}_low": claim.low, f"{claim.metric}_high": claim.high}
    present = {column: number(row.get(column)) for column in columns}
    return [
        f"{claim.mart}.{column} is {present[column]} and this sentence was rendered from {claimed}"
        for column, claimed in columns.items()
        if not _is_same(present[column], claimed)
    ]


def _mart_row(claim: Claim, by_key: "RowsByKey") -> pd.Series:
    rows = by_key.find(claim.mart, claim.key)
    if rows is None or len(rows) != 1:
        found = 0 if rows is None else len(rows)
        raise ClaimMismatchError(
            f"{found} rows of {claim.mart} have the key {claim.key} of this sentence: {claim.sentence!r}"
        )
    return rows.iloc[0]


def matching_rows(mart: pd.DataFrame | None, key: Mapping[str, Any]) -> pd.DataFrame | None:
    """The rows of a mart that have the key (dates as YYYY-MM-DD); None where mart or key column does not exist."""
    return RowsByKey({} if mart is None else {"": mart}).find("", key)


class RowsByKey:
    """Finds rows of marts by keys of any columns; the key columns of a mart are read once, not for each of a page's
    hundreds of sentences."""

    def __init__(self, marts: Mapping[str, pd.DataFrame]) -> None:
        self._marts = marts
        self._places: dict[tuple[str, ...], dict[tuple[str, ...], list[int]]] = {}

    def find(self, name: str, key: Mapping[str, Any]) -> pd.DataFrame | None:
        """The rows of a mart that have the key (dates as YYYY-MM-DD); None where mart or key column does not exist."""
        mart = self._marts.get(name)
        if mart is None or not set(key) <= set(mart.columns):
            return None
        if (name, *key) not in self._places:
            self._places[name, *key] = _places_by_key(mart, list(key))
        places = self._places[name, *key].get(tuple(map(key_text, key.values())), [])
        if len(places) == 1:  # as a slice, which copies no column
            return mart.iloc[places[0] : places[0] + 1]
        return mart.iloc[places]


def _places_by_key(mart: pd.DataFrame, columns: list[str]) -> dict[tuple[str, ...], list[int]]:
    texts = [np.full(len(mart), "", dtype=object)]  # a mart of one row has no key
    for column in columns:
        codes, values = pd.factorize(mart[column], use_na_sentinel=False)
        texts.append(np.array([key_text(value) for value in values], dtype=object)[codes])
    places: dict[tuple[str, ...], list[int]] = {}
    for place, key in enumerate(zip(*texts, strict=True)):
        places.setdefault(key[1:], []).append(place)
    return places


def _is_same(present: float | None, claimed: float | None) -> bool:
    if is_missing(present) or is_missing(claimed):
        return is_missing(present) and is_missing(claimed)
    return math.isclose(present, claimed, rel_tol=1e-12, abs_tol=1e-12)  # type: ignore[arg-type]
