"""The headline series that are followed from release to release: one registry, and the values that each release has.

`definition_version` is raised by whoever changes what a series means; values of different versions are never compared.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from dagster_project.publishing.catalog import REPORT_DIRECTORY, Release, ReleaseError
from dagster_project.storage.sql import identifier, literal, parquet_file

POSTS = "case population when 'us' then ', US posts' else ', all posts' end"
CONTRACTS = (
    "case technology when 'any' then 'All contracts' when 'non_ai' then 'Contracts of posts that are not AI' "
    "when 'cloud' then 'Cloud contracts' else upper(technology) || ' contracts' end"
)
MONTH = "strftime({column}, '%Y-%m')"


@dataclass(frozen=True)
class HeadlineSeries:
    """Values of one column of a mart.

    key: the mart's key columns without `version_columns`; rows: column -> the only value counted. label and period_end
    are SQL over the mart's columns: what a value is of, and the last day of its period. version_columns: columns that
    say how the value was defined or worded. unit: percent, fraction, count or rank. With `has_interval` the mart has
    `<value>_low` and `<value>_high`.
    """

    id: str
    name: str
    mart: str
    key: tuple[str, ...]
    value: str
    unit: str
    label: str
    period_end: str
    rows: dict[str, str] = field(default_factory=dict)
    version_columns: tuple[str, ...] = ()
    has_interval: bool = True
    definition_version: int = 1

    @property
    def columns(self) -> set[str]:
        """Columns that a mart must have for this series."""
        ends = {f"{self.value}_low", f"{self.value}_high"} if self.has_interval else set()
        return {*self.key, *self.rows, *self.version_columns, self.value} | ends


def _growth(level: str, name: str) -> HeadlineSeries:
    return HeadlineSeries(
        id=f"{level}_growth",
        name=name,
        mart="monthly_adjusted_growth",
        key=("posted_month", "level", "series_id", "population"),
        value="adjusted_growth_pct",
        unit="percent",
        label=f"series || {POSTS} || ', ' || {MONTH.format(column='posted_month')}",
        period_end="last_day(posted_month)",
        rows={"level": level},
        version_columns=("adjustment",),
    )


def _penetration(series_id: str, value: str, name: str) -> HeadlineSeries:
    return HeadlineSeries(
        id=series_id,
        name=name,
        mart="monthly_technology_posts",
        key=("posted_month", "technology", "population"),
        value=value,
        unit="fraction",
        label=f"technology_label || {POSTS} || ', ' || {MONTH.format(column='posted_month')}",
        period_end="last_day(posted_month)",
    )


def _composition(series_id: str, value: str, name: str) -> HeadlineSeries:
    return HeadlineSeries(
        id=series_id,
        name=name,
        mart="period_technology_category_shares",
        key=("period_id", "technology", "category_id", "value_filter"),
        value=value,
        unit="fraction",
        label="technology_label || ' in ' || category || ', ' || period_label",
        period_end="period_end",
        rows={"value_filter": "all"},
    )


def _contract_activity(measure: str, name: str) -> HeadlineSeries:
    return HeadlineSeries(
        id=f"{measure}_growth",
        name=name,
        mart="monthly_contract_activity",
        key=("started_month", "level", "series_id", "population", "measure", "comparison"),
        value="growth_pct",
        unit="percent",
        label=f"series || {POSTS} || ', ' || {MONTH.format(column='started_month')}",
        period_end="last_day(started_month)",
        rows={"measure": measure, "comparison": "month"},
    )


def _searches(series_id: str, value: str, unit: str, name: str, *, has_interval: bool) -> HeadlineSeries:
    return HeadlineSeries(
        id=series_id,
        name=name,
        mart="monthly_search_growth",
        key=("search_month", "series_id"),
        value=value,
        unit=unit,
        label=f"series || ', ' || {MONTH.format(column='search_month')}",
        period_end="last_day(search_month)",
        has_interval=has_interval,
    )


HEADLINE_SERIES = [
    _growth("total", "Growth of all posts"),
    _growth("category", "Growth of categories"),
    _growth("sub_category", "Growth of sub-categories"),
    _growth("composite", "Growth of composite series"),
    _penetration("technology_penetration", "penetration_share", "Technology shares"),
    _penetration("corrected_technology_penetration", "corrected_penetration_share", "Technology shares, corrected"),
    _composition("composition_shares", "composition_share", "Composition shares"),
    _composition("corrected_composition_shares", "corrected_composition_share", "Composition shares, corrected"),
    _contract_activity("hires", "Growth of hires"),
    _contract_activity("spend", "Growth of spend"),
    _searches("search_growth", "growth_pct", "percent", "Growth of searches", has_interval=True),
    _searches("search_counts", "search_count", "count", "Searches", has_interval=False),
    HeadlineSeries(
        id="high_value_shares",
        name="Contracts above 1,000 USD",
        mart="period_contract_values",
        key=("period_id", "technology", "category_id", "value_kind"),
        value="high_value_share",
        unit="fraction",
        label=f"{CONTRACTS} || ' in ' || category || ', ' || period_label",
        period_end="period_end",
        rows={"value_kind": "closed_and_open"},
    ),
    HeadlineSeries(
        id="skill_ranks",
        name="Skill ranks",
        mart="monthly_ai_skills",
        key=("posted_month", "population", "skill"),
        value="skill_rank",
        unit="rank",
        label=f"skill || {POSTS} || ', ' || {MONTH.format(column='posted_month')}",
        period_end="last_day(posted_month)",
        has_interval=False,
    ),
    HeadlineSeries(
        id="pulse_shares",
        name="Pulse answers",
        mart="pulse_answer_shares",
        key=("wave_month", "question_id", "answer"),
        value="answer_share",
        unit="fraction",
        label=f"question || ': ' || answer || ', ' || {MONTH.format(column='wave_month')}",
        period_end="last_day(wave_month)",
        version_columns=("wording_version",),
    ),
]


def definition_versions(series: list[HeadlineSeries]) -> dict[str, str]:
    """Series id -> version of its definition, as a release records it."""
    return {one.id: str(one.definition_version) for one in series}


VALUE_COLUMNS = ["value_key", "label", "period_end", "definition_version", "value", "value_low", "value_high"]


@dataclass(frozen=True)
class SeriesValues:
    """One series in one vintage; `rows` has VALUE_COLUMNS, one row a value that is not null.

    rows is None where the marts lack the series or define it in another way; `reason` then says so.
    """

    rows: pd.DataFrame | None
    reason: str = ""


def series_values(
    connection: duckdb.DuckDBPyConnection,
    series: HeadlineSeries,
    mart_files: dict[str, Path],
    definitions: dict[str, str],
) -> SeriesValues:
    """The values of a series in the marts of one release.

    mart_files: mart -> Parquet file; definitions: series id -> version of the definition that the release was made by.
    Raises ReleaseError where a file is gone.
    """
    version = str(series.definition_version)
    made_by = definitions.get(series.id)
    if made_by != version:
        return SeriesValues(None, f"{series.id} has definition {made_by or 'unknown'}, now {version}")
    file = mart_files.get(series.mart)
    if file is None:
        return SeriesValues(None, f"no mart {series.mart}")
    if not file.is_file():
        raise ReleaseError(f"{file}: the release has lost it; restore the file or remove the release's directory")
    absent = series.columns - _columns(connection, file)
    if absent:
        return SeriesValues(None, f"{series.mart} has no {', '.join(sorted(absent))}")
    return SeriesValues(connection.execute(_query(series, version, file)).df())


def _columns(connection: duckdb.DuckDBPyConnection, file: Path) -> set[str]:
    return {name for name, *_ in connection.execute(f"describe from {parquet_file(file)}").fetchall()}


def _query(series: HeadlineSeries, version: str, file: Path) -> str:
    key = [f"{literal(f'{column}=')} || {identifier(column)}::varchar" for column in series.key]
    versions = [f"coalesce({identifier(column)}::varchar, 'none')" for column in series.version_columns]
    low, high = (identifier(f"{series.value}_{end}") if series.has_interval else "null" for end in ("low", "high"))
    chosen = [f"{identifier(column)} = {literal(value)}" for column, value in series.rows.items()]
    return f"""
        select
            concat_ws('; ', {", ".join(key)}) as value_key,
            {series.label} as label,
            {series.period_end} as period_end,
            concat_ws(', ', {", ".join([literal(version), *versions])}) as definition_version,
            {identifier(series.value)}::double as value,
            {low}::double as value_low,
            {high}::double as value_high
        from {parquet_file(file)}
        where {" and ".join([f"{identifier(series.value)} is not null", *chosen])}
    """


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
