"""A Spark session on one of three engines, with the Python functions that models call."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyspark.sql import SparkSession
from pyspark.sql.types import BooleanType, StringType

from ml.features.clean_text import clean_text
from ml.features.keywords import genai_pattern, load_terms

LOCAL, SAIL = "spark", "sail"
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
}


@contextmanager
def spark_session(engine: str) -> Iterator[SparkSession]:
    """A session on `spark` (a JVM in this process), `sail` (a server in this process) or an address `sc://host:port`."""
    server = _sail_server() if engine == SAIL else None  # kept: it ends with its last reference
    if engine == LOCAL:
        session = _local_session()
    else:
        address = "sc://127.0.0.1:{}".format(server.listening_address[1]) if server else engine
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
    builder = SparkSession.builder.appName("hiring-pulse").config("spark.ui.enabled", "false")
    if "SPARK_MASTER" not in os.environ:
        builder = builder.master("local[*]")
    # no metastore: what a run makes is known to it alone, and lies in the workspace
    builder = builder.config("spark.sql.catalogImplementation", "in-memory")
    # the tables of a workspace are small beside a cluster's usual 200 partitions
    return builder.config("spark.sql.shuffle.partitions", "4").getOrCreate()


def _sail_server() -> Any:
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    return server


def _register_functions(session: SparkSession) -> None:
    terms, genai = load_terms(), genai_pattern(load_terms())

    def is_candidate(name: str, text: str | None) -> bool | None:
        if text is None:
            return None
        return genai.search(text) is not None if name == "genai" else terms[name].is_candidate(text)

    session.udf.register("is_candidate", is_candidate, BooleanType())
    session.udf.register("clean_text", lambda text: text and clean_text(text), StringType())
