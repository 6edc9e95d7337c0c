"""Scoring on Spark: the stored models, applied to each partition of the candidates where it lies.

By the functions of `ml` that `stages/classify.py` calls: the predictions are those of one machine to the last digit.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from ml.classify import PREDICTION_SCHEMA, classify_candidates
from ml.drift import SAMPLE_POSTS, SUMMARY_SCHEMA, familiarity, month_summary
from ml.features.keywords import TECHNOLOGIES, load_terms
from ml.features.post_texts import post_texts
from ml.labels.labelled_posts import load_labels
from ml.training.artifact import StoredModel, load, load_champion

CANDIDATES = "staging.stg_marketplace__candidates"
_SCORES = f"""
    select technology, substr(cast(posted_month as string), 1, 7) as month, probability
    from {CANDIDATES} inner join lake_predictions using (technology, post_id)
"""
# The sample of `stages/classify.py`: the first of a month by a hash of the id.
_SAMPLES = f"""
    with

    placed as (
        select
            *,
            row_number() over (partition by technology, posted_month order by md5(post_id), post_id) as place
        from {CANDIDATES}
    )

    select technology, substr(cast(posted_month as string), 1, 7) as month, probability, title, description, skills
    from placed inner join lake_predictions using (technology, post_id)
    where place <= {SAMPLE_POSTS}
"""


def score_candidates(spark: SparkSession, models: Path, months: list[str], files: Path) -> None:
    """Write the predictions as Parquet files, and make the views `lake_predictions` and `lake_drift`.

    models: a folder that workers reach as well. Raises ml.training.champion.ArtifactError without a usable model.
    """
    champions = [load_champion(models, technology) for technology in TECHNOLOGIES]
    scored = predictions(spark.table(CANDIDATES), champions)
    scored.write.parquet(str(files))
    spark.read.schema(scored.schema).parquet(str(files)).createOrReplaceTempView("lake_predictions")
    spark.createDataFrame(_drift(spark, champions, months)).createOrReplaceTempView("lake_drift")


def predictions(candidates: DataFrame, models: list[StoredModel]) -> DataFrame:
    """A row a candidate, columns of PREDICTION_SCHEMA.

    candidates: technology, post_id, title, description, skills. Only a model's place goes to the workers, which read
    and check the stored file themselves: nothing of it is pickled.
    """
    places = {model.card.technology: model.directory for model in models}

    def scored(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for technology in pc.unique(batch["technology"]).to_pylist():
                own = batch.filter(pc.equal(batch["technology"], technology))
                yield from classify_candidates([own], _model(places[technology]), workers=1)  # a task has one core

    return candidates.mapInArrow(scored, from_arrow_schema(PREDICTION_SCHEMA))


@lru_cache
def _model(directory: Path) -> StoredModel:
    """Read once a worker, not once a partition."""
    return load(directory)


def _drift(spark: SparkSession, models: list[StoredModel], months: list[str]) -> pa.Table:
    """Rows of SUMMARY_SCHEMA, also for a month without candidates; here, since what is counted is small."""
    scores, samples = spark.sql(_SCORES).toArrow(), spark.sql(_SAMPLES).toArrow()
    labels, terms = load_labels(), load_terms()
    rows = []
    for model in models:
        technology = model.card.technology
        usual = familiarity(model, labels, terms[technology])
        for month in months:
            is_own = (pc.field("technology") == technology) & (pc.field("month") == month)
            probability, sample = scores.filter(is_own)["probability"].to_numpy(), samples.filter(is_own)
            titles, descriptions, skills = (sample[name].to_pylist() for name in ("title", "description", "skills"))
            texts = post_texts(titles, descriptions, skills, model.card.text_setting)["text"]
            rows.append(month_summary(month, model, usual, probability, sample["probability"].to_numpy(), texts))
    return pa.Table.from_pylist(rows, SUMMARY_SCHEMA)
