"""Which values of the headline series the reports of earlier releases printed, from their claims."""

import json
from pathlib import Path
from typing import Any

from dagster_project.publishing.release.catalog import REPORT_DIRECTORY, Release
from dagster_project.publishing.revisions.headline_series import HeadlineSeries


def printed_values(releases: list[Release], series: list[HeadlineSeries]) -> set[tuple[str, str]]:
    """(series_id, value_key) of every value that a sentence of an earlier report says, as its value or as its n."""
    files = [file for one in releases for file in (one.path / REPORT_DIRECTORY).glob("*claims.json")]
    return {
        (one.id, _value_key(one, claim["key"]))
        for file in files
        for claim in _claims(file)
        for one in series
        if _is_of(claim, one)
    }


def _claims(file: Path) -> list[dict[str, Any]]:
    claims: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return [claim for claim in claims if isinstance(claim, dict)]


def _is_of(claim: dict[str, Any], series: HeadlineSeries) -> bool:
    has_value = claim["mart"] == series.mart and series.value in (claim["metric"], claim["n_column"])
    return has_value and all(claim["key"].get(column) == value for column, value in series.rows.items())


def _value_key(series: HeadlineSeries, key: dict[str, str]) -> str:
    return "; ".join(f"{column}={key[column]}" for column in series.key)
