"""Chain, floor and polars count the same, the last two also of rows of every kind; a difference is found."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest

from dagster_project.simulation.feed import write_months
from ml.training.artifact import StoredModel, load_champion
from tests.bench import bare_polars, bare_polars_counts, floor
from tests.bench.agreement import DifferentCountsError, compared_rows, parquet_tables, same_rows
from tests.conftest import BuildOnce
from tests.support.job_runs import Place

AWKWARD = {
    "early": "posted_at - interval 40 days as posted_at",
    "late": "observed_at + interval 1 hour as observed_at, 'Cloud engineer, AWS' as title",
    "tied": "'Legal' as category, 99.99 as budget_usd, 'fixed' as contract_type",
    "no client": "null as client_id",
    "no category": "null as category, 'Chatbot with ChatGPT' as title",
    "unknown names": "'Alchemy' as category, 'Atlantis' as client_country",
    "odd occupation": "'Alchemy' as occupation",
    "blank": "'  ' as title",
    "tab": "chr(9) as title",
    "untitled": "null as title",
    "negative": "-1 as budget_usd",
    "nought": "0 as budget_usd, 'fixed' as contract_type",
    "open": "null as budget_usd, 'fixed' as contract_type",
    "unknown contract": "'barter' as contract_type",
    "cents": """'hourly' as contract_type, 12.34 as hourly_rate_low_usd, 20.01 as hourly_rate_high_usd,
        'under_30' as weekly_hours_band, '1_to_3_months' as duration_band,
        timestamptz '2021-11-15 12:00:00+00' as posted_at""",
    "no skills": "null as skills, 'Zapier bot for UiPath and AWS' as title",
    "excluded phrase": "'Trading robot to copy invoices from emails into excel' as title",
    "accents": "'éai ÀAWS aiß UiPathé' as title, ['naïve aws'] as skills",
}
"""What distinguishes rows that the simulated marketplace lacks; the first three are further states of its own posts.

Those with cents have a month of their own, whose quartiles are then theirs.
"""
LENIENT = 0.4
OF_POSTS_THERE = ("early", "late", "tied")


def write_awkward_rows(feed: Path) -> None:
    """One more file of job posts, made from rows of another."""
    there = f"from read_parquet('{feed}/job_posts/2022-01.parquet')"
    of_each = []
    for number, (name, difference) in enumerate(AWKWARD.items()):
        key = "post_id as post_id" if name in OF_POSTS_THERE else f"'{name} ' || post_id as post_id"
        of_each.append(f"(select * replace ({key}, {difference}) {there} limit 7 offset {7 * number})")
    with duckdb.connect() as connection:
        connection.execute(f"copy ({' union all '.join(of_each)}) to '{feed}/job_posts/2022-01-more.parquet'")


@contextmanager
def lenient_classifiers() -> Iterator[None]:
    """Both programs accept what is likelier than LENIENT, so that a post left out for its phrases would be seen."""

    def load(models: Path, technology: str) -> StoredModel:
        model = load_champion(models, technology)
        return replace(model, card=replace(model.card, threshold=LENIENT))

    with pytest.MonkeyPatch.context() as patch:
        for program in (floor, bare_polars):
            patch.setattr(program, "load_champion", load)
        yield


@pytest.fixture(scope="module")
def counts(champions: Path, build_once: BuildOnce) -> Path:
    """Counts of both programs, in folders of their names, of the feed that lies beside them."""

    def fill(root: Path) -> None:
        write_months(root / "feed", ["2021-12", "2022-01", "2022-02"], seed=7, posts_per_month=700, long_text_share=0.2)
        write_awkward_rows(root / "feed")
        with lenient_classifiers():
            floor.run(root / "feed", champions, root / "floor")
            bare_polars.run(root / "feed", champions, root / "polars")

    return build_once("bare_counts", fill)


def agreed_rows(left: Path, right: Path) -> int:
    with duckdb.connect() as connection:
        return same_rows(connection, parquet_tables(left), parquet_tables(right))


def test_polars_counts_what_the_floor_counts(counts: Path) -> None:
    assert agreed_rows(counts / "floor", counts / "polars") > 1_000
    growth = pl.read_parquet(counts / "polars" / "growth_counts.parquet")
    assert growth.filter(level="technology")["post_count"].sum() > 100


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("share_counts", "penetration_sum_yn"),
        ("value_counts", "upper_quartile_usd"),
        ("growth_counts", "sum_client_squares"),
    ],
)
def test_one_count_that_differs_is_found(counts: Path, tmp_path: Path, table: str, column: str) -> None:
    changed = shutil.copytree(counts / "polars", tmp_path / "polars") / f"{table}.parquet"
    rows = pl.read_parquet(changed)
    largest = pl.int_range(pl.len()) == pl.col(column).arg_max()
    rows.with_columns(pl.when(largest).then(pl.col(column) + 1).otherwise(column).alias(column)).write_parquet(changed)
    with pytest.raises(DifferentCountsError, match=table):
        agreed_rows(counts / "floor", changed.parent)


def test_another_rule_in_polars_is_found(
    counts: Path, champions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bare_polars_counts, "HIGH_VALUE", 900)
    with lenient_classifiers():
        bare_polars.run(counts / "feed", champions, tmp_path / "polars")
    with pytest.raises(DifferentCountsError, match="value_counts"):
        agreed_rows(counts / "floor", tmp_path / "polars")


def test_both_count_what_the_chain_counts(marketplace: Place, tmp_path: Path) -> None:
    workspace = marketplace.workspace
    floor.run(workspace.feed, workspace.models, tmp_path / "floor")
    bare_polars.run(workspace.feed, workspace.models, tmp_path / "polars")
    assert compared_rows(workspace, tmp_path / "floor", tmp_path / "polars") > 1_000
