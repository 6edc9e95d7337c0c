"""The audit sample of the simulated marketplace has known probabilities and tells the truth of its posts alone."""

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from tests.support.ledger import realised_ledger
from tests.support.small_marketplace import POSTS, SEED


@pytest.fixture(scope="module")
def labels(feed: Path) -> pd.DataFrame:
    return pq.read_table(feed / "audit_labels" / "2025-11.parquet").to_pandas()


def test_labels_say_what_really_happened(labels: pd.DataFrame):
    ledger = realised_ledger(SEED, "2025-11", POSTS).set_index("post_id")
    truth = [
        bool(ledger.loc[post, technology])
        for post, technology in zip(labels["post_id"], labels["technology"], strict=True)
    ]
    assert labels["is_positive"].tolist() == truth


def test_a_drawn_post_is_labelled_once_for_each_technology_with_one_probability(labels: pd.DataFrame):
    by_post = labels.groupby("post_id")
    assert by_post["technology"].nunique().eq(3).all()
    assert by_post["inclusion_probability"].nunique().eq(1).all()
    assert not labels.duplicated(["post_id", "technology"]).any()


def test_the_weights_stand_for_all_posts_of_the_month_and_every_stratum_is_drawn_from(labels: pd.DataFrame):
    posts = labels.drop_duplicates("post_id")
    month = len(realised_ledger(SEED, "2025-11", POSTS))
    deviation = (1 / posts["inclusion_probability"] * (1 / posts["inclusion_probability"] - 1)).sum() ** 0.5
    assert abs((1 / posts["inclusion_probability"]).sum() - month) < 3 * deviation
    assert posts["stratum"].nunique() == 2


def test_a_larger_marketplace_is_not_audited_more(labels: pd.DataFrame):
    assert 600 < labels["post_id"].nunique() < 1200
