"""Score the plan's candidates with the stored models: candidates in the warehouse -> `lake/predictions/`.

Beside them, in `lake/drift/`, stands what the candidates look like to the model.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dagster_project.stages.provenance import record_scored
from dagster_project.storage import warehouse
from dagster_project.storage.workspace import Workspace
from ml.atomic import replacing
from ml.classify import CHUNK_ROWS, PREDICTION_SCHEMA, classify_candidates
from ml.drift import SAMPLE_POSTS, SUMMARY_SCHEMA, Familiarity, familiarity, month_summary
from ml.features.keywords import TECHNOLOGIES, load_terms
from ml.features.post_texts import post_texts
from ml.labels.labelled_posts import load_labels
from ml.training.artifact import StoredModel, load_champion

# Ordered by a hash of the id, so that a post is in the sample of its month whoever scores it and whenever.
_SAMPLE = f"""
    select post_id, title, description, skills
    from staging.stg_marketplace__candidates
    where technology = $technology and posted_month = cast($month || '-01' as date)
    order by md5(post_id), post_id
    limit {SAMPLE_POSTS}
"""


def summarise(
    connection: duckdb.DuckDBPyConnection, month: str, model: StoredModel, usual: Familiarity, predictions: pa.Table
) -> pa.Table:
    """The row of one month and technology; predictions: all of that month, columns of PREDICTION_SCHEMA."""
    sample = connection.execute(_SAMPLE, {"technology": model.card.technology, "month": month}).to_arrow_table()
    titles, descriptions, skills = (sample[name].to_pylist() for name in ("title", "description", "skills"))
    texts = post_texts(titles, descriptions, skills, model.card.text_setting)["text"]
    places = pc.index_in(sample["post_id"], value_set=predictions["post_id"])
    probability = predictions["probability"].to_numpy()
    sampled = probability[np.asarray(pd.Series(places.to_pylist(), dtype="int64"))]
    row = month_summary(month, model, usual, probability, sampled, texts)
    return pa.Table.from_pylist([row], SUMMARY_SCHEMA)


_CANDIDATES = """
    from staging.stg_marketplace__candidates
    where technology = $technology and strftime(posted_month, '%Y-%m') in (select unnest($months))
"""


def predict_months(
    workspace: Workspace, months: list[str], *, workers: int, log: Callable[[str], None]
) -> dict[str, dict[str, int]]:
    """Write predictions and a drift row a technology and month; returns candidates and accepted posts by technology.

    A month without candidates gets an empty file, so that its former predictions do not stay. Raises
    ml.training.champion.ArtifactError when a technology has no usable model.
    """
    _publish(PREDICTION_SCHEMA.empty_table(), workspace.lake / "predictions" / "schema.parquet")
    _publish(SUMMARY_SCHEMA.empty_table(), workspace.lake / "drift" / "schema.parquet")
    labels, terms = load_labels(), load_terms()
    counts = {}
    for technology in TECHNOLOGIES:
        model = load_champion(workspace.models, technology)
        usual = familiarity(model, labels, terms[technology])
        predictions = _score(workspace, technology, months, model, usual, workers, log)
        accepted = pa.compute.sum(predictions["is_positive"]).as_py() or 0
        counts[technology] = {"candidates": len(predictions), "accepted": accepted}
        log(f"{technology}: {len(predictions)} candidates, {accepted} accepted by model {model.card.model_version}")
    return counts


def _score(
    workspace: Workspace,
    technology: str,
    months: list[str],
    model: StoredModel,
    usual: Familiarity,
    workers: int,
    log: Callable[[str], None],
) -> pa.Table:
    with warehouse.connect(workspace.warehouse, log=log) as connection:
        sizes = _month_sizes(connection, technology, months)
        candidates = _candidates(connection, technology, months)
        scored = pa.Table.from_batches(classify_candidates(candidates, model, workers), PREDICTION_SCHEMA)
        start = 0
        for month in months:
            of_month = scored.slice(start, sizes.get(month, 0))
            drift = summarise(connection, month, model, usual, of_month)
            files = {workspace.predictions(technology, month): of_month, workspace.drift(technology, month): drift}
            for path, table in files.items():
                _publish(table, path)
                record_scored(path)
            start += sizes.get(month, 0)
    return scored


def _month_sizes(connection: duckdb.DuckDBPyConnection, technology: str, months: list[str]) -> dict[str, int]:
    query = f"select strftime(posted_month, '%Y-%m') as month, count(*) {_CANDIDATES} group by month"
    return dict(connection.execute(query, {"technology": technology, "months": months}).fetchall())


def _candidates(connection: duckdb.DuckDBPyConnection, technology: str, months: list[str]) -> Iterator[pa.RecordBatch]:
    """Candidates in the order of months, which is also the order of the predictions; ties by id for equal runs."""
    query = f"select post_id, title, description, skills {_CANDIDATES} order by posted_month, post_id"
    result = connection.execute(query, {"technology": technology, "months": months})
    yield from result.to_arrow_reader(CHUNK_ROWS)


def _publish(table: pa.Table, path: Path) -> None:
    with replacing(path) as building:
        pq.write_table(table, building, compression="zstd")
