"""Beside a month's predictions: one row that says what its candidates look like to the model, `lake/drift/`."""

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ml.drift import SAMPLE_POSTS, SUMMARY_SCHEMA, Familiarity, month_summary
from ml.features.post_texts import post_texts
from ml.training.artifact import StoredModel

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
