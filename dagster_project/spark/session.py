"""A Spark session on one of three engines, with the Python functions that models call and the lake as temporary views.

The views have the names by which `dbt/macros/spark/lake.sql` reads them.
"""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import SparkSession
from pyspark.sql.functions import pandas_udf
from pyspark.sql.types import BooleanType, StringType

from ml.features.clean_text import clean_text
from ml.features.keywords import candidate_patterns, load_terms

LOCAL, SAIL = "spark", "sail"
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
}
PLAN_SCHEMA = """
    month string, input_hash string, mapping_hash string, rules_hash string,
    ai_model_version string, cloud_model_version string, rpa_model_version string
"""
LEFT_OUT_SCHEMA = "month string, load_id string, category string"


@contextmanager
def spark_session(engine: str) -> Iterator[SparkSession]:
    """A session on `spark` (a JVM in this process), `sail` (a server in this process) or an address `sc://host:port`."""
    server = _sail_server() if engine == SAIL else None  # kept: it ends with its last reference
    if engine == LOCAL:
        session = _local_session()
    else:
        address = f"sc://127.0.0.1:{server.listening_address[1]}" if server else engine
        os.environ["SPARK_REMOTE"] = address  # by which dbt finds the session
        session = SparkSession.builder.remote(address).getOrCreate()
    for name, value in SETTINGS.items():
        session.conf.set(name, value)
    _register_functions(session)
    try:
        yield session
    finally:
        session.stop()


def _local_session() -> SparkSession:
    """Real Spark; SPARK_MASTER (`spark://…`, `yarn`) names a cluster, else it runs in this process on all cores."""
    settings = {
        "spark.master": os.environ.get("SPARK_MASTER", "local[*]"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # Spark 4.2 makes an invalid plan of a union with itself beside a window (stg_survey__study_respondents)
        "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.RemoveRedundantAliases",
        "spark.sql.catalogImplementation": "in-memory",  # what a run makes is known to it alone: no metastore
    }
    if "SPARK_MASTER" not in os.environ:  # one machine: fewer parts, and less time to compile plans than to run them
        settings |= {"spark.sql.shuffle.partitions": "4", "spark.sql.codegen.wholeStage": "false"}
    builder = SparkSession.builder.appName("hiring-pulse")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def is_sail(session: SparkSession) -> bool:
    """Whether Sail answers, here or at an address: its own version is another than that of the Spark it speaks."""
    [(version,)] = session.sql("select version()").collect()
    return not version.startswith(session.version)


def _sail_server() -> Any:
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    return server


def _register_functions(session: SparkSession) -> None:
    patterns = candidate_patterns(load_terms())

    @pandas_udf(BooleanType())
    def is_candidate(names: pd.Series, texts: pd.Series) -> pd.Series:
        """Arrow's regular expressions are RE2, as DuckDB's are: Java's and Rust's know another end of a word."""
        if names.empty:
            return pd.Series([], dtype=bool)
        include, exclude = patterns[names.iloc[0]]
        written = pa.array(texts, pa.string(), from_pandas=True)
        hits = pc.match_substring_regex(written, include)
        found = pc.indices_nonzero(pc.fill_null(hits, False))
        kept = pc.replace_substring_regex(written.take(found), exclude, " ")
        remaining = pd.Series(hits.to_pylist(), index=texts.index, dtype=object)
        remaining.iloc[found.to_numpy()] = pc.match_substring_regex(kept, include).to_pylist()
        return remaining

    @pandas_udf(StringType())
    def cleaned(texts: pd.Series) -> pd.Series:
        return texts.map(lambda text: text and clean_text(text))

    session.udf.register("is_candidate", is_candidate)
    session.udf.register("clean_text", cleaned)


def register_lake(spark: SparkSession, lake: Path, plan: list[dict[str, Any]]) -> None:
    """Make the views: of every raw table, the estimates, loads, the plan and what is left out."""
    left_out = json.loads((lake / "left_out.json").read_text(encoding="utf-8"))
    planned = {state["month"] for state in plan}
    related = planned.union(*(state["related_months"] for state in plan))
    _view(spark, "lake_plan", plan, PLAN_SCHEMA)
    _view(spark, "lake_left_out", left_out, LEFT_OUT_SCHEMA)
    withdrawn = {(row["month"], f"load={row['load_id']}") for row in left_out if row["load_id"]}
    for table in sorted(path for path in (lake / "raw").iterdir() if path.is_dir()):
        files = [path for path in _of_months(table, related) if (_month(path), path.stem) not in withdrawn]
        _read(spark, f"lake_raw_{table.name}", table / "schema.parquet", files)
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
