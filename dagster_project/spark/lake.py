"""The lake as temporary views of a Spark session, under the names by which `dbt/macros/spark/lake.sql` reads them."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

PLAN_SCHEMA = """
    month string, input_hash string, mapping_hash string, rules_hash string,
    ai_model_version string, cloud_model_version string, rpa_model_version string
"""
LEFT_OUT_SCHEMA = "month string, load_id string, category string"


def register_lake(spark: SparkSession, lake: Path, plan: list[dict[str, Any]]) -> None:
    """Make the views: of every raw table, the predictions, drift, estimates, loads, the plan and what is left out."""
    left_out = json.loads((lake / "left_out.json").read_text(encoding="utf-8"))
    planned = {state["month"] for state in plan}
    related = planned.union(*(state["related_months"] for state in plan))
    _view(spark, "lake_plan", plan, PLAN_SCHEMA)
    _view(spark, "lake_left_out", left_out, LEFT_OUT_SCHEMA)
    withdrawn = {(row["month"], f"load={row['load_id']}") for row in left_out if row["load_id"]}
    for table in sorted(path for path in (lake / "raw").iterdir() if path.is_dir()):
        files = [path for path in _of_months(table, related) if (_month(path), path.stem) not in withdrawn]
        _read(spark, f"lake_raw_{table.name}", table / "schema.parquet", files)
    for folder in ("predictions", "drift"):
        _read(spark, f"lake_{folder}", lake / folder / "schema.parquet", _of_months(lake / folder, planned))
    for file in [*(lake / "estimates").glob("*.parquet"), lake / "loads.parquet"]:
        name = "_".join(file.relative_to(lake).with_suffix("").parts)
        spark.read.parquet(str(file)).createOrReplaceTempView(f"lake_{name}")


def _of_months(folder: Path, months: set[str]) -> list[Path]:
    return sorted(path for path in folder.rglob("month=*/*.parquet") if _month(path) in months)


def _month(path: Path) -> str:
    return path.parent.name.removeprefix("month=")


def _read(spark: SparkSession, name: str, schema: Path, files: Iterable[Path]) -> None:
    """Files without the columns that came later have nulls there; the file of the schema has no rows."""
    columns = spark.read.parquet(str(schema)).schema
    paths = [str(schema), *map(str, files)]
    spark.read.schema(columns).parquet(*paths).createOrReplaceTempView(name)


def _view(spark: SparkSession, name: str, rows: list[dict[str, Any]], schema: str) -> None:
    columns = [column.split()[0] for column in schema.split(",")]
    values = [tuple(row.get(column) for column in columns) for row in rows]
    spark.createDataFrame(values, schema).createOrReplaceTempView(name)
