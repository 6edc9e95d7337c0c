"""The cleaning of texts as a function of a DuckDB connection, for every statement that looks for terms."""

import duckdb
import pyarrow as pa
from duckdb.func import ARROW, SPECIAL

from ml.features.clean_text import clean_text


def register_clean_text(connection: duckdb.DuckDBPyConnection) -> None:
    """`clean_text(text)`, which `ml.features.clean_text.CLEAN_TEXT_SQL` calls: batches of texts in and out."""

    def cleaned(texts: pa.ChunkedArray) -> pa.Array:
        return pa.array([text and clean_text(text) for text in texts.to_pylist()], pa.string())

    connection.create_function("clean_text", cleaned, ["VARCHAR"], "VARCHAR", type=ARROW, null_handling=SPECIAL)
