"""The registry of headline series against the marts as dbt documents them."""

import duckdb
import pytest

from dagster_project.publishing.dictionary import DataDictionary, read_dictionary
from dagster_project.publishing.revisions.headline_series import HEADLINE_SERIES, HeadlineSeries


@pytest.fixture(scope="module")
def dictionary() -> DataDictionary:
    return read_dictionary()


@pytest.mark.parametrize("series", HEADLINE_SERIES, ids=lambda series: series.id)
def test_a_series_names_columns_that_its_mart_has(series: HeadlineSeries, dictionary: DataDictionary) -> None:
    mart = next(mart for mart in dictionary.marts if mart.name == series.mart)
    columns = {column.name: column.data_type for column in mart.columns}
    assert series.columns <= set(columns)
    with duckdb.connect() as connection:
        connection.execute(f"create table mart ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
        connection.execute(f"select {series.label} as label, ({series.period_end})::date as period_end from mart")


@pytest.mark.parametrize("series", HEADLINE_SERIES, ids=lambda series: series.id)
def test_key_and_version_columns_together_are_the_key_of_the_mart(
    series: HeadlineSeries, dictionary: DataDictionary
) -> None:
    key = set(dictionary.primary_keys()[series.mart])
    assert set(series.key) | (set(series.version_columns) & key) == key


def test_series_ids_are_unique() -> None:
    ids = [series.id for series in HEADLINE_SERIES]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("technology", "label"),
    [
        ("ai", "AI contracts in Legal, 2022-2023"),
        ("non_ai", "Contracts of posts that are not AI in Legal, 2022-2023"),
        ("cloud", "Cloud contracts in Legal, 2022-2023"),
        ("rpa", "RPA contracts in Legal, 2022-2023"),
        ("any", "All contracts in Legal, 2022-2023"),
    ],
)
def test_a_value_of_contracts_is_named_in_words(technology: str, label: str) -> None:
    series = next(series for series in HEADLINE_SERIES if series.id == "high_value_shares")
    row = f"select '{technology}' as technology, 'Legal' as category, '2022-2023' as period_label"
    assert duckdb.execute(f"select {series.label} from ({row})").fetchone() == (label,)
