"""The finished report as tables: its claims beside the mart rows they name, and its pages."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dagster_project.reports.claims.claims import Claim, matching_rows
from dagster_project.reports.lint.pages import lint_pages
from dagster_project.storage.workspace import ANNEXES

CLAIM_COLUMNS = [
    *("page", "sentence", "mart", "key", "metric", "value", "low", "high", "mart_row_count", "mart_value"),
]
VIOLATION_COLUMNS = ["sentence", "row", "rule"]
PAGE_COLUMNS = ["page", "text", "is_simulated"]


def report_tables(
    claims: Mapping[str, Sequence[Mapping[str, Any]]],
    marts: Mapping[str, pd.DataFrame],
    pages: Mapping[str, str],
    *,
    is_simulated: bool,
    quoted: Sequence[str] = (),
) -> dict[str, pd.DataFrame]:
    """Frames `report.claims`, `report.violations` and `report.pages` for `engine.open_source(frames=...)`.

    Args:
        claims: page without its ending (`hiring_report`) -> the entries of its claims file, see `Claim`.
        marts: mart name -> the rows that the warehouse holds now.
        pages: file name -> text, an `.html` and an `.md` for every key of `claims`.
        is_simulated: whether the feed is the simulated marketplace.
        quoted: texts with digits that the run brings and no mart holds: the feed's title, why a month was held.

    A claim whose mart, key column or metric does not exist gets mart_row_count 0, which the suite reports.
    """
    rows = [_claim_row(page, claim, marts) for page, entries in claims.items() for claim in entries]
    page_rows = [{"page": page, "text": text, "is_simulated": is_simulated} for page, text in pages.items()]
    claims_frame = pd.DataFrame(rows, columns=CLAIM_COLUMNS)
    numbers = ["value", "low", "high", "mart_value"]
    claims_frame[numbers] = claims_frame[numbers].apply(pd.to_numeric).astype(float)
    return {
        "report.claims": claims_frame,
        "report.violations": pd.DataFrame(
            _violation_rows(claims, marts, pages, quoted), columns=VIOLATION_COLUMNS, dtype="str"
        ),
        "report.pages": pd.DataFrame(page_rows, columns=PAGE_COLUMNS),
    }


def _violation_rows(
    claims: Mapping[str, Sequence[Mapping[str, Any]]],
    marts: Mapping[str, pd.DataFrame],
    pages: Mapping[str, str],
    quoted: Sequence[str],
) -> list[dict[str, str]]:
    """What the linter of sentences finds on the pages as they lie there, against the marts as they are now."""
    violations = [
        violation
        for page, entries in claims.items()
        for violation in lint_pages(
            list(map(Claim.from_dict, entries)),
            marts,
            pages[f"{page}.html"],
            pages[f"{page}.md"],
            quoted,
            cited=_cited(page, claims),
        )
    ]
    return [{"sentence": violation.sentence, "row": violation.row, "rule": violation.rule} for violation in violations]


def _cited(page: str, claims: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Claim]:
    """The claims whose evidence the page lists for another one, as an annex does."""
    return list(map(Claim.from_dict, claims.get(ANNEXES.get(page, ""), [])))


def _claim_row(page: str, claim: Mapping[str, Any], marts: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    found = matching_rows(marts.get(claim["mart"]), claim["key"])
    is_known = found is not None and claim["metric"] in found
    values = found[claim["metric"]] if found is not None and is_known else pd.Series(dtype=float)
    return {
        **{column: claim.get(column) for column in CLAIM_COLUMNS},
        "page": page,
        "key": json.dumps(claim["key"], default=str, sort_keys=True),
        "mart_row_count": len(values),
        "mart_value": values.iloc[0] if len(values) == 1 else None,
    }
