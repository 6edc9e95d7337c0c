"""The models of a workspace with every topic, on a Sail server and on real Spark: each table is that of DuckDB row by
row, and each prediction the local one to the last digit.

`tests/spark/test_dialect.py` shows the rules of translation one at a time; this shows that they are enough.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from dagster_project.spark.start import SparkError, build_on_spark, months_built, require_good_tables
from tests.spark.engines import ENGINES, sail_server
from tests.spark.same_tables import compare
from tests.support.job_runs import Place


@pytest.fixture(scope="module")
def unscored(marketplace: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The marketplace without what its models said of the candidates."""
    copy = marketplace.copy_to(tmp_path_factory.mktemp("unscored"))
    for folder in ("predictions", "drift"):
        shutil.rmtree(copy.workspace.lake / folder)
    return copy


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """Real Spark in a JVM of this process, or the address of a Sail server in a process of its own."""
    if request.param != "sail":
        yield request.param
        return
    with sail_server() as address:
        yield address


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
def test_every_table_and_prediction_is_that_of_duckdb(
    engine: str, marketplace: Place, unscored: Place, capfd: pytest.CaptureFixture[str]
) -> None:
    said: list[str] = []
    capfd.readouterr()  # what building on DuckDB said
    with unscored.configured() as settings:
        tables = build_on_spark(settings, engine, said.append)
    building, checked = (line.split(";")[0] for line in said)
    assert building == f"building the models of 9 months on {engine}"
    assert re.fullmatch(r"Great Expectations: \d{3} expectations met, \d warnings", checked)
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


@pytest.mark.parametrize(
    ("table", "spoil", "expectation"),
    [
        ("predictions/post_technologies", "probability + 1 as probability", "predicted_probabilities_lie_in_0_1"),
        ("staging/stg_marketplace__job_posts", "'barter' as contract_type", "staged_contract_types_are_known"),
    ],
)
def test_a_table_of_spark_that_breaks_an_expectation_is_named(
    unscored: Place, tmp_path: Path, table: str, spoil: str, expectation: str
) -> None:
    copy = unscored.copy_to(tmp_path)
    copy.workspace.spark.rename(copy.workspace.spark_unfinished)
    spoil_table(copy.workspace.spark_unfinished / table, spoil)
    with copy.configured() as settings, pytest.raises(SparkError, match=expectation) as told:
        require_good_tables(settings, [state.month for state in months_built(settings)], print)
    assert str(copy.workspace.spark_log / "data_docs" / "index.html") in str(told.value)
    assert (copy.workspace.spark_log / "data_docs" / "index.html").exists()


def spoil_table(folder: Path, columns: str) -> None:
    """Write the table anew as one file with some columns replaced."""
    spoiled = duckdb.sql(f"select * replace ({columns}) from read_parquet('{folder}/*.parquet')").to_arrow_table()
    for file in folder.glob("*"):
        file.unlink()
    pq.write_table(spoiled, folder / "spoiled.parquet")
