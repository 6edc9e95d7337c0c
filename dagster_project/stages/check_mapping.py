"""What a mapping reads of an export, before anything is loaded: rows, months, values understood, rejects.

The files pass the same reader into a lake in a temporary folder, so that nothing of the workspace changes.
"""

import glob
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from dagster_project.settings import Settings
from dagster_project.sources.contracts import JOB_POSTS
from dagster_project.sources.files.connection import reading_connection
from dagster_project.sources.lake.accounting import source_summary
from dagster_project.sources.lake.load import ingest
from dagster_project.sources.lake.manifests import load_manifests
from dagster_project.sources.lake.publication import write_schema_files
from dagster_project.stages.score import posts_mapping, with_stand_ins
from dagster_project.storage.shown_text import told_reject
from dagster_project.storage.sql import identifier, literal
from dagster_project.storage.workspace import Workspace

NAMED_REJECTS = 10
_TABLE = JOB_POSTS.name
_USD = ("budget_usd", "hourly_rate_low_usd", "hourly_rate_high_usd")


@dataclass(frozen=True)
class ColumnCheck:
    """Rows in which a column's expression gives a value that is ours, one that is not, and none."""

    name: str
    understood: int
    refused: int
    empty: int

    def line(self) -> str:
        given = self.understood + self.refused
        if not given:
            return f"  {self.name:<22} nothing in any row: is it the right column?"
        share = self.understood / given
        shown = f"{share:.1%}" if share in (0, 1) or 0.001 < share < 0.999 else f"{share:.3%}"
        return f"  {self.name:<22} {shown:>7} of {given:,} values understood, {self.empty:,} rows without one"


@dataclass(frozen=True)
class CheckResult:
    """What came of the rows of job_posts; `posts` are different ids, `months` kept rows by YYYY-MM."""

    rows_read: int
    kept: int
    posts: int
    rejected: int
    before_history: int
    months: dict[str, int]
    columns: list[ColumnCheck]
    not_provided: list[str]
    no_usd_value: int
    languages: dict[str, int]
    """Posts by language (ISO 639-1), the most frequent first; `` where the text is too short to tell."""
    reject_reasons: dict[str, int]
    rejects: list[str]
    other_tables: dict[str, tuple[int, int]]
    """Rows read and rejected of the mapping's other tables."""

    def lines(self) -> list[str]:
        """The result for a person."""
        duplicate = self.kept - self.posts
        parts = f"{self.posts:,} posts + {duplicate:,} duplicate + {self.rejected:,} rejected"
        if self.before_history:
            parts += f" + {self.before_history:,} before the history start"
        said = [f"{self.rows_read:,} rows read = {parts}"]
        said += (
            [f"months: {', '.join(f'{month} {count:,}' for month, count in self.months.items())}"]
            if self.months
            else []
        )
        said += ["values by column:", *(column.line() for column in self.columns)]
        if self.not_provided:
            said.append(f"not provided: {', '.join(self.not_provided)}")
        if missing := [field for field in ("post_id", "posted_at") if field in self.not_provided]:
            said.append(f"without {' and '.join(missing)} a feed can be scored and not be reported on")
        said.append(f"posts without a USD value: {self.no_usd_value:,} of {self.posts:,}")
        told = ", ".join(f"{language or 'too short to tell'} {count:,}" for language, count in self.languages.items())
        said.append(f"languages: {told} (the classifiers read English)" if told else "languages: no post")
        if self.rejected:
            reasons = ", ".join(f"{reason} {count:,}" for reason, count in self.reject_reasons.items())
            said += [f"rejected ({reasons}):", *(f"  {reject}" for reject in self.rejects)]
            if self.rejected > len(self.rejects):
                said.append(f"  and {self.rejected - len(self.rejects):,} more")
        for table, (rows, rejected) in self.other_tables.items():
            said.append(f"{table}: {rows:,} rows read, {rejected:,} rejected")
        return said


