"""Score any file: every post of a mapping's files, all three technologies, as one CSV, and what that came to.

No warehouse, no month, no filter. The files pass the same reader into a lake in a temporary folder, so that nothing of
the workspace changes; the candidates are found by the terms and over the text of `stg_marketplace__job_posts`. A text
that comes again is scored once.
"""

import glob
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from dagster_project.settings import Settings
from dagster_project.sources.contracts import HISTORY_START
from dagster_project.sources.errors import SourceError
from dagster_project.sources.files.connection import reading_connection
from dagster_project.sources.lake.accounting import UsdValues, usd_values
from dagster_project.sources.lake.load import IngestResult, ingest
from dagster_project.sources.lake.publication import write_schema_files
from dagster_project.sources.mapping.model import Mapping
from dagster_project.stages.train import untrained
from dagster_project.storage.shown_text import told_reject
from dagster_project.storage.sql import literal, register_clean_text
from dagster_project.storage.workspace import Workspace
from ml.atomic import replacing
from ml.classify import CHUNK_ROWS, PREDICTION_SCHEMA, classify_candidates
from ml.features.keywords import POST_TEXT, TECHNOLOGIES, candidate_rules, load_terms
from ml.training.artifact import StoredModel, load_champion

NAMED_REJECTS = 20


@dataclass(frozen=True)
class ScoreResult:
    """What one call wrote: posts, the different texts among them, rows read and superseded, accepted posts by
    technology, and the rejected rows.

    `rejects` names the first NAMED_REJECTS rejected rows, `reject_reasons` counts all of them by reason. `formula_ids`
    are ids that a spreadsheet would run; `example_id` is one of those made where the mapping has none. `usd` is None
    where the mapping reads no amount.
    """

    posts: int
    texts: int
    rows_read: int
    rows_superseded: int
    accepted: dict[str, int]
    reject_reasons: dict[str, int]
    rejects: list[str]
    formula_ids: int
    is_for_spreadsheets: bool
    example_id: str | None
    usd: UsdValues | None = None

    def lines(self) -> list[str]:
        """The outcome for a person, rejected rows last."""
        verdicts = ", ".join(f"{count:,} {technology}" for technology, count in self.accepted.items())
        rejected = sum(self.reject_reasons.values())
        said = [
            f"{self.posts:,} posts scored: {verdicts}",
            f"rows read {self.rows_read:,}, kept {self.posts:,}, duplicate {self.rows_superseded:,},"
            f" rejected {rejected:,}",
        ]
        if self.rows_superseded:
            said.append(f"{self.rows_superseded:,} rows are earlier states or repeats of posts and were not scored")
        if repeats := self.posts - self.texts:
            said.append(f"{repeats:,} posts repeat the text of another, word for word; each text was scored once")
        if self.usd and self.usd.without:
            said.append(self.usd.line)
        if self.example_id:
            said.append(f"the mapping has no post_id: ids are file and row, as in {self.example_id}")
        if self.formula_ids:
            said.append(f"{self.formula_ids:,} ids begin like a formula; {self._what_became_of_them()}")
        return said + self._told_rejects(rejected)

    def _what_became_of_them(self) -> str:
        if self.is_for_spreadsheets:
            return "they have an apostrophe before them, so that no spreadsheet runs them"
        return "they are written as they are, so that they join; for a spreadsheet score with --for-spreadsheets"

    def _told_rejects(self, rejected: int) -> list[str]:
        if not rejected:
            return []
        reasons = ", ".join(f"{reason} {count:,}" for reason, count in self.reject_reasons.items())
        said = [f"{rejected:,} of {self.rows_read:,} rows rejected ({reasons}):", *(f"  {r}" for r in self.rejects)]
        return said + ([f"  and {rejected - len(self.rejects):,} more"] if rejected > len(self.rejects) else [])


def read_result(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    mapping: Mapping,
    loaded: IngestResult,
    for_spreadsheets: bool,
) -> ScoreResult:
    """The outcome, from the tables `posts`, `models` and `predictions` and the rejects below `workspace`."""
    posts, texts, formulas, example = connection.execute(f"""
        select
            count(*), count(distinct text_id), count(*) filter ({_IS_FORMULA}), first(post_id) filter (has_made_id)
        from (from posts order by source_file, source_row)
    """).fetchall()[0]
    accepted = connection.execute("""
        select technology, count(post_id) filter (where is_positive)
        from models
        left join predictions using (technology)
        left join posts using (text_id)
        group by technology, position order by position
    """).fetchall()
    reasons, rejects = _rejects(connection, workspace) if loaded.rejected else ({}, [])
    return ScoreResult(
        posts=posts,
        texts=texts,
        rows_read=loaded.rows_read,
        rows_superseded=loaded.accepted - posts,
        accepted=dict(accepted),
        reject_reasons=reasons,
        rejects=rejects,
        formula_ids=formulas,
        is_for_spreadsheets=for_spreadsheets,
        example_id=example,
        usd=usd_values(connection, workspace, mapping),
    )


