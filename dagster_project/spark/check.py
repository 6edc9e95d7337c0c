"""Great Expectations on what Spark made: the suites of staging, predictions and marts over its Parquet files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dagster_project.quality.declaration import SuiteResult
from dagster_project.quality.engine.runner import run_suite
from dagster_project.quality.engine.session import ValidationSource, open_source
from dagster_project.settings import Settings
from dagster_project.stages.report import provided_fields

STAGES = ("staging", "predictions", "marts")


def check_tables(settings: Settings, tables: Path, months: list[str]) -> list[SuiteResult]:
    """What the suites found in `tables`, a folder of `<schema>/<table>/*.parquet`; Data Docs beside the logs of Spark.

    months: all that were built, YYYY-MM.
    """
    workspace = settings.workspace
    provided = provided_fields(workspace, settings.mapping)
    data_docs = workspace.spark_log / "data_docs"
    with _spark_tables(tables) as source:
        return [run_suite(stage, source, months=months, provided=provided, data_docs_dir=data_docs) for stage in STAGES]


@contextmanager
def _spark_tables(tables: Path) -> Iterator[ValidationSource]:
    folders = {f"{folder.parent.name}.{folder.name}": folder for folder in tables.glob("*/*") if folder.is_dir()}
    with open_source(parquet={name: sorted(folder.glob("*.parquet")) for name, folder in folders.items()}) as source:
        # no folder of Spark's predictions is called for a month, which is that of the candidate
        source.connection.execute("""
            alter view predictions.post_technologies rename to scored;
            create view predictions.post_technologies as
            select scored.* replace (strftime(candidates.posted_month, '%Y-%m') as month)
            from predictions.scored
            left join staging.stg_marketplace__candidates as candidates using (technology, post_id)
        """)
        yield source
