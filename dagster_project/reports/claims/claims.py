"""Claims: every sentence with a number is rendered from one mart row and can be checked against it."""

import html as html_module
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import pandas as pd
from markupsafe import escape

from dagster_project.reports.claims.wording import is_missing, number

MART_KEYS = {
    "period_technology_category_shares": ["period_id", "technology", "category_id", "value_filter"],
    "period_projected_values": ["period_id", "technology", "category_id"],
    "monthly_category_growth": ["posted_month", "level", "series_id", "population", "comparison"],
    "monthly_adjusted_growth": ["posted_month", "level", "series_id", "population"],
    "monthly_technology_posts": ["posted_month", "technology", "population"],
    "monthly_ai_skills": ["posted_month", "population", "skill"],
    "pulse_answer_shares": ["wave_month", "question_id", "wording_version", "answer"],
    "period_contract_values": ["period_id", "technology", "category_id", "value_kind"],
    "monthly_contract_activity": ["started_month", "level", "series_id", "population", "measure", "comparison"],
    "monthly_search_growth": ["search_month", "series_id"],
    "quoted_constants": ["constant_id", "as_of_date"],
    "revisions": ["series_id", "value_key", "definition_version"],
    "series_revisions": ["series_id"],
    "monthly_source_rows": ["table_name", "posted_month"],
    "monthly_collection": ["posted_month"],
    "period_technology_concentration": ["period_id", "technology"],
    "period_category_ranks": ["period_id", "technology", "category_id"],
    "period_genai_groups": ["period_id", "series_id"],
    "period_unmapped_skills": ["period_id", "skill"],
    "category_ai_themes": ["period_id", "category_id", "skill"],
    "study_period_comparisons": ["technology", "base_period_id", "current_period_id", "series_id"],
    "yearly_technology_growth": ["period_id", "technology", "series_id"],
    "monthly_classifier_drift": ["posted_month", "technology"],
    "classifier_audit": ["period_id", "technology"],
    "study_sample": ["wave_month", "dimension", "level", "second_dimension", "second_level"],
    "study_answer_shares": ["wave_month", "question_id", "wording_version", "measure", "population_id"],
    "study_numeric_answers": ["wave_month", "question_id", "wording_version", "population_id", "statistic"],
    "study_group_comparisons": [
        *("wave_month", "population_id", "reference_population_id", "question_id", "wording_version", "measure"),
    ],
    "study_wave_changes": ["wave_month", "question_id", "wording_version", "measure", "population_id"],
    "pulse_answer_ranks": ["wave_month", "question_id", "wording_version", "answer"],
    "pulse_diffusion_indexes": ["wave_month", "question_id", "wording_version"],
    "pulse_wave_changes": ["wave_month", "question_id", "wording_version", "answer"],
}
CLAIM_PATTERN = re.compile(r'<span class="claim" data-claim="(c\d+)">(.*?)</span>', re.DOTALL)


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
        return cls(**{field.name: values[field.name] for field in fields(cls)})


def key_text(value: object) -> str:
    """A key value as JSON-able text; a date as YYYY-MM-DD."""
    if isinstance(value, pd.Timestamp) or hasattr(value, "isoformat"):
        return pd.Timestamp(value).strftime("%Y-%m-%d")  # type: ignore[arg-type]
    return str(value)


def verify_claims(claims: list[Claim], marts: dict[str, pd.DataFrame], html: str) -> None:
    """Check every claim against its mart row and the page; ClaimMismatchError names the first bad sentence.

    Compared: value, low, high and n with the row; the sentence with the page, both ways, so that neither an
    edited cell nor an edited page passes. What the words claim is tested by `linter.py`.
    """
    printed = {claim_id: html_module.unescape(text) for claim_id, text in CLAIM_PATTERN.findall(html)}
    for claim in claims:
        _verify_row(claim, marts)
        if printed.get(claim.id) != claim.sentence or str(escape(claim.sentence)) not in html:
            raise ClaimMismatchError(
                f"the page does not print this sentence as it was made: {claim.sentence!r}; "
                f"it has {printed.get(claim.id)!r}; build the report again"
            )
    unknown = set(printed) - {claim.id for claim in claims}
    if unknown:
        raise ClaimMismatchError(f"the page prints sentences without a claim: {printed[min(unknown)]!r}")


def _verify_row(claim: Claim, marts: dict[str, pd.DataFrame]) -> None:
    if claim.mart not in marts:
        raise ClaimMismatchError(f"no mart {claim.mart} to check this sentence: {claim.sentence!r}")
    for difference in row_differences(claim, _mart_row(claim, marts[claim.mart])):
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


def _mart_row(claim: Claim, mart: pd.DataFrame) -> pd.Series:
    rows = matching_rows(mart, claim.key)
    if rows is None or len(rows) != 1:
        found = 0 if rows is None else len(rows)
        raise ClaimMismatchError(
            f"{found} rows of {claim.mart} have the key {claim.key} of this sentence: {claim.sentence!r}"
        )
    return rows.iloc[0]


def matching_rows(mart: pd.DataFrame | None, key: Mapping[str, Any]) -> pd.DataFrame | None:
    """The rows of a mart that have the key (dates as YYYY-MM-DD); None where mart or key column does not exist."""
    if mart is None or not set(key) <= set(mart.columns):
        return None
    rows = mart
    for column, value in key.items():
        wanted = key_text(value)
        same = [cell for cell in rows[column].drop_duplicates() if key_text(cell) == wanted]
        rows = rows[rows[column].isin(same)]
    return rows


def _is_same(present: float | None, claimed: float | None) -> bool:
    if is_missing(present) or is_missing(claimed):
        return is_missing(present) and is_missing(claimed)
    return math.isclose(present, claimed, rel_tol=1e-12, abs_tol=1e-12)  # type: ignore[arg-type]
