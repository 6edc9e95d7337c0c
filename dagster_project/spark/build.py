"""`python -m dagster_project.spark.build`: the models of a workspace on Spark, in Spark's own environment.

`hiring-pulse spark` starts it (`dagster_project/spark/start.py`), which checks and publishes what this makes as Parquet
files in `<workspace>/spark.unfinished/<schema>/<model>/`.
"""

import argparse
import json
import os
import shutil
import sys
from pathlib import Path

import pyarrow.parquet as pq
from dbt.adapters.base.meta import available
from dbt.adapters.spark import Plugin, impl
from dbt.cli.main import dbtRunner
from pyspark.sql import SparkSession

from dagster_project.spark.dialect import translated
from dagster_project.spark.engine_log import ENGINE_LOG, keep_engine_log
from dagster_project.spark.score import score_candidates
from dagster_project.spark.session import is_sail, register_lake, spark_session
from dagster_project.storage.workspace import DBT_DIRECTORY, Workspace

STAGING = ("resource_type:seed", "fqn:hiring_pulse.staging.*")
COUNTED = ("fqn:hiring_pulse.intermediate.*", "fqn:hiring_pulse.marts.*")
"""What is built before the candidates are scored, and what is made of their predictions."""
NOT_ON_SAIL = "int_monthly_adjusted_growth_counts,test_name:expression_holds"
"""Sail 0.7.2 finds no column of a table for a list's sum in `where` ('No field named')."""


class SparkAdapter(impl.SparkAdapter):
    """dbt's adapter of Spark with one method more, by which macros put a model's SQL into Spark's.

    dbt finds its macros by the name of this class.
    """

    @available
    def translated(self, sql: str) -> str:
        """A statement of the models in Spark's dialect."""
        return translated(sql, lambda table: SparkSession.builder.getOrCreate().table(table).columns)


def main() -> None:
    """Build the models for the months of a plan on one engine; ends with 1 where a model or a test failed."""
    arguments = _arguments()
    workspace = Workspace(arguments.workspace)
    tables = workspace.spark_unfinished
    shutil.rmtree(tables, ignore_errors=True)
    os.environ["HIRING_PULSE_SPARK_TABLES"] = str(tables)
    Plugin.adapter = SparkAdapter  # of the target `spark` in dbt/profiles.yml
    keep_engine_log(workspace.spark_log / ENGINE_LOG)
    with spark_session(arguments.engine) as spark:
        plan = json.loads(arguments.plan.read_text(encoding="utf-8"))
        register_lake(spark, workspace.lake, plan)
        succeeded = build_models(spark, workspace, arguments.untested, STAGING)
        if succeeded:
            months = [state["month"] for state in plan]
            score_candidates(spark, workspace.models, months, tables / "predictions" / "post_technologies")
            succeeded = build_models(spark, workspace, arguments.untested, COUNTED)
        if succeeded:
            _write_empty_tables(spark, tables)
    if not succeeded:
        sys.exit(1)


def build_models(spark: SparkSession, workspace: Workspace, untested: bool, selected: tuple[str, ...]) -> bool:
    """Run dbt's `build` of what is selected on the open session; whether all models and tests did well."""
    folder = str(workspace.spark_log)
    left_out = ["unit_test", *(["test"] if untested else [])]
    command = ["build", "--target", "spark", "--full-refresh", "--exclude-resource-types", *left_out]
    command += ["--select", *selected, "--indirect-selection", "buildable"]
    if is_sail(spark):
        command += ["--exclude", NOT_ON_SAIL]
    places = ["--project-dir", str(DBT_DIRECTORY), "--profiles-dir", str(DBT_DIRECTORY)]
    return dbtRunner().invoke([*command, *places, "--target-path", folder, "--log-path", folder, "--quiet"]).success


def _write_empty_tables(spark: SparkSession, tables: Path) -> None:
    """A table without rows may have no file on Sail; one file says its columns."""
    for schema in ("seeds", "staging", "intermediate", "marts"):
        for _, name, is_temporary in spark.sql(f"show tables in {schema}").collect():
            folder = tables / schema / name
            if not is_temporary and not any(folder.glob("*.parquet")):
                folder.mkdir(parents=True, exist_ok=True)
                pq.write_table(spark.table(f"{schema}.{name}").toArrow(), folder / "empty.parquet")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m dagster_project.spark.build")
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--plan", type=Path, required=True)
    parser.add_argument("--engine", required=True)
    parser.add_argument("--untested", action="store_true", help="leave out dbt's tests of the models")
    return parser.parse_args()


if __name__ == "__main__":
    main()
