"""A release proves itself: every file below its folder is as its record says, and the record is that of its folder."""

from collections.abc import Iterator
from hashlib import sha256

import pyarrow as pa

from dagster_project.publishing.catalog import (
    DATABASE_FILE,
    MARTS_DIRECTORY,
    RECORD_FILE,
    REPORT_DIRECTORY,
    Release,
    latest_id,
    release_id,
)
from dagster_project.publishing.export import content_hash
from dagster_project.publishing.release.bundle import file_content


def release_findings(release: Release) -> Iterator[str]:
    """A sentence for each file of a release that is not as it was written; nothing where all are."""
    if release_id(release.month, release.marts, release.report_sha256) != release.path.name:
        yield f"{RECORD_FILE} is not the record of this release"
    yield from _file_findings(release) if release.files else _content_findings(release)


def _file_findings(release: Release) -> Iterator[str]:
    present = {path.relative_to(release.path).as_posix() for path in release.path.rglob("*") if path.is_file()}
    for name, recorded in release.files.items():
        if name not in present:
            if name != DATABASE_FILE or release.id == latest_id(release.path.parent):  # of others it may be pruned
                yield f"{name} is gone"
        elif (found := file_content(release.path / name)).size != recorded.size:
            yield f"{name} has {found.size:,} bytes, released were {recorded.size:,}"
        elif found.sha256 != recorded.sha256:
            yield f"{name} has other content than was released"
    for name in sorted(present - set(release.files) - {RECORD_FILE}):
        yield f"{name} was not released"


def _content_findings(release: Release) -> Iterator[str]:
    """Of releases of versions that recorded the rows of marts and the pages alone."""
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
