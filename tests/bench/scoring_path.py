"""The scoring path as the pipeline runs it: `python -m tests.bench.scoring_path HOME MODELS OUT`.

DuckDB finds the candidates among the lake's posts by the project's terms on all cores and keeps the text of those
alone; the stored classifiers score them in chunks on all cores. Writes `verdicts.parquet` (the predictions of the
candidates) and prints posts and seconds as JSON, without imports and the reading of the models.
"""

import json
import os
import sys
import time
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from dagster_project.storage.sql import literal, register_clean_text
from dagster_project.storage.workspace import Workspace
from ml.classify import CHUNK_ROWS, PREDICTION_SCHEMA, classify_candidates
from ml.features.keywords import POST_TEXT, TECHNOLOGIES, candidate_rules, load_terms
from ml.training.artifact import StoredModel, load_champion

MEMORY_LIMIT = "2GB"


def run(workspace: Workspace, models_dir: Path, out: Path) -> dict[str, float]:
    """Score every post of the lake; returns posts, seconds, and those that finding candidates took."""
    out.mkdir(parents=True)
    models = [load_champion(models_dir, technology) for technology in TECHNOLOGIES]
    start = time.perf_counter()
    with duckdb.connect(str(out / "candidates.duckdb"), config={"memory_limit": MEMORY_LIMIT}) as connection:
        posts = find_candidates(connection, workspace)
        found = time.perf_counter() - start
        with pq.ParquetWriter(out / "verdicts.parquet", PREDICTION_SCHEMA) as verdicts:
            for model in models:
                score(connection, model, verdicts)
    return {"posts": posts, "seconds": time.perf_counter() - start, "candidate_seconds": found}


def find_candidates(connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> int:
    """The table `candidates`: text and flags of the posts that any technology's terms hit; returns all posts."""
    files = literal(str(workspace.raw("job_posts") / "*" / "*.parquet"))
    rules = candidate_rules(load_terms())
    flags = [f"{rules[technology]} as is_{technology}" for technology in TECHNOLOGIES]
    register_clean_text(connection)
    connection.execute("set preserve_insertion_order = false")
    connection.execute(f"""
        create table candidates as
        with posts as (
            select post_id, title, description, skills, {POST_TEXT} as post_text from read_parquet({files}) as post
        )
        select post_id, title, description, skills, {", ".join(flags)}
        from posts where is_ai or is_cloud or is_rpa
    """)
    found = connection.execute(f"select count(*) from read_parquet({files})").fetchone()
    return int(found[0]) if found else 0


def score(connection: duckdb.DuckDBPyConnection, model: StoredModel, verdicts: pq.ParquetWriter) -> None:
    """Append the predictions of one technology."""
    query = f"select post_id, title, description, skills from candidates where is_{model.card.technology}"
    batches = connection.execute(query).to_arrow_reader(CHUNK_ROWS)
    for batch in classify_candidates(batches, model, os.cpu_count()):
        verdicts.write_batch(batch)


if __name__ == "__main__":
    print(json.dumps(run(Workspace(Path(sys.argv[1])), Path(sys.argv[2]), Path(sys.argv[3]))))
