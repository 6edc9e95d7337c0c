"""What scoring a file came to: posts, accepted posts, and the rows that were refused."""

import glob
from dataclasses import dataclass

import duckdb

from dagster_project.reports.page.display_text import display_text
from dagster_project.sources.lake.load import IngestResult
from dagster_project.storage.sql import literal
from dagster_project.storage.workspace import Home

NAMED_REJECTS = 20
_MESSAGE_LENGTH = 300


@dataclass(frozen=True)
class ScoreResult:
    """What one call wrote: posts, rows read and superseded, accepted posts by technology, and the rejected rows.

    `rejects` names the first NAMED_REJECTS rejected rows, `reject_reasons` counts all of them by reason.
    """

    posts: int
    rows_read: int
    rows_superseded: int
    accepted: dict[str, int]
    reject_reasons: dict[str, int]
    rejects: list[str]

    def lines(self) -> list[str]:
        """The outcome for a person, rejected rows last."""
        verdicts = ", ".join(f"{count:,} {technology}" for technology, count in self.accepted.items())
        said = [f"{self.posts:,} posts scored: {verdicts}"]
        if self.rows_superseded:
            said.append(f"{self.rows_superseded:,} rows are earlier states or repeats of posts and were not scored")
        if rejected := sum(self.reject_reasons.values()):
            reasons = ", ".join(f"{reason} {count:,}" for reason, count in self.reject_reasons.items())
            said.append(f"{rejected:,} of {self.rows_read:,} rows rejected ({reasons}):")
            said += [f"  {name}" for name in self.rejects]
            if rejected > len(self.rejects):
                said.append(f"  and {rejected - len(self.rejects):,} more")
        return said


def read_result(connection: duckdb.DuckDBPyConnection, home: Home, loaded: IngestResult) -> ScoreResult:
    """The outcome, from the tables `posts`, `models` and `predictions` and the rejects below `home`."""
    posts = connection.table("posts").shape[0]
    accepted = connection.execute("""
        select technology, count(*) filter (where is_positive)
        from models left join predictions using (technology)
        group by technology, position order by position
    """).fetchall()
    reasons, rejects = _rejects(connection, home) if loaded.rejected else ({}, [])
    return ScoreResult(posts, loaded.rows_read, loaded.accepted - posts, dict(accepted), reasons, rejects)


def _rejects(connection: duckdb.DuckDBPyConnection, home: Home) -> tuple[dict[str, int], list[str]]:
    files = literal(f"{glob.escape(str(home.rejects('job_posts')))}/**/*.parquet")
    source = f"read_parquet({files}, hive_partitioning = false)"
    counts = connection.execute(f"select reason, count(*) as n from {source} group by 1 order by n desc, 1").fetchall()
    named = f"select source_file, source_row, field, message from {source} order by 1, 2 limit {NAMED_REJECTS}"
    rows = connection.execute(named).fetchall()
    return dict(counts), [
        f"{file} row {row}, {field}: {display_text(message, _MESSAGE_LENGTH)}" for file, row, field, message in rows
    ]
