"""Is all that was written still what was written: files of the lake by their hashes, releases by their records."""

from collections.abc import Iterator
from hashlib import sha256

import pyarrow as pa

from dagster_project.publishing.catalog import MARTS_DIRECTORY, REPORT_DIRECTORY, Release, list_releases
from dagster_project.publishing.export import content_hash
from dagster_project.sources.lake.manifests import all_manifests
from dagster_project.sources.lake.proof import damaged_files
from dagster_project.storage.workspace import Workspace


def findings(workspace: Workspace) -> Iterator[str]:
    """A sentence for each file that is not as it was written; nothing where all are. Reads every byte, changes none."""
    for damage in damaged_files(workspace, all_manifests(workspace), with_hashes=True):
        yield f"{damage.message}; the next run reads {damage.manifest.source_file} again"
    for release in list_releases(workspace.releases):
        for finding in _release_findings(release):
            yield f"releases/{release.id}/{finding}; restore it from a backup, or remove the release's folder"


def _release_findings(release: Release) -> Iterator[str]:
    for mart, recorded in release.marts.items():
        file = release.path / MARTS_DIRECTORY / f"{mart}.parquet"
        try:
            if content_hash(file) != recorded.sha256:
                yield f"{MARTS_DIRECTORY}/{file.name} has other rows than were released"
        except (pa.ArrowException, OSError) as error:
            yield f"{MARTS_DIRECTORY}/{file.name} cannot be read ({str(error).splitlines()[0]})"
    for name, recorded_hash in release.report_sha256.items():
        page = release.path / REPORT_DIRECTORY / name
        if not page.is_file():
            yield f"{REPORT_DIRECTORY}/{name} is gone"
        elif sha256(page.read_bytes()).hexdigest() != recorded_hash:
            yield f"{REPORT_DIRECTORY}/{name} is not the page that was released"
