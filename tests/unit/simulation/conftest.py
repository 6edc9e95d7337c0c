"""A small simulated marketplace that the tests of this folder share."""

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from dagster_project.simulation.feed import write_months
from dagster_project.simulation.market.market import Market
from dagster_project.simulation.vocabulary import load_vocabulary
from dagster_project.simulation.worlds.planted import load_planted
from tests.support.small_marketplace import POSTS, SEED


@pytest.fixture(scope="session")
def market() -> Market:
    return Market(load_planted(), load_vocabulary())


@pytest.fixture(scope="session")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of 2025-09 to 2025-11 with seed 11 and 3,000 posts a month."""
    folder = tmp_path_factory.mktemp("feed")
    write_months(folder, ["2025-09", "2025-10", "2025-11"], seed=SEED, posts_per_month=POSTS)
    return folder


@pytest.fixture(scope="session")
def november(feed: Path) -> pd.DataFrame:
    return pq.read_table(feed / "job_posts" / "2025-11.parquet").to_pandas()
