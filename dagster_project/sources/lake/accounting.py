"""What the lake adds up to: months, input hashes, rows read and rejected, age, posts without a dollar amount."""

import glob
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from dagster_project.sources.contracts import JOB_POSTS, TABLES
from dagster_project.sources.lake.manifests import (
    Manifest,
    all_manifests,
    left_out_loads,
    load_manifests,
    standing,
    total_reasons,
)
from dagster_project.sources.mapping.model import Mapping
from dagster_project.storage.sql import file_literal
from dagster_project.storage.workspace import Workspace

_NAMED_REASONS = 3
FEW_REJECTS = 2
"""So many rejects hold no month of which more rows are good: 1 of 12 says little of a feed."""


@dataclass(frozen=True)
class MonthVerdict:
    """Whether a month goes on, with the figures of the table that exceeds its reject limit the most."""

    month: str
    passed: bool
    table: str
    rows_read: int
    rows_rejected: int
    reject_limit: float
    top_reasons: dict[str, int]

    @property
    def reject_share(self) -> float:
        """Rejected rows over rows read, 0..1."""
        return self.rows_rejected / self.rows_read

    @property
    def message(self) -> str:
        """One sentence for the run's log."""
        reasons = ", ".join(f"{reason} {count:,}" for reason, count in self.top_reasons.items())
        rows = f"{self.rows_rejected:,} of {self.rows_read:,} rows of {self.table}"
        shares = f"{rows} were rejected ({self.reject_share:.1%})"
        if self.passed:
            return f"{self.month}: {shares}, within the limit of {self.reject_limit:.1%}"
        return (
            f"{self.month}: {shares}, over the limit of {self.reject_limit:.1%}: {reasons}. "
            "Fix the files and run again, or fix the mapping and replay; until then the month keeps the state it had, "
            "or stays out where it had none"
        )


def judge_months(workspace: Workspace, mapping: Mapping) -> dict[str, MonthVerdict]:
    """A verdict for each month of the lake, in order, over the loads that count and whose rejects are still open."""
    verdicts: dict[str, MonthVerdict] = {}
    loads = all_manifests(workspace)
    left_out = left_out_loads(workspace, loads)
    for table in mapping.tables:
        open_loads = [manifest for manifest in loads if manifest.table == table and manifest.superseded_by is None]
        for month in sorted({month for manifest in open_loads for month in manifest.months}):
            counted = standing(open_loads, month, left_out)
            if not any(month in manifest.months for manifest in counted):
                continue
            verdict = _judge(table, month, counted, mapping.reject_limit(table))
            if month not in verdicts or _excess(verdict) > _excess(verdicts[month]):
                verdicts[month] = verdict
    return dict(sorted(verdicts.items()))


def _judge(table: str, month: str, loads: list[Manifest], limit: float) -> MonthVerdict:
    """A load's rejects without a usable date are shared out to its months by their rows: each could hold them."""
    here = [manifest for manifest in loads if month in manifest.months]
    accepted = sum(manifest.months[month].accepted for manifest in here)
    dated = sum(manifest.months[month].rejected - manifest.months[month].undated for manifest in here)
    rejected = dated + round(sum(_share_of_undated(manifest, month) for manifest in here))
    reasons: Counter[str] = Counter()
    for manifest in loads:
        reasons.update(manifest.reject_reasons_by_month.get(month, {}))
    rows_read = accepted + rejected
    few = rejected <= FEW_REJECTS and rejected < accepted
    return MonthVerdict(
        month=month,
        passed=few or rejected <= limit * rows_read,
        table=table,
        rows_read=rows_read,
        rows_rejected=rejected,
        reject_limit=limit,
        top_reasons=dict(reasons.most_common(_NAMED_REASONS)),
    )


