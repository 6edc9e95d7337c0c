"""Which releases need their DuckDB file no longer, and removing it.

The file is four fifths of a release, and everything in it lies beside it as Parquet. Pages, claims and Parquet stay:
revisions and disclosure of later releases compare with them, and what was said stays said.
"""

from pathlib import Path

from filelock import FileLock

from dagster_project.publishing.catalog import LOCK_FILE, Release, latest_id, list_releases


def prunable(releases: Path, keep: int) -> list[Release]:
    """Releases with a DuckDB file, but for the `keep` newest, the newest of each month and the one `latest` names."""
    known = list_releases(releases)
    newest_of_month = {release.month: release.id for release in known}
    kept = {latest_id(releases), *newest_of_month.values(), *(release.id for release in known[len(known) - keep :])}
    return [release for release in known if release.id not in kept and not release.is_pruned]


def prune(releases: Path, keep: int) -> list[Release]:
    """Remove the DuckDB files of `prunable`; returns their releases."""
    with FileLock(releases / LOCK_FILE):
        pruned = prunable(releases, keep)
        for release in pruned:
            release.database.unlink()
    return pruned
