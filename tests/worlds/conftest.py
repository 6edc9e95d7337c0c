"""A small world through the chain with the truth in the classifier's place."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dagster_project.simulation.feed import write_months
from dagster_project.simulation.market.months import month_range, previous_month
from dagster_project.simulation.market.posts import CARRIED, TECHNOLOGIES, draw_posts, make_world
from ml import classify
from tests.support.job_runs import Place
from tests.support.ledger import realised_ledger

SEED, POSTS = 31, 5_000  # of which a young marketplace has some 700 in these months
FIRST_MONTH, LAST_MONTH = "2020-12", "2021-01"
KEYWORDS = {"ai": "machine learning", "cloud": "aws", "rpa": "rpa"}


@pytest.fixture(scope="session")
def ledger() -> pd.DataFrame:
    """The realised posts of two months around a category's new name, as known at the end; month as YYYY-MM.

    Of the month before them the first file repeats some.
    """
    before = previous_month(FIRST_MONTH)
    months = month_range(before, LAST_MONTH)
    posts = pd.concat([realised_ledger(SEED, month, POSTS).assign(month=month) for month in months], ignore_index=True)
    repeated = draw_posts(make_world(SEED, POSTS), before, CARRIED).post_id.astype(str)
    posts = posts[(posts["month"] > before) | posts["post_id"].isin(repeated)]
    return posts[~(posts["is_late"] & (posts["month"] == LAST_MONTH))]


@pytest.fixture(scope="session")
def world_without_errors(champions: Path, ledger: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """These months up to their release: keywords miss nothing, and every candidate's verdict is the truth."""
    place = Place(tmp_path_factory.mktemp("world"), sources="simulated_marketplace", name="simulated_marketplace")
    place.workspace.root.mkdir(parents=True)
    place.workspace.models.symlink_to(champions)
    truths = {name: set(ledger.loc[ledger[name], "post_id"]) for name in TECHNOLOGIES}
    write_months(place.workspace.feed, month_range(FIRST_MONTH, LAST_MONTH), seed=SEED, posts_per_month=POSTS)
    for path in (place.workspace.feed / "job_posts").glob("*.parquet"):
        _name_the_technologies(path, truths)
    with pytest.MonkeyPatch.context() as patch:
        settings = {"SEED": SEED, "POSTS_PER_MONTH": POSTS, "FIRST_MONTH": FIRST_MONTH, "LONG_TEXT_SHARE": 1.0}
        for name, value in settings.items():
            patch.setenv(f"HIRING_PULSE_{name}", str(value))
        patch.setattr(classify, "score_chunk", lambda chunk, model: _true_predictions(chunk, model.card, truths))
        run = place.run(LAST_MONTH, checks="none")  # which builds every month that was not built yet
    assert run.succeeded, run.failures
    return place


def _name_the_technologies(path: Path, truths: dict[str, set[str]]) -> None:
    """Give every post of a technology a tag that the keyword step knows; the file keeps its mark of origin."""
    rows = pq.read_table(path)
    tags = [
        [*skills, *(KEYWORDS[name] for name, posts in truths.items() if post_id in posts)]
        for post_id, skills in zip(rows["post_id"].to_pylist(), rows["skills"].to_pylist(), strict=True)
    ]
    position = rows.schema.get_field_index("skills")
    pq.write_table(rows.set_column(position, "skills", pa.array(tags, rows.schema.field(position).type)), path)


def _true_predictions(chunk: pa.RecordBatch, card: object, truths: dict[str, set[str]]) -> pa.RecordBatch:
    technology, count = card.technology, len(chunk)  # type: ignore[attr-defined]
    is_true = [post_id in truths[technology] for post_id in chunk.column("post_id").to_pylist()]
    columns = [
        chunk.column("post_id").cast(pa.string()),
        pa.repeat(technology, count),
        pa.array([float(value) for value in is_true]),
        pa.array(is_true, pa.bool_()),
        pa.repeat(pa.scalar(0.5), count),
        pa.repeat(card.model_version, count),  # type: ignore[attr-defined]
    ]
    return pa.record_batch(columns, schema=classify.PREDICTION_SCHEMA)
