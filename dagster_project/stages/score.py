"""Score any file: every post of a mapping's files, all three technologies, as one CSV, and what that came to.

No warehouse, no month, no filter. The files pass the same reader into a lake in a temporary folder, so that nothing of
the workspace changes; the candidates are found by the terms and over the text of `stg_marketplace__job_posts`.
"""

import glob
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from dagster_project.reports.page.display_text import display_text
from dagster_project.settings import Settings
from dagster_project.sources.errors import SourceError
from dagster_project.sources.files.connection import reading_connection
from dagster_project.sources.lake.load import IngestResult, ingest
from dagster_project.sources.lake.publication import write_schema_files
from dagster_project.sources.lake.usd_values import UsdValues, usd_values
from dagster_project.sources.mapping.model import Mapping
from dagster_project.storage.clean_text import register_clean_text
from dagster_project.storage.sql import literal
from dagster_project.storage.workspace import Workspace
from ml.atomic import replacing
from ml.classify import CHUNK_ROWS, PREDICTION_SCHEMA, classify_candidates
from ml.features.keywords import POST_TEXT, TECHNOLOGIES, candidate_rules, load_terms
from ml.training.artifact import StoredModel, champion_version, load_champion

NAMED_REJECTS = 20
_MESSAGE_LENGTH = 300


@dataclass(frozen=True)
class ScoreResult:
    """What one call wrote: posts, rows read and superseded, accepted posts by technology, and the rejected rows.

    `rejects` names the first NAMED_REJECTS rejected rows, `reject_reasons` counts all of them by reason. `usd` is None
    where the mapping reads no amount.
    """

    posts: int
    rows_read: int
    rows_superseded: int
    accepted: dict[str, int]
    reject_reasons: dict[str, int]
    rejects: list[str]
    usd: UsdValues | None = None

    def lines(self) -> list[str]:
        """The outcome for a person, rejected rows last."""
        verdicts = ", ".join(f"{count:,} {technology}" for technology, count in self.accepted.items())
        said = [f"{self.posts:,} posts scored: {verdicts}"]
        if self.rows_superseded:
            said.append(f"{self.rows_superseded:,} rows are earlier states or repeats of posts and were not scored")
        if self.usd and self.usd.without:
            said.append(self.usd.line)
        if rejected := sum(self.reject_reasons.values()):
            reasons = ", ".join(f"{reason} {count:,}" for reason, count in self.reject_reasons.items())
            said.append(f"{rejected:,} of {self.rows_read:,} rows rejected ({reasons}):")
            said += [f"  {name}" for name in self.rejects]
            if rejected > len(self.rejects):
                said.append(f"  and {rejected - len(self.rejects):,} more")
        return said


def read_result(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, mapping: Mapping, loaded: IngestResult
) -> ScoreResult:
    """The outcome, from the tables `posts`, `models` and `predictions` and the rejects below `workspace`."""
    posts = connection.table("posts").shape[0]
    accepted = connection.execute("""
        select technology, count(*) filter (where is_positive)
        from models left join predictions using (technology)
        group by technology, position order by position
    """).fetchall()
    reasons, rejects = _rejects(connection, workspace) if loaded.rejected else ({}, [])
    usd = usd_values(connection, workspace, mapping)
    return ScoreResult(posts, loaded.rows_read, loaded.accepted - posts, dict(accepted), reasons, rejects, usd)


