"""How many posts of the lake have no amount in US dollars: they gave none, or one of a currency without a rate."""

import glob
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from dagster_project.sources.contracts import JOB_POSTS
from dagster_project.sources.mapping.model import Mapping
from dagster_project.storage.sql import file_literal
from dagster_project.storage.workspace import Workspace

AMOUNTS = ("budget_usd", "hourly_rate_low_usd", "hourly_rate_high_usd")


@dataclass(frozen=True)
class UsdValues:
    """Kept posts, each in its latest state, and those of them `without` any amount in USD."""

    posts: int
    without: int

    @property
    def line(self) -> str:
        """One sentence for the run's log."""
        return (
            f"{self.without:,} of the {self.posts:,} kept posts have no USD value: they give no amount, or one in "
            f"another currency, which only money(amount, currency, day) and the mapping's `rates` turn into USD"
        )


def usd_values(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, mapping: Mapping, months: Iterable[str] = ("*",)
) -> UsdValues | None:
    """Counts over the accepted rows of `months` (YYYY-MM; all without them).

    None where the mapping reads no amount, so that there is nothing to say.
    """
    provided = {name for group in mapping.tables.get(JOB_POSTS.name, []) for name in group.columns}
    patterns = [f"{glob.escape(str(workspace.raw(JOB_POSTS.name)))}/month={month}/load=*.parquet" for month in months]
    files = sorted(path for pattern in patterns for path in glob.glob(pattern))  # noqa: PTH207
    if not provided & set(AMOUNTS) or not files:
        return None
    query = f"""
        with states as (
            select
                post_id, observed_at, source_file, source_row, load_id,
                coalesce({", ".join(AMOUNTS)}) is null as is_without
            from read_parquet([{", ".join(map(file_literal, files))}], hive_partitioning = false)
        ),
        -- the latest state counts, and is looked for only where some state has no amount
        latest as (
            select is_without
            from states
            semi join (select post_id from states where is_without) as doubtful using (post_id)
            qualify row_number() over (
                partition by post_id order by observed_at desc, source_file desc, source_row desc, load_id desc
            ) = 1
        )
        select
            (select count(distinct post_id) from states),
            (select count(*) from latest where is_without)
    """
    [(posts, without)] = connection.execute(query).fetchall()
    return UsdValues(posts, without)
