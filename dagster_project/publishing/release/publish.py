"""Publishing: a directory built out of sight, one rename, then one rename of the link `latest`.

A release is never written again. Its id carries the hash of its content, so the same content is one release.
"""

import os
import re
import shutil
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from filelock import FileLock

from dagster_project.publishing.catalog import (
    DATABASE_FILE,
    LATEST,
    LOCK_FILE,
    RECORD_FILE,
    FeedName,
    MartContent,
    Release,
    ReleaseError,
    latest_id,
    latest_release,
    read_release,
    release_id,
)
from dagster_project.publishing.dictionary import DataDictionary
from dagster_project.publishing.export import content_hash, row_count
from dagster_project.publishing.release.bundle import (
    ReleaseContent,
    SchemaState,
    file_content,
    file_contents,
    fill_bundle,
    next_schema,
    release_findings,
    seal,
    write_database,
)
from dagster_project.publishing.revisions.headline_series import HEADLINE_SERIES, definition_versions
from dagster_project.publishing.revisions.tables import RevisionTables, as_released, revision_tables
from dagster_project.storage.workspace import Workspace
from ml.atomic import write_text

BUILDING_PREFIX = ".building-"
LINK_PREFIX = ".latest-"
MONTH_PATTERN = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def publish_release(
    workspace: Workspace,
    month: str,
    mart_files: dict[str, Path],
    report_dir: Path,
    dictionary: DataDictionary,
    now: datetime,
    study_dir: Path | None = None,
    feed: FeedName | None = None,
    lineage: str | None = None,
) -> Release:
    """Publish the exported marts and the report of `month` (YYYY-MM) and point `latest` at the release, unless `latest`
    is of a later month: filling in history takes no reader back.

    mart_files: mart name -> Parquet file in the order of its key. now: UTC, becomes `released_at`.
    study_dir: folder with the pages of the worker study, where there is one.
    feed: whose marts these are; values of releases of another feed are never compared with them.
    lineage: JSON text that says what the marts were made from; it is kept beside them and names no content.
    Content that was released before makes no new release: the existing one is returned and becomes `latest`. A pruned
    one gets its DuckDB file back; one whose other files are not as they were written moves to `damaged/` and is made
    again.
    Raises ReleaseError for an absent or undocumented input and for a mart with a broken key; `latest` stays.
    A publish killed before the link moved leaves a whole release that readers of `latest` do not see.
    """
    content = ReleaseContent(mart_files, report_dir, dictionary, study_dir, lineage=lineage)
    _require_month_and_instant(month, now)
    _require_files(content)
    workspace.releases.mkdir(parents=True, exist_ok=True)
    with FileLock(workspace.releases / LOCK_FILE):
        _sweep(workspace.releases)
        latest = latest_release(workspace.releases)
        release = replace(_describe(workspace.releases, month, content, now), feed=feed)
        if (existing := _whole_release(workspace, release.path)) is not None:
            release = _with_database(existing, content.tables) if existing.is_pruned else existing
        else:
            schema = next_schema(latest, content.tables)
            release = replace(release, schema_version=schema.version, schema_changes=schema.changes)
            tables = revision_tables(workspace.releases, mart_files, release.marts, feed, HEADLINE_SERIES)
            release = _build(release, content, as_released(tables, release), schema)
        if latest is None or latest.feed != release.feed or latest.month <= release.month:
            _point_latest_at(workspace.releases, release.id)
    return release


def _whole_release(workspace: Workspace, path: Path) -> Release | None:
    """The release that is there already; None where there is none, or a damaged one, which is set aside."""
    if not path.exists():
        return None
    try:
        existing = read_release(path)
        is_whole = not any(release_findings(existing))
    except ReleaseError:
        is_whole = False
    if is_whole:
        return existing
    aside = workspace.damaged / "releases" / path.name
    shutil.rmtree(aside, ignore_errors=True)
    aside.parent.mkdir(parents=True, exist_ok=True)
    path.replace(aside)
    return None


def _with_database(release: Release, tables: DataDictionary) -> Release:
    """A pruned release with a DuckDB file again, made from its Parquet files; nothing else of it changes."""
    database = release.path.with_name(f"{BUILDING_PREFIX}{release.id}.duckdb")
    write_database(database, tables, release.path)
    if release.files:  # the same tables, but DuckDB does not write the same bytes twice
        release = replace(release, files=release.files | {DATABASE_FILE: file_content(database)})
        write_text(release.path / RECORD_FILE, release.to_json())
    database.replace(release.database)
    seal(release.path)
    return release


def _require_month_and_instant(month: str, now: datetime) -> None:
    if not MONTH_PATTERN.fullmatch(month):
        raise ReleaseError(f"month {month!r}: write it as YYYY-MM")
    if now.tzinfo is None:
        raise ReleaseError(f"now {now.isoformat()}: give the instant with its time zone (UTC)")


def _require_files(content: ReleaseContent) -> None:
    different = set(content.dictionary.primary_keys()) ^ set(content.mart_files)
    if different:
        names = ", ".join(sorted(different))
        raise ReleaseError(f"marts exported and marts documented differ in: {names}; export every documented mart")
    files = [*content.mart_files.values(), *content.report_files.values()]
    for file in files:
        if not file.is_file():
            raise ReleaseError(f"{file}: no such file; export the marts and write the report before the release")


def _sweep(releases: Path) -> None:
    """Remove what a killed publish left; the caller holds the lock, so nobody is building it."""
    for path in releases.glob(f"{BUILDING_PREFIX}*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in releases.glob(f"{LINK_PREFIX}*"):
        path.unlink()


def _describe(releases: Path, month: str, content: ReleaseContent, now: datetime) -> Release:
    marts = describe_marts(content.mart_files, content.dictionary)
    report = {name: sha256(file.read_bytes()).hexdigest() for name, file in content.report_files.items()}
    identity = release_id(month, marts, report)
    path = releases / identity
    return Release(
        *(identity, month, now, latest_id(releases), marts, report, path),
        definitions=definition_versions(HEADLINE_SERIES),
    )


def describe_marts(mart_files: dict[str, Path], dictionary: DataDictionary) -> dict[str, MartContent]:
    """What exported marts hold, by name: hash of the content, rows, key."""
    keys = dictionary.primary_keys()
    return {
        name: MartContent(content_hash(file), row_count(file), keys[name]) for name, file in sorted(mart_files.items())
    }


def _build(release: Release, content: ReleaseContent, revisions: RevisionTables, schema: SchemaState) -> Release:
    """The release with the record of its files, in its place."""
    building = release.path.with_name(BUILDING_PREFIX + release.id)
    building.mkdir()
    fill_bundle(building, content, revisions, schema)
    release = replace(release, files=file_contents(building))
    (building / RECORD_FILE).write_text(release.to_json(), encoding="utf-8")
    seal(building)
    building.rename(release.path)
    return release


def _point_latest_at(releases: Path, release_id: str) -> None:
    link = releases / (LINK_PREFIX + release_id)
    link.symlink_to(release_id)
    os.replace(link, releases / LATEST)  # noqa: PTH105 - the atomic call by its name