def _rejects(connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> tuple[dict[str, int], list[str]]:
    files = literal(f"{glob.escape(str(workspace.rejects('job_posts')))}/**/*.parquet")
    source = f"read_parquet({files}, hive_partitioning = false)"
    counts = connection.execute(f"select reason, count(*) as n from {source} group by 1 order by n desc, 1").fetchall()
    named = f"select source_file, source_row, field, message from {source} order by 1, 2 limit {NAMED_REJECTS}"
    rows = connection.execute(named).fetchall()
    return dict(counts), [
        f"{file} row {row}, {field}: {display_text(message, _MESSAGE_LENGTH)}" for file, row, field, message in rows
    ]


_TABLE = "job_posts"
_FORMULA_START = r"^\s*[=+\-@]"
Log = Callable[[str], None]


def untrained(workspace: Workspace) -> list[str]:
    """Technologies without a model in use in this workspace."""
    return [technology for technology in TECHNOLOGIES if champion_version(workspace.models, technology) is None]


def score_posts(settings: Settings, out: Path, log: Log) -> ScoreResult:
    """Score the latest state of every post and write `out` by rename, one row a post and technology.

    Columns: post_id, technology, is_candidate, probability, is_positive, model_version; in the order of the files and
    their rows. A post that is no candidate was not scored: its probability is empty and is_positive false. A post_id
    that a spreadsheet would run as a formula gets an apostrophe before it. The reject limit of the mapping holds
    nothing back here. Raises SourceError for an unusable file or mapping, ArtifactError without models.
    """
    models = [load_champion(settings.workspace.models, technology) for technology in TECHNOLOGIES]
    mapping = posts_mapping(settings.mapping, settings.data)
    data = settings.data or settings.data_location
    with tempfile.TemporaryDirectory(prefix="hiring_pulse_score_") as folder:
        workspace = Workspace(Path(folder))
        memory = settings.memory_limit
        loaded = ingest(
            workspace,
            mapping,
            data,
            now=datetime.now(UTC),
            progress=log,
            memory_limit=memory,
            history_start=date.min,  # an old post is scored as well as a new one
        )
        write_schema_files(workspace)
        with reading_connection(memory, workspace.root / "spill") as connection:
            _find_candidates(connection, workspace)
            _predict(connection, models, settings.workers, log)
            _write(connection, out)
            return read_result(connection, workspace, mapping, loaded)


def posts_mapping(mapping: Mapping, data: str | None) -> Mapping:
    """The mapping's job posts alone; where `data` is one file, read by the group of files that it belongs to."""
    groups = mapping.tables.get(_TABLE)
    if groups is None:
        raise SourceError(f"{mapping.origin}: maps no {_TABLE}, so there is nothing to score; add the table")
    if data and Path(data).is_file():
        fitting = groups if len(groups) == 1 else [group for group in groups if group.covers(data)]
        if not fitting:
            patterns = ", ".join(pattern for group in groups for pattern in group.files)
            raise SourceError(f"{data}: fits none of the mapping's `files` ({patterns}); rename it or give its folder")
        groups = [fitting[0].model_copy(update={"files": [glob.escape(str(Path(data).resolve()))]})]
    return mapping.model_copy(update={"tables": {_TABLE: groups}})


def _find_candidates(connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> None:
    """The view `lake_posts` and the table `posts`: the latest state of each post and what it is a candidate for."""
    register_clean_text(connection)
    files = literal(f"{glob.escape(str(workspace.raw(_TABLE)))}/**/*.parquet")
    connection.execute(f"create view lake_posts as from read_parquet({files}, hive_partitioning = false)")
    rules = candidate_rules(load_terms())
    verdicts = ", ".join(f"{rules[technology]} as is_{technology}" for technology in TECHNOLOGIES)
    connection.execute(f"""
        create table posts as
        with latest as (
            select load_id, source_row
            from lake_posts
            qualify row_number() over (
                partition by post_id order by observed_at desc, source_file desc, source_row desc, load_id desc
            ) = 1
        ),
        post_texts as (
            select
                post_id, source_file, source_row, load_id,
                {POST_TEXT} as post_text
            from lake_posts as post
            semi join latest using (load_id, source_row)
        )
        select post_id, source_file, source_row, load_id, {verdicts} from post_texts
    """)


def _predict(connection: duckdb.DuckDBPyConnection, models: list[StoredModel], workers: int, log: Log) -> None:
    """The tables `models` and `predictions`, filled with one technology after the other."""
    connection.execute("create table models (position integer, technology varchar, model_version varchar)")
    connection.register("no_predictions", pa.Table.from_batches([], PREDICTION_SCHEMA))
    connection.execute("create table predictions as from no_predictions")
    for position, model in enumerate(models):
        card = model.card
        log(f"scoring {card.technology} with model {card.model_version}")
        connection.execute("insert into models values (?, ?, ?)", [position, card.technology, card.model_version])
        scored = classify_candidates(_candidates(connection, card.technology), model, workers)
        connection.register("scored", pa.Table.from_batches(scored, PREDICTION_SCHEMA))
        connection.execute("insert into predictions from scored")


def _candidates(connection: duckdb.DuckDBPyConnection, technology: str) -> Iterator[pa.RecordBatch]:
    result = connection.execute(f"""
        select post_id, title, description, skills
        from lake_posts
        semi join (from posts where is_{technology}) as candidates using (load_id, source_row)
    """)
    yield from result.to_arrow_reader(CHUNK_ROWS)


def _write(connection: duckdb.DuckDBPyConnection, out: Path) -> None:
    apostrophe = f"case when regexp_matches(post_id, {literal(_FORMULA_START)}) then '''' else '' end"
    rows = f"""
        select
            {apostrophe} || post_id as post_id,
            technology,
            predictions.probability is not null as is_candidate,
            predictions.probability,
            coalesce(predictions.is_positive, false) as is_positive,
            models.model_version
        from posts
        cross join models
        left join predictions using (post_id, technology)
        order by source_file, source_row, position
    """
    with replacing(out) as building:
        connection.execute(f"copy ({rows}) to {literal(str(building))} (format csv, header)")
