"""Make a month's labelling queue: posts in the warehouse, texts and predictions in the lake -> `labelling/queues/`."""

import glob
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from dagster_project.storage import warehouse
from dagster_project.storage.sql import literal, parquet_file
from dagster_project.storage.workspace import Workspace
from ml.features.keywords import TECHNOLOGIES, alternation, load_terms
from ml.labelling.books import labelled_posts
from ml.labelling.design import AUDIT, TRAINING, NothingToLabelError, choose_posts
from ml.labelling.queue_files import DESIGN, KEY, write_queue

Log = Callable[[str], None]
_FIRST = "run make report MONTH={month} first, with the SOURCES and DATA of this feed"


@dataclass(frozen=True)
class QueueMade:
    """The folder of a queue, the posts it asks for, by purpose, and those of its sample that were labelled before.

    asked_again: earlier queue of the month -> how many of these posts it asks for too, and has no labels of.
    """

    folder: Path
    asked: dict[str, int]
    labelled_before: int
    strata: pd.DataFrame
    asked_again: dict[str, int]

    @property
    def warnings(self) -> list[str]:
        return [
            f"{count:,} of the posts to label in {self.folder.name} stand in {earlier} too, whose labels did not come "
            f"back: label one of the two, the later one where nobody has begun"
            for earlier, count in self.asked_again.items()
        ]


def make_queue(
    workspace: Workspace, month: str, *, audit_posts: int, training_posts: int, seed: int, log: Log
) -> QueueMade:
    """Draw, read the texts of the drawn posts, and write the queue's folder; month as YYYY-MM.

    Raises NothingToLabelError for a month that is not built, or whose sample is labelled already.
    """
    with warehouse.connect(workspace.warehouse, log=log) as connection:
        _find_posts(connection, workspace, month)
        posts = connection.execute("from month_posts order by post_id").df()
        if posts.empty:
            raise NothingToLabelError(f"{month}: the warehouse has no posts of it; {_FIRST.format(month=month)}")
        choice = choose_posts(
            posts,
            seed,
            audit_posts,
            training_posts,
            labelled=labelled_posts(workspace.labelling),
            former=_former_design(workspace, month),
        )
        if not choice.posts["is_asked"].any():
            raise NothingToLabelError(f"{month}: every post of this sample is labelled; ask for a larger SIZE")
        versions = _model_versions(connection)
        texts = _texts(connection, choice.posts["post_id"].tolist())
    asked = choice.posts[choice.posts["is_asked"]]
    again = _asked_again(workspace, month, set(asked["post_id"]))
    folder = write_queue(workspace.labelling / "queues", month, choice, texts, versions, seed)
    by_purpose = asked["purpose"].value_counts()
    counts = {purpose: int(by_purpose.get(purpose, 0)) for purpose in (AUDIT, TRAINING)}
    labelled_before = len(choice.posts) - len(asked)
    return QueueMade(folder, counts, labelled_before, _strata(choice.design, choice.posts), again)


def _find_posts(connection: duckdb.DuckDBPyConnection, workspace: Workspace, month: str) -> None:
    """The views `lake_posts` (texts) and the table `month_posts`: what `ml.labelling.design.strata` reads of each post.

    Only files of loads that hold posts of the month are opened.
    """
    posts = "select * from staging.stg_marketplace__job_posts where posted_month = cast(? as date)"
    connection.execute(f"create temp table own as {posts}", [f"{month}-01"])
    loads = {load for (load,) in connection.execute("select distinct load_id from own").fetchall()}
    posts_files = [str(workspace.raw("job_posts") / "schema.parquet")]
    posts_files += [
        str(path)
        for path in workspace.raw("job_posts").glob("month=*/load=*.parquet")
        if path.stem.removeprefix("load=") in loads
    ]
    connection.execute(f"""
        create temp view lake_posts as
        from read_parquet({_list(posts_files)}, hive_partitioning = false)
    """)
    for technology in TECHNOLOGIES:
        _find_predictions(connection, workspace, month, technology)
    _find_audited(connection, workspace, month)
    wider = [term for terms in load_terms().values() for term in terms.wider]
    columns = ", ".join(
        f"{t}_predictions.probability as {t}_probability, coalesce({t}_predictions.is_positive, false) as {t}_accepted"
        for t in TECHNOLOGIES
    )
    joins = " ".join(f"left join {t}_predictions using (post_id)" for t in TECHNOLOGIES)
    connection.execute(f"""
        create temp table month_posts as
        select
            post_id,
            {columns},
            regexp_matches(
                concat_ws(' | ', lake_posts.title, array_to_string(lake_posts.skills, ' | '), lake_posts.description),
                {literal("(?i)" + alternation(sorted(set(wider))))}
            ) as is_in_wider_net,
            post_id in (select post_id from audited) as is_audited
        from own
        inner join lake_posts using (load_id, source_row, post_id)
        {joins}
    """)


