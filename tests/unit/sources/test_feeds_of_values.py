"""The cases of tests/feeds that are about values: money, times and skills come out as expected.json says."""

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project.sources.errors import SourceError
from dagster_project.sources.lake.load import IngestResult, ingest
from dagster_project.sources.mapping.load import load_mapping
from dagster_project.storage.workspace import Workspace

FEEDS = Path(__file__).parents[2] / "feeds"
EXPECTED = json.loads((FEEDS / "expected.json").read_text(encoding="utf-8"))
OF_VALUES = [name for name in EXPECTED if name.startswith(("04", "11", "12")) and "rows_read" in EXPECTED[name]]


def load(mapping: Path, case: str, root: Path) -> tuple[Workspace, IngestResult]:
    workspace = Workspace(root / "workspace")
    result = ingest(
        workspace,
        load_mapping(mapping),
        FEEDS / case / "files",
        now=datetime(2026, 1, 1),
        progress=lambda message: None,
        memory_limit="500MB",
    )
    return workspace, result


def assert_as_expected(workspace: Workspace, loaded: IngestResult, expected: dict[str, Any]) -> None:
    counts = (loaded.rows_read, loaded.accepted, loaded.rejected)
    assert counts == (expected["rows_read"], expected["kept"] + expected["duplicate"], expected["rejected"])
    posts = f"read_parquet('{workspace.raw('job_posts')}/month=*/load=*.parquet', hive_partitioning = true)"
    if "months" in expected:
        months = duckdb.sql(f"select month, count(*) from {posts} group by 1").fetchall()
        assert dict(months) == expected["months"]
    for name, condition in (("no_usd_value", "budget_usd is null"), ("with_skills", "len(skills) > 0")):
        if name in expected:
            assert duckdb.sql(f"from {posts} select count(*) where {condition}").fetchall() == [(expected[name],)]
    for post_id, values in expected.get("posts", {}).items():
        for column, value in values.items():
            [(read,)] = duckdb.execute(f"select {column} from {posts} where post_id = ?", [post_id]).fetchall()
            assert_value(read, value, f"{post_id} {column}")
    if rows := expected.get("reject_rows"):
        rejects = f"read_parquet('{workspace.rejects('job_posts')}/month=*/*.parquet')"
        found = duckdb.sql(f"select source_file, source_row, message from {rejects} order by 2").fetchall()
        assert [[file, row] for file, row, _ in found] == rows
        assert all(text in message for *_, message in found for text in expected.get("reject_mentions", []))


def assert_value(read: Any, value: Any, place: str) -> None:
    """`value` as expected.json writes it: a range as from and to, a time as the beginning of its text."""
    if isinstance(value, dict):
        assert value["from"] <= float(read) <= value["to"], place
    elif isinstance(read, datetime):
        assert str(read).startswith(value), place
    else:
        assert (float(read) if isinstance(value, float) else read) == value, place


@pytest.mark.parametrize("case", OF_VALUES)
def test_a_feed_gives_the_right_values(case: str, tmp_path: Path) -> None:
    assert_as_expected(*load(FEEDS / case / "mapping.yml", case, tmp_path), EXPECTED[case])


def test_other_currencies_become_usd_by_the_rates_that_a_mapping_gives(tmp_path: Path) -> None:
    case = "11a-money-currency-column"
    text = (FEEDS / case / "mapping.yml").read_text(encoding="utf-8")
    budget = "case when currency = 'USD' then money(price) end"
    assert budget in text
    mapping = tmp_path / "mapping.yml"
    mapping.write_text(f"rates: rates.csv\n{text.replace(budget, 'money(price, currency, created)')}")
    shutil.copy(FEEDS / case / "rates.csv", tmp_path)
    assert_as_expected(*load(mapping, case, tmp_path), EXPECTED[case]["with_rates"])


def test_epochs_of_the_wrong_unit_refuse_the_file_and_name_the_right_one(tmp_path: Path) -> None:
    case = "12c-epoch-in-the-wrong-unit"
    with pytest.raises(SourceError) as caught:
        load(FEEDS / case / "mapping.yml", case, tmp_path)
    assert all(text in str(caught.value) for text in EXPECTED[case]["error_mentions"]), str(caught.value)
