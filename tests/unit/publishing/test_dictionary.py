"""The data dictionary says of every mart what dbt's manifest says, and refuses gaps."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from dagster_project.publishing.dictionary import DictionaryError, read_dictionary


def manifest(path: Path, **changes: Any) -> Path:
    node = {
        "resource_type": "model",
        "name": "monthly_growth",
        "description": "One row a month\nand series.",
        "config": {"schema": "marts", "meta": {"primary_key": ["series_id"]}},
        "columns": {
            "series_id": {"name": "series_id", "data_type": "varchar", "description": "One | two"},
            "n": {"name": "n", "data_type": "bigint", "description": "Posts, all of them."},
        },
    } | changes
    staging = {"resource_type": "model", "name": "stg_posts", "config": {"schema": "staging"}}
    test = {"resource_type": "test", "name": "not_null", "config": {"schema": "marts"}}
    path.write_text(json.dumps({"nodes": {"a": staging, "b": node, "c": test}}))
    return path


def test_only_marts_are_described_with_their_keys(tmp_path: Path) -> None:
    dictionary = read_dictionary(manifest(tmp_path / "manifest.json"))
    assert dictionary.primary_keys() == {"monthly_growth": ["series_id"]}


def test_the_markdown_marks_keys_and_escapes_pipes(tmp_path: Path) -> None:
    text = read_dictionary(manifest(tmp_path / "manifest.json")).to_markdown()
    assert "## monthly_growth\n\nOne row a month and series.\n" in text
    assert "| series_id | varchar | yes | One \\| two |" in text
    assert "| n | bigint |  | Posts, all of them. |" in text


def test_the_csv_has_a_row_for_each_column(tmp_path: Path) -> None:
    text = read_dictionary(manifest(tmp_path / "manifest.json")).to_csv()
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
        ({"config": {"schema": "marts"}}, "mart monthly_growth: set config.meta.primary_key"),
        ({"config": {"schema": "marts", "meta": {"primary_key": ["x"]}}}, "mart monthly_growth: set"),
        ({"columns": {"n": {"name": "n", "description": "N."}}}, r"monthly_growth\.n: has no data_type"),
        ({"config": {"schema": "staging"}}, "no model in the schema marts"),
    ],
)
def test_a_gap_in_the_documentation_is_named(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(DictionaryError, match=message):
        read_dictionary(manifest(tmp_path / "manifest.json", **changes))
