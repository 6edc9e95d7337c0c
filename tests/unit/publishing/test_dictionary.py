"""The data dictionary and docs/tables.md say what the yml files of the models say, and refuse gaps."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
import yaml

from dagster_project.publishing.dictionary import TABLES_PAGE, DictionaryError, read_dictionary, table_docs


def marts_folder(root: Path, file: str = "monthly_growth", **changes: Any) -> Path:
    """A folder of models with one mart, as dbt reads it."""
    model = {
        "name": "monthly_growth",
        "description": "One row a month\nand series.",
        "config": {"meta": {"primary_key": ["series_id"]}},
        "columns": [
            {"name": "series_id", "data_type": "varchar", "description": "One | two"},
            {"name": "n", "data_type": "bigint", "description": "Posts, all of them."},
        ],
    } | changes
    (root / "growth").mkdir()
    (root / "growth" / f"{file}.yml").write_text(yaml.safe_dump({"models": [model]}))
    return root


def test_marts_are_described_with_keys_and_topic(tmp_path: Path) -> None:
    dictionary = read_dictionary(marts_folder(tmp_path))
    assert dictionary.primary_keys() == {"monthly_growth": ["series_id"]}
    assert dictionary.marts[0].topic == "growth"


def test_the_markdown_marks_keys_and_escapes_pipes(tmp_path: Path) -> None:
    text = read_dictionary(marts_folder(tmp_path)).to_markdown()
    assert "## monthly_growth\n\nOne row a month and series.\n" in text
    assert "| series_id | varchar | yes | One \\| two |" in text
    assert "| n | bigint |  | Posts, all of them. |" in text


def test_the_csv_has_a_row_for_each_column(tmp_path: Path) -> None:
    text = read_dictionary(marts_folder(tmp_path)).to_csv()
    assert list(csv.DictReader(io.StringIO(text)))[1] == {
        "mart": "monthly_growth",
        "column": "n",
        "type": "bigint",
        "is_key": "false",
        "description": "Posts, all of them.",
    }


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"description": " "}, "monthly_growth: has no description"),
        ({"config": {}}, "mart monthly_growth: set config.meta.primary_key"),
        ({"config": {"meta": {"primary_key": ["x"]}}}, "mart monthly_growth: set"),
        ({"columns": [{"name": "n", "description": "N."}]}, r"monthly_growth\.n: has no data_type"),
        ({"name": "other"}, "it is the file of monthly_growth"),
    ],
)
def test_a_gap_in_the_documentation_is_named(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(DictionaryError, match=message):
        read_dictionary(marts_folder(tmp_path, **changes))


def test_the_page_is_made_from_the_models_as_they_are() -> None:
    assert TABLES_PAGE.read_text(encoding="utf-8") == table_docs(), "a model changed; run `make docs`"


def test_a_row_gives_grain_columns_and_the_key(tmp_path: Path) -> None:
    for layer in ("staging", "intermediate", "marts"):
        (tmp_path / layer / "shares").mkdir(parents=True)
    (tmp_path / "marts" / "shares" / "one.yml").write_text(
        "models: [{name: one, description: One row a month., config: {meta: {primary_key: [month]}},"
        " columns: [{name: month}, {name: posts}]}]"
    )
    assert "| one | One row a month. | **month**, posts |" in table_docs(tmp_path)
