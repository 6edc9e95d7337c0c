"""The models of a workspace with every topic, on Sail and on real Spark: each table is that of DuckDB row by row.

`tests/spark/test_dialect.py` shows the rules of translation one at a time; this shows that they are enough.
"""

from pathlib import Path

import pytest

from dagster_project.spark.start import build_on_spark
from tests.spark.engines import ENGINES
from tests.spark.same_tables import compare
from tests.support.job_runs import Place


@pytest.mark.parametrize("engine", ENGINES)
def test_every_table_is_that_of_duckdb(engine: str, marketplace: Place, capfd: pytest.CaptureFixture[str]) -> None:
    said: list[str] = []
    capfd.readouterr()  # what building on DuckDB said
    with marketplace.configured() as settings:
        tables = build_on_spark(settings, engine, said.append)
    assert [line.split(";")[0] for line in said] == [f"building the models of 9 months on {engine}"]
    assert capfd.readouterr() == ("", ""), "only the project speaks where all goes well"
    compared = compare(settings.workspace.warehouse, tables)
    assert compared.differences == []
    assert sum(name.startswith("marts.") for name in compared.rows) == 32
    assert {"marts.study_answer_shares", "marts.monthly_ai_skills", "marts.classifier_audit"} < {
        name for name, rows in compared.rows.items() if rows > 0
    }


def test_a_row_that_differs_is_found(marketplace: Place, tmp_path: Path) -> None:
    copy = marketplace.copy_to(tmp_path)
    copy.change("update marts.monthly_collection set post_count = post_count + 1 where status = 'complete'")
    differences = compare(copy.workspace.warehouse, marketplace.workspace.spark, ("marts",)).differences
    assert [line.split(":")[0] for line in differences] == ["marts.monthly_collection"]