def check_mapping(settings: Settings, log: Callable[[str], None]) -> CheckResult:
    """Read the mapping's files, or the one file that `settings.data` names, into a temporary lake.

    Raises SourceError for an unusable file or mapping. No reject limit holds anything back.
    """
    data = settings.data or settings.data_location
    is_one_file = bool(settings.data) and Path(settings.data or "").is_file()
    mapping = posts_mapping(settings.mapping, settings.data) if is_one_file else settings.mapping
    with tempfile.TemporaryDirectory(prefix="hiring_pulse_check_") as folder:
        workspace = Workspace(Path(folder))
        memory = settings.memory_limit
        ingest(
            workspace,
            with_stand_ins(mapping),
            data,
            now=datetime.now(UTC),
            progress=log,
            memory_limit=memory,
            history_start=settings.history_start,
        )
        write_schema_files(workspace)
        provided = {name for group in mapping.tables.get(_TABLE, []) for name in group.columns}
        with reading_connection(memory, workspace.root / "spill") as connection:
            return _result(connection, workspace, [name for name in JOB_POSTS.column_names if name in provided])


def _result(connection: duckdb.DuckDBPyConnection, workspace: Workspace, provided: list[str]) -> CheckResult:
    _views(connection, workspace)
    summary = source_summary(workspace)
    figures = summary[_TABLE]
    usd = " and ".join(f"{name} is null" for name in _USD)
    latest = "qualify row_number() over (partition by post_id order by observed_at desc, source_row desc) = 1"
    if "post_id" not in provided:  # every row is a post of its own, as for `score`
        latest = ""
    by_month = figures["by_month"] if "posted_at" in provided else {}
    posts, no_usd = _row(connection, f"select count(*), count(*) filter (where {usd}) from (from kept {latest})")
    return CheckResult(
        rows_read=figures["rows_read"],
        kept=figures["accepted"],
        posts=posts,
        rejected=figures["rejected"],
        before_history=figures["before_history"],
        months={month: counts["accepted"] for month, counts in by_month.items() if counts["accepted"]},
        columns=_columns(connection, provided, figures["accepted"]),
        not_provided=[c.name for c in JOB_POSTS.columns if c.name not in provided and c.default_sql is None],
        no_usd_value=no_usd,
        languages=dict(
            connection.execute(
                f"select coalesce(language, ''), count(*) as n from (from kept {latest}) group by 1 order by n desc, 1"
            ).fetchall()
        ),
        reject_reasons=dict(sorted(figures["by_reason"].items(), key=lambda item: -item[1])),
        rejects=_rejects(connection),
        other_tables={
            table: (counts["rows_read"], counts["rejected"])
            for table, counts in summary.items()
            if table != _TABLE and load_manifests(workspace, table)
        },
    )


def _views(connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> None:
    """`kept` and `rejected`; an export without a reject leaves no file of them."""
    connection.execute(f"create view kept as from {_parquet(workspace.raw(_TABLE))}")
    rejects = workspace.rejects(_TABLE)
    if any(rejects.rglob("*.parquet")):
        connection.execute(f"create view rejected as from {_parquet(rejects)}")
    else:
        columns = (
            "source_file varchar, source_row bigint, field varchar, value varchar, reason varchar, message varchar"
        )
        connection.execute(f"create table rejected ({columns})")


def _parquet(folder: Path) -> str:
    return f"read_parquet({literal(f'{glob.escape(str(folder))}/**/*.parquet')}, hive_partitioning = false)"


def _columns(connection: duckdb.DuckDBPyConnection, provided: list[str], kept: int) -> list[ColumnCheck]:
    """A reject names the one field that failed; its other fields are not counted."""
    counts = ", ".join(f"count({identifier(name)})" for name in provided)
    understood = _row(connection, f"select {counts} from kept")
    refused = dict(
        connection.execute("select field, count(*) from rejected where value is not null group by 1").fetchall()
    )
    return [
        ColumnCheck(name, given, refused.get(name, 0), kept - given)
        for name, given in zip(provided, understood, strict=True)
    ]


def _rejects(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The first rows of each reason, so that a rare one is seen beside a frequent one."""
    rows = connection.execute(f"""
        select source_file, source_row, field, message
        from rejected
        order by row_number() over (partition by field, reason order by source_file, source_row), field, reason
        limit {NAMED_REJECTS}
    """).fetchall()
    return [told_reject(*row) for row in rows]


def _row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None
    return tuple(row)
