"""The last step without Dagster: release the marts, and sum the run up for people and programs."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dagster_project.publishing.catalog import FeedName, Release, latest_release
from dagster_project.publishing.dictionary import DataDictionary, with_suppression
from dagster_project.publishing.export import bi_dictionary, write_bi_tables
from dagster_project.publishing.postgres import PublishError, publish_to_postgres, target_at
from dagster_project.publishing.release.publish import publish_release
from dagster_project.settings import Settings
from dagster_project.stages.disclose import disclosed_files, hidden_rows
from dagster_project.stages.ingest import held_months
from dagster_project.stages.provenance import present_lineage
from dagster_project.stages.report import (
    HEADLINES_FILE,
    SOURCE_ROWS,
    source_counts,
    source_counts_by_month,
    study_folder,
)
from dagster_project.storage import warehouse
from dagster_project.storage.plan import read_plan
from dagster_project.storage.workspace import Workspace
from ml.atomic import write_text
from ml.features.keywords import TECHNOLOGIES
from ml.training.champion import champion_version

SUMMARY_FILE = "run_summary.json"


def release_month(workspace: Workspace, feed: FeedName, month: str, dictionary: DataDictionary, run_id: str) -> Release:
    """Publish the marts of `disclosed/`, which the report was made from, the tables for BI tools made from them, and
    the report of `month` (YYYY-MM)."""
    files = disclosed_files(workspace, dictionary)
    documented = with_suppression(dictionary, hidden_rows(files))
    for_bi = bi_dictionary(set(files))
    study = study_folder(workspace, month)
    with TemporaryDirectory(dir=workspace.root, prefix=".bi-") as folder:
        files = write_bi_tables(for_bi, files, Path(folder)) | files
        tables = DataDictionary([*for_bi.marts, *documented.marts])
        release = publish_release(
            *(workspace, month, files, workspace.report(month), tables, datetime.now(UTC), study, feed),
            lineage=present_lineage(workspace, run_id).model_dump_json(indent=1),
        )
    workspace.unfinished.unlink(missing_ok=True)
    return release


def publish_latest(settings: Settings) -> str:
    """Copy the release that `latest` names into the database of the settings; says in a sentence what was done.

    Raises PublishError without an address or a release, and where Postgres refuses.
    """
    release = latest_release(settings.workspace.releases)
    if settings.publish_url is None:
        raise PublishError("HIRING_PULSE_PUBLISH_URL is not set: write postgres://user:password@host:5432/database")
    if release is None:
        raise PublishError(f"{settings.workspace.releases}: there is no release yet; run `hiring-pulse report` first")
    target = target_at(settings.publish_url.get_secret_value(), settings.publish_schema)
    place = f"schema {target.schema} of {target.told}"
    if publish_to_postgres(release, target):
        return f"release {release.id} is in {place}; grant {target.reader} to those who may read it"
    return f"release {release.id} was in {place} already; nothing changed"


def write_run_summary(
    settings: Settings,
    months: list[str],
    release: Release,
    seconds: dict[str, float],
    log: Callable[[str], None],
) -> None:
    """Write `reports/<month>/run_summary.json` for every reported month."""
    workspace = settings.workspace
    with warehouse.connect(workspace.warehouse, log=log) as connection:
        source_rows = connection.execute(f"from marts.{SOURCE_ROWS}").df()
    summary: dict[str, Any] = {
        "sources": settings.mapping.name,
        "is_simulated": settings.mapping.is_simulated,
        "source": source_counts(workspace, source_rows),
        "by_month": source_counts_by_month(source_rows),
        "months_built": [state.month for state in read_plan(workspace)],
        "months_held": held_months(workspace, settings.mapping),
        "seconds": seconds,
        "model_versions": {name: champion_version(workspace.models, name) for name in TECHNOLOGIES},
        "release_id": release.id,
        "marts": {name: {"rows": mart.row_count, "sha256": mart.sha256} for name, mart in release.marts.items()},
    }
    for month in months:
        headlines = json.loads((workspace.report(month) / HEADLINES_FILE).read_text(encoding="utf-8"))
        text = json.dumps({"month": month, "headlines": headlines, **summary}, indent=2) + "\n"
        write_text(workspace.report(month) / SUMMARY_FILE, text)
