"""The models of a workspace with every topic, on Sail and on real Spark: each table is that of DuckDB row by
row, and each prediction the local one to the last digit.

`tests/spark/test_dialect.py` shows the rules of translation one at a time; this shows that they are enough.
"""

import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from dagster_project.spark.start import build_on_spark
from tests.spark.engines import ENGINES
from tests.spark.same_tables import compare
from tests.support.job_runs import Place


@pytest.fixture(scope="module")
def unscored(marketplace: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The marketplace without what its models said of the candidates."""
    copy = marketplace.copy_to(tmp_path_factory.mktemp("unscored"))
    for folder in ("predictions", "drift"):
        shutil.rmtree(copy.workspace.lake / folder)
    return copy


@pytest.mark.parametrize("engine", ENGINES)
def test_every_table_and_prediction_is_that_of_duckdb(
    engine: str, marketplace: Place, unscored: Place, capfd: pytest.CaptureFixture[str]
) -> None:
    said: list[str] = []
    capfd.readouterr()  # what building on DuckDB said
    with unscored.configured() as settings:
        tables = build_on_spark(settings, engine, said.append)
    assert [line.split(";")[0] for line in said] == [f"building the models of 9 months on {engine}"]
    assert capfd.readouterr() == ("", ""), "only the project speaks where all goes well"
    local = _predictions(marketplace.workspace.lake)
    assert {row["is_positive"] for row in local} == {True, False}
    assert _predictions(tables) == local
    compared = compare(settings.workspace.warehouse, tables)
    assert compared.differences == []
    assert sum(name.startswith("marts.") for name in compared.rows) == 32
    assert {"marts.study_answer_shares", "marts.monthly_ai_skills", "marts.classifier_audit"} < {
        name for name, rows in compared.rows.items() if rows > 0
    }


def _predictions(folder: Path) -> list[dict[str, Any]]:
    """Every column of every row, by technology and post."""
    rows = pq.read_table(sorted((folder / "predictions").rglob("*.parquet")), partitioning=None)
    return rows.sort_by([("technology", "ascending"), ("post_id", "ascending")]).to_pylist()


def test_a_row_that_differs_is_found(unscored: Place, tmp_path: Path) -> None:
    copy = unscored.copy_to(tmp_path)
    copy.change("update marts.monthly_collection set post_count = post_count + 1 where status = 'complete'")
    differences = compare(copy.workspace.warehouse, unscored.workspace.spark, ("marts",)).differences
    assert [line.split(":")[0] for line in differences] == ["marts.monthly_collection"]
