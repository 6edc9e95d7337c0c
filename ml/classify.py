"""Score candidates: posts in, probabilities out, in chunks of one size, on all cores, in memory that does not grow."""

import os
from collections.abc import Iterable, Iterator

import joblib
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from ml.features.post_texts import TextSetting, post_texts
from ml.training.artifact import StoredModel

CHUNK_ROWS = 2_000  # a chunk's letters lie in the processor's cache, its calls of numpy cost little beside its work
PREDICTION_SCHEMA = pa.schema(
    [
        ("post_id", pa.string()),
        ("technology", pa.string()),
        ("probability", pa.float64()),
        ("is_positive", pa.bool_()),
        ("threshold", pa.float64()),
        ("model_version", pa.string()),
    ]
)


def classify_candidates(
    batches: Iterable[pa.RecordBatch], model: StoredModel, workers: int | None = None
) -> Iterator[pa.RecordBatch]:
    """Score candidates of one technology, in the order they come.

    batches: columns post_id, title, description, skills (list of text). workers: threads, None = all cores; they pay
    because the arrays of a chunk are computed without the interpreter. Yields batches of PREDICTION_SCHEMA (at most
    CHUNK_ROWS rows), probability rounded to 6 digits. Memory: a few chunks. The result does not depend on workers or on
    how the rows were batched.
    """
    chunks = rechunked(batches, CHUNK_ROWS)
    count = workers or os.cpu_count() or 1
    if count == 1:
        yield from (score_chunk(chunk, model) for chunk in chunks)
        return
    settings = {"backend": "threading", "return_as": "generator", "pre_dispatch": 2 * count, "batch_size": 1}
    yield from joblib.Parallel(n_jobs=count, **settings)(joblib.delayed(score_chunk)(chunk, model) for chunk in chunks)


def score_chunk(chunk: pa.RecordBatch, model: StoredModel) -> pa.RecordBatch:
    """Predictions of one chunk of candidates; columns as PREDICTION_SCHEMA."""
    probability = probabilities(_posts(chunk, model.card.text_setting), model)
    columns = [
        chunk.column("post_id").cast(pa.string()),
        pa.repeat(model.card.technology, len(chunk)),
        pa.array(probability),
        pa.array(probability >= model.card.threshold),
        pa.repeat(pa.scalar(model.card.threshold, pa.float64()), len(chunk)),
        pa.repeat(model.card.model_version, len(chunk)),
    ]
    return pa.record_batch(columns, schema=PREDICTION_SCHEMA)


def probabilities(posts: pd.DataFrame, model: StoredModel) -> npt.NDArray[np.float64]:
    """Probability of each post of a `post_texts` frame, rounded to 6 digits."""
    if posts.empty:
        return np.zeros(0)
    return model.pipeline.predict_proba(posts)[:, 1].round(6)


def rechunked(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """The same rows in the same order, in batches of exactly `rows` rows (the last may be shorter); empty
    batches vanish."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        while sum(map(len, waiting)) >= rows:
            table = pa.Table.from_batches(waiting)
            yield _single(table.slice(0, rows))
            waiting = table.slice(rows).to_batches()
    if sum(map(len, waiting)):
        yield _single(pa.Table.from_batches(waiting))


def _single(table: pa.Table) -> pa.RecordBatch:
    return table.combine_chunks().to_batches()[0]


def _posts(chunk: pa.RecordBatch, setting: TextSetting) -> pd.DataFrame:
    title, description, skills = (chunk.column(name).to_pylist() for name in ("title", "description", "skills"))
    return post_texts(title, description, skills, setting)
