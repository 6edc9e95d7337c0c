"""In Spark's environment: statements of DuckDB's SQL from a file, translated and run; their rows as JSON.

`python -m tests.spark.run_statements sail statements.json rows.json`; what cannot be translated gives the error's text.
"""

import json
import sys
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession
from sqlglot.errors import SqlglotError

from dagster_project.spark.dialect import translated
from dagster_project.spark.session import spark_session


def main(engine: str, statements: Path, rows: Path) -> None:
    """Run each statement; every row becomes a list of texts."""
    with spark_session(engine) as spark:
        found = [_run(spark, sql) for sql in json.loads(statements.read_text(encoding="utf-8"))]
    rows.write_text(json.dumps(found), encoding="utf-8")


def _run(spark: SparkSession, sql: str) -> Any:
    try:
        statement = translated(sql, lambda table: spark.table(table).columns)
    except SqlglotError as error:
        return str(error)
    return [[_text(value) for value in row] for row in spark.sql(statement).collect()]


def _text(value: Any) -> Any:
    return [_text(member) for member in value] if isinstance(value, list) else None if value is None else str(value)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