def _find_audited(connection: duckdb.DuckDBPyConnection, workspace: Workspace, month: str) -> None:
    """The table `audited`: posts of the month with an audit label in the lake, whoever brought it."""
    connection.execute("create temp table audited (post_id varchar)")
    if files := [str(path) for path in workspace.raw("audit_labels").glob(f"month={month}/load=*.parquet")]:
        rows = f"read_parquet({_list(files)}, hive_partitioning = false)"
        connection.execute(f"insert into audited select distinct post_id from {rows}")


def _find_predictions(connection: duckdb.DuckDBPyConnection, workspace: Workspace, month: str, technology: str) -> None:
    """The view `<technology>_predictions` of one month; NothingToLabelError where candidates were not scored."""
    path = workspace.predictions(technology, month)
    source = path if path.exists() else workspace.lake / "predictions" / "schema.parquet"
    connection.execute(f"create temp view {technology}_predictions as from {parquet_file(source)}")
    unscored = f"own anti join {technology}_predictions using (post_id) where is_{technology}_candidate"
    row = connection.execute(f"select count(*) from {unscored}").fetchone()
    if row and row[0]:
        raise NothingToLabelError(
            f"{month}: {row[0]} {technology} candidates have no prediction; {_FIRST.format(month=month)}"
        )


def _model_versions(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The model that scored the month, by technology; '' where it had no candidate."""
    query = "select any_value(model_version) from {}_predictions"
    found = {name: connection.execute(query.format(name)).fetchone() for name in TECHNOLOGIES}
    return {name: str(row[0]) if row and row[0] else "" for name, row in found.items()}


def _texts(connection: duckdb.DuckDBPyConnection, post_ids: list[str]) -> pd.DataFrame:
    """post_id, title, description, skills, category of the chosen posts."""
    query = """
        select post_id, lake_posts.title, lake_posts.description, lake_posts.skills, lake_posts.category
        from own
        inner join lake_posts using (load_id, source_row, post_id)
        where post_id in (select unnest($chosen))
    """
    return connection.execute(query, {"chosen": post_ids}).df()


def _asked_again(workspace: Workspace, month: str, post_ids: set[str]) -> dict[str, int]:
    """How many of the posts each earlier queue of the month asks for; none of them is labelled yet."""
    again = {}
    for file in sorted((workspace.labelling / "queues").glob(f"{month}-*/{KEY}")):
        key = pd.read_parquet(file, columns=["post_id", "is_asked"])
        again[file.parent.name] = len(post_ids & set(key.loc[key["is_asked"], "post_id"]))
    return {queue: count for queue, count in again.items() if count}


def _former_design(workspace: Workspace, month: str) -> pd.DataFrame | None:
    """The design of the month's latest queue, which holds all earlier ones."""
    former = sorted((workspace.labelling / "queues").glob(f"{month}-*/{DESIGN}"))
    return pd.read_parquet(former[-1]) if former else None


def _strata(design: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    """stratum, posts, mean_probability, drawn_posts of the audit's sample."""
    drawn = chosen.loc[chosen["purpose"].eq(AUDIT), "stratum"].value_counts()
    table = design.groupby("stratum")["inclusion_probability"].agg(posts="size", mean_probability="mean").reset_index()
    return table.assign(drawn_posts=table["stratum"].map(drawn).fillna(0).astype(int))


def _list(paths: list[str]) -> str:
    return "[" + ", ".join(literal(glob.escape(path)) for path in paths) + "]"
