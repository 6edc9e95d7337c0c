"""The floor: what the month's counts cost without Dagster, dbt, Great Expectations and a release.

One DuckDB script reads the feed's files, keeps each post's latest state and finds candidates by the project's own
patterns; the stored model scores them; a second script counts. `python -m tests.bench.floor FEED MODELS OUT`.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from dagster_project.storage.workspace import REPOSITORY
from ml.classify import CHUNK_ROWS, PREDICTION_SCHEMA, classify_candidates
from ml.features.keywords import TECHNOLOGIES, alternation, load_terms
from ml.training.artifact import load_champion

HERE = Path(__file__).resolve().parent
SEEDS = REPOSITORY / "dbt" / "seeds"
COUNTS = ("share_counts", "value_counts", "growth_counts")
MEMORY_LIMIT = "2GB"


def run(feed: Path, models: Path, out: Path) -> None:
    """Write share_counts, value_counts and growth_counts as Parquet below `out`."""
    out.mkdir(parents=True)
    with duckdb.connect(str(out / "floor.duckdb"), config={"memory_limit": MEMORY_LIMIT}) as connection:
        connection.execute("set timezone = 'UTC'; set preserve_insertion_order = false")
        _set_variables(connection, feed)
        connection.execute((HERE / "floor_posts.sql").read_text(encoding="utf-8"))
        scored = pa.Table.from_batches(_predictions(connection, models), PREDICTION_SCHEMA)
        connection.register("predictions", scored)
        connection.execute((HERE / "floor_counts.sql").read_text(encoding="utf-8"))
        for table in COUNTS:
            connection.table(table).write_parquet(str(out / f"{table}.parquet"))


def _set_variables(connection: duckdb.DuckDBPyConnection, feed: Path) -> None:
    variables = {"job_posts": str(feed / "job_posts" / "*.parquet"), "seeds": str(SEEDS)}
    for name, terms in load_terms().items():
        include = [term for group in terms.groups.values() for term in group]
        variables[f"{name}_include"] = f"(?i){alternation(include)}"
        variables[f"{name}_exclude"] = f"(?i){alternation(terms.excluded)}"
    for name, value in variables.items():
        connection.execute(f"set variable {name} = ?", [value])


def _predictions(connection: duckdb.DuckDBPyConnection, models: Path) -> Iterator[pa.RecordBatch]:
    for technology in TECHNOLOGIES:
        candidates = connection.execute(f"select post_id, title, description, skills from posts where is_{technology}")
        batches = candidates.to_arrow_reader(CHUNK_ROWS)
        yield from classify_candidates(batches, load_champion(models, technology))


if __name__ == "__main__":
    run(*map(Path, sys.argv[1:4]))