def _share_of_undated(manifest: Manifest, month: str) -> float:
    undated = sum(counts.undated for counts in manifest.months.values())
    dated_rows = sum(counts.rows_read - counts.undated for counts in manifest.months.values())
    own = manifest.months[month]
    return undated * (own.rows_read - own.undated) / dated_rows if dated_rows else own.undated


def _excess(verdict: MonthVerdict) -> float:
    return verdict.reject_share - verdict.reject_limit


def source_summary(workspace: Workspace) -> dict[str, dict[str, Any]]:
    """Counts by table over all loads.

    Keys: loads, rows_read, accepted, rejected, rejected_superseded, by_reason {reason: n}, by_month {YYYY-MM:
    {rows_read, accepted, rejected}}, before_history. rows_read = accepted + rejected + before_history, in each month
    without the last, which no month holds; rejected_superseded is the part of rejected whose file was replaced by a
    later version. A table without a load has zeros.
    """
    return {table: _summarise(load_manifests(workspace, table)) for table in TABLES}


def _summarise(loads: list[Manifest]) -> dict[str, Any]:
    by_month: dict[str, Counter[str]] = defaultdict(Counter)
    for manifest in loads:
        for month, counts in manifest.months.items():
            by_month[month].update(rows_read=counts.rows_read, accepted=counts.accepted, rejected=counts.rejected)
    superseded = [manifest for manifest in loads if manifest.superseded_by is not None]
    return {
        "loads": len(loads),
        "rows_read": sum(manifest.rows_read for manifest in loads),
        "accepted": sum(manifest.accepted for manifest in loads),
        "rejected": sum(manifest.rejected for manifest in loads),
        "rejected_superseded": sum(manifest.rejected for manifest in superseded),
        "before_history": sum(manifest.before_history for manifest in loads),
        "by_reason": total_reasons({str(number): load.reject_reasons for number, load in enumerate(loads)}),
        "by_month": {month: dict(counts) for month, counts in sorted(by_month.items())},
    }


def months_in_lake(workspace: Workspace, table: str) -> list[str]:
    """The months, YYYY-MM in order, that hold accepted rows of a table."""
    return sorted({month for manifest in load_manifests(workspace, table) for month in manifest.accepted_months})


def input_hashes(workspace: Workspace) -> dict[str, str]:
    """By month, YYYY-MM, 16 hex digits over the loads, of all tables, that touch it and count.

    Independent of the time of loading; a month that no such load touches is absent.
    """
    loads = all_manifests(workspace)
    left_out = left_out_loads(workspace, loads)
    touching: dict[str, list[tuple[object, ...]]] = defaultdict(list)
    for manifest in loads:
        is_superseded = manifest.superseded_by is not None
        counts = manifest.mapping_hash, is_superseded, manifest.accepted, manifest.rejected
        for month in manifest.touched_months:
            if standing([manifest], month, left_out):
                touching[month].append((manifest.table, manifest.load_id, *counts))
    return {
        month: hashlib.sha256(json.dumps(sorted(of_month)).encode()).hexdigest()[:16]
        for month, of_month in touching.items()
    }


@dataclass(frozen=True)
class DataAge:
    """Both days in UTC."""

    newest_post: date
    read_on: date

    @property
    def sentence(self) -> str:
        return f"The newest post is of {_written(self.newest_post)}, read on {_written(self.read_on)}."


def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def data_age(workspace: Workspace) -> DataAge | None:
    """None for a lake without an accepted post."""
    loads = [manifest for manifest in load_manifests(workspace, JOB_POSTS.name) if manifest.accepted]
    if not loads:
        return None
    month = max(month for manifest in loads for month in manifest.accepted_months)
    files = [str(path) for path in workspace.raw(JOB_POSTS.name).glob(f"month={month}/load=*.parquet")]
    query = f"select max({JOB_POSTS.month_field})::date from read_parquet($files, hive_partitioning = false)"
    [(newest,)] = duckdb.execute(query, {"files": files}).fetchall()
    return DataAge(newest, max(manifest.loaded_at for manifest in loads).date())


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
