"""The finished report as tables: its claims beside the mart rows they name, and its pages."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

CLAIM_COLUMNS = ["sentence", "mart", "key", "metric", "value", "low", "high", "mart_row_count", "mart_value"]


def report_tables(
    claims: Sequence[Mapping[str, Any]],
    marts: Mapping[str, pd.DataFrame],
    pages: Mapping[str, str],
    *,
    is_simulated: bool,
) -> dict[str, pd.DataFrame]:
    """Frames `report.claims` and `report.pages` for `engine.open_source(frames=...)`.

    Args:
        claims: entries of `claims.json`; each has sentence, mart, key (column -> value), metric (a column of
            the mart), value, low, high.
        marts: mart name -> the rows that the warehouse holds now.
        pages: file name -> text, for `hiring_report.html` and `hiring_report.md`.
        is_simulated: whether the feed is the simulated marketplace.

    A claim whose mart, key column or metric does not exist gets mart_row_count 0, which the suite reports.
    """
    rows = [_claim_row(claim, marts) for claim in claims]
    page_rows = [{"page": page, "text": text, "is_simulated": is_simulated} for page, text in pages.items()]
    claims_frame = pd.DataFrame(rows, columns=CLAIM_COLUMNS)
    numbers = ["value", "low", "high", "mart_value"]
    claims_frame[numbers] = claims_frame[numbers].apply(pd.to_numeric).astype(float)
    return {
        "report.claims": claims_frame,
        "report.pages": pd.DataFrame(page_rows, columns=["page", "text", "is_simulated"]),
    }


def _claim_row(claim: Mapping[str, Any], marts: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    found = _matching_rows(marts.get(claim["mart"]), claim["key"])
    is_known = found is not None and claim["metric"] in found
    values = found[claim["metric"]] if found is not None and is_known else pd.Series(dtype=float)
    return {
        **{column: claim.get(column) for column in CLAIM_COLUMNS},
        "key": json.dumps(claim["key"], default=str, sort_keys=True),
        "mart_row_count": len(values),
        "mart_value": values.iloc[0] if len(values) == 1 else None,
    }


def _matching_rows(mart: pd.DataFrame | None, key: Mapping[str, Any]) -> pd.DataFrame | None:
    if mart is None or not set(key) <= set(mart.columns):
        return None
    for column, wanted in key.items():
        mart = mart[mart[column].map(_as_text) == _as_text(wanted)]
    return mart


def _as_text(value: Any) -> str:
    # DATE columns arrive as timestamps, keys from claims.json as text: compare both as 2025-11-01.
    return value.isoformat()[:10] if isinstance(value, date) else str(value)