def _rejects(connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> tuple[dict[str, int], list[str]]:
    files = literal(f"{glob.escape(str(workspace.rejects('job_posts')))}/**/*.parquet")
    source = f"read_parquet({files}, hive_partitioning = false)"
    counts = connection.execute(f"select reason, count(*) as n from {source} group by 1 order by n desc, 1").fetchall()
    named = f"select source_file, source_row, field, message from {source} order by 1, 2 limit {NAMED_REJECTS}"
    rows = connection.execute(named).fetchall()
    return dict(counts), [told_reject(*row) for row in rows]


_TABLE = "job_posts"
_IS_FORMULA = r"regexp_matches(post_id, '^\s*[=+\-@]')"
_NO_ID = "(no post_id)"
_NO_UNLESS_UNREAD = "case when coalesce(posts.language, 'en') = 'en' then false end"
"""A post in a language that no classifier was trained on is not silently 'no'."""
_STAND_INS = {"post_id": literal(_NO_ID), "posted_at": f"timestamp {literal(str(HISTORY_START))}"}
"""What fills the required columns that scoring does not need; no date of a post is read from it."""

Log = Callable[[str], None]


def score_posts(
    settings: Settings, out: Path, log: Log, *, train: Callable[[], None] | None = None, for_spreadsheets: bool = False
) -> ScoreResult:
    """Score the latest state of every post and write `out` by rename, one row a post and technology.

    Columns: post_id, technology, is_candidate, probability, is_positive, model_version, language; in the order of the
    files and their rows. A post that is no candidate was not scored: its probability is empty and is_positive false,
    or empty too where the post is in a language that no classifier was trained on. A mapping
    without post_id gives each row `<file>:<row>` as its id, one without posted_at takes the last row of an id. Ids are
    written as they are, so that they join; `for_spreadsheets` puts an apostrophe before one that a spreadsheet would
    run as a formula. The reject limit of the mapping holds nothing back here. `train` is called after the files were
    read where there are no models yet. Raises SourceError for an unusable file or mapping, ArtifactError without a
    model.
    """
    mapping = with_stand_ins(posts_mapping(settings.mapping, settings.data))
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
        if train and untrained(settings.workspace):
            train()
        models = [load_champion(settings.workspace.models, technology) for technology in TECHNOLOGIES]
        with reading_connection(memory, workspace.root / "spill") as connection:
            _find_candidates(connection, workspace)
            _predict(connection, models, settings.workers, log)
            _write(connection, out, for_spreadsheets)
            return read_result(connection, workspace, mapping, loaded, for_spreadsheets)


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


def with_stand_ins(mapping: Mapping) -> Mapping:
    """The mapping with something in the place of an id and a date that it does not have, so that it can be read."""
    groups = [
        group.model_copy(update={"columns": _STAND_INS | group.columns}) for group in mapping.tables.get(_TABLE, [])
    ]
    return mapping.model_copy(update={"tables": mapping.tables | ({_TABLE: groups} if groups else {})})


def _find_candidates(connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> None:
    """The view `lake_posts` and the table `posts`: the latest state of each post and what it is a candidate for."""
    register_clean_text(connection)
    files = literal(f"{glob.escape(str(workspace.raw(_TABLE)))}/**/*.parquet")
    connection.execute(f"""
        create view lake_posts as
        select
            * exclude (post_id),
            post_id = {literal(_NO_ID)} as has_made_id,
            case when has_made_id then source_file || ':' || source_row else post_id end as post_id,
            md5(to_json([title, array_to_string(skills, ' | '), description])::varchar) as text_id
        from read_parquet({files}, hive_partitioning = false)
    """)
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
                post_id, has_made_id, text_id, language, source_file, source_row, load_id,
                {POST_TEXT} as post_text
            from lake_posts as post
            semi join latest using (load_id, source_row)
        )
        select post_id, has_made_id, text_id, language, source_file, source_row, load_id, {verdicts} from post_texts
    """)


def _predict(connection: duckdb.DuckDBPyConnection, models: list[StoredModel], workers: int, log: Log) -> None:
    """The tables `models` and `predictions`, filled with one technology after the other."""
    connection.execute("create table models (position integer, technology varchar, model_version varchar)")
    connection.register("no_predictions", pa.Table.from_batches([], PREDICTION_SCHEMA))
    connection.execute("create table predictions as select * rename (post_id as text_id) from no_predictions")
    for position, model in enumerate(models):
        card = model.card
        log(f"scoring {card.technology} with model {card.model_version}")
        connection.execute("insert into models values (?, ?, ?)", [position, card.technology, card.model_version])
        scored = classify_candidates(_candidates(connection, card.technology), model, workers)
        connection.register("scored", pa.Table.from_batches(scored, PREDICTION_SCHEMA))
        connection.execute("insert into predictions from scored")


def _candidates(connection: duckdb.DuckDBPyConnection, technology: str) -> Iterator[pa.RecordBatch]:
    """A row a different text of the candidates, its text_id in the place of a post's id."""
    result = connection.execute(f"""
        select text_id as post_id, title, description, skills
        from lake_posts
        semi join (
            select distinct on (text_id) load_id, source_row from posts where is_{technology}
        ) as candidates using (load_id, source_row)
    """)
    yield from result.to_arrow_reader(CHUNK_ROWS)


def _write(connection: duckdb.DuckDBPyConnection, out: Path, for_spreadsheets: bool) -> None:
    post_id = f"case when {_IS_FORMULA} then '''' else '' end || post_id" if for_spreadsheets else "post_id"
    rows = f"""
        select
            {post_id} as post_id,
            technology,
            predictions.probability is not null as is_candidate,
            predictions.probability,
            coalesce(predictions.is_positive, {_NO_UNLESS_UNREAD}) as is_positive,
            models.model_version,
            posts.language
        from posts
        cross join models
        left join predictions using (text_id, technology)
        order by source_file, source_row, position
    """
    with replacing(out) as building:
        connection.execute(f"copy ({rows}) to {literal(str(building))} (format csv, header)")
