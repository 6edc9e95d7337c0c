"""Releases as they lie on disk: one's record, all in order, `latest`, what came before, and removing what none needs.

A release's DuckDB file is four fifths of it, and everything in it lies beside it as Parquet, so `prune` removes that
alone. Pages, claims and Parquet stay: revisions and disclosure of later releases compare with them, and what was said
stays said.
"""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from filelock import FileLock

RECORD_FILE = "release.json"
LINEAGE_FILE = "lineage.json"
LATEST = "latest"
LOCK_FILE = ".publish.lock"
MARTS_DIRECTORY = "marts"
REPORT_DIRECTORY = "report"
# The claims are traced from the pages, so they are what a reader could have been told.
IDENTIFYING_SUFFIXES = (".html", ".md")
DATABASE_FILE = "hiring_pulse.duckdb"
DICTIONARY_FILE = "data_dictionary.csv"
BI_PREFIX = "bi_"
"""Tables for BI tools, made of the released marts: they say nothing that these do not."""
PRESENT_NAMES = {"contract_values": "period_projected_values"}
"""Marts that were renamed: what their counts displayed in an earlier release stays known under the new name."""


class ReleaseError(Exception):
    """A release cannot be made or read; the message names the file and what to do."""


@dataclass(frozen=True)
class MartContent:
    """What a release holds of one mart: SHA-256 of its ordered content, rows, key columns."""

    sha256: str
    row_count: int
    primary_key: list[str]


@dataclass(frozen=True)
class FileContent:
    """A file of a release as it was written: bytes and their SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True)
class FeedName:
    """The feed that a release is made from; releases of different feeds are never compared."""

    sources: str
    is_simulated: bool


@dataclass(frozen=True)
class Release:
    """One immutable release; `path` is its directory, `previous_id` what `latest` named before it.

    definitions: headline series -> version of its definition; empty in a release that does not say.
    files: every file below `path` but the record itself; empty in a release of a version that recorded none.
    schema_version, schema_changes: of its tables (`release/bundle.py`); empty in a release that does not say.
    """

    id: str
    month: str
    released_at: datetime
    previous_id: str | None
    marts: dict[str, MartContent]
    report_sha256: dict[str, str]
    path: Path
    feed: FeedName | None = None
    definitions: dict[str, str] = field(default_factory=dict)
    files: dict[str, FileContent] = field(default_factory=dict)
    schema_version: str = ""
    schema_changes: list[str] = field(default_factory=list)

    @property
    def database(self) -> Path:
        """The DuckDB file, which a pruned release no longer has."""
        return self.path / DATABASE_FILE

    @property
    def is_pruned(self) -> bool:
        """Whether its DuckDB file is gone; every table still lies beside it as Parquet."""
        return not self.database.is_file()

    def table_file(self, table: str) -> Path | None:
        """The Parquet file of a mart or a table of revisions, by its name today; None where the release has none."""
        return self.mart_files().get(table) or next(self.path.glob(f"{table}.parquet"), None)

    def mart_files(self) -> dict[str, Path]:
        """Mart name, as it is today -> Parquet file, which an earlier release may hold under the mart's former name."""
        folder = self.path / MARTS_DIRECTORY
        return {PRESENT_NAMES.get(name, name): folder / f"{name}.parquet" for name in self.marts}

    def to_json(self) -> str:
        """The text of release.json."""
        record: dict[str, Any] = {
            "release_id": self.id,
            "month": self.month,
            "released_at": self.released_at.isoformat(),
            "previous_release_id": self.previous_id,
            "feed": asdict(self.feed) if self.feed else None,
            "definitions": self.definitions,
            "schema_version": self.schema_version,
            "schema_changes": self.schema_changes,
            "marts": {name: vars(content) for name, content in self.marts.items()},
            "report_sha256": self.report_sha256,
            "files": {name: vars(content) for name, content in self.files.items()},
        }
        return json.dumps(record, indent=2) + "\n"


def release_id(month: str, marts: dict[str, MartContent], report: dict[str, str]) -> str:
    """The month and a hash of what marts and pages say: a record that was edited has another id than its folder."""
    mart_hashes = [[name, content.sha256] for name, content in marts.items()]
    report_hashes = [[name, digest] for name, digest in report.items() if name.endswith(IDENTIFYING_SUFFIXES)]
    identifying = json.dumps([mart_hashes, report_hashes]).encode()
    return f"{month}-{sha256(identifying).hexdigest()[:12]}"


def read_release(path: Path) -> Release:
    """The release in the directory `path`. Raises ReleaseError where its record is absent or damaged."""
    file = path / RECORD_FILE
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        return Release(
            id=record["release_id"],
            month=record["month"],
            released_at=datetime.fromisoformat(record["released_at"]),
            previous_id=record["previous_release_id"],
            marts={name: MartContent(**content) for name, content in record["marts"].items()},
            report_sha256=record["report_sha256"],
            path=path,
            feed=FeedName(**record["feed"]) if record.get("feed") else None,
            definitions=record.get("definitions", {}),
            files={name: FileContent(**content) for name, content in record.get("files", {}).items()},
            schema_version=record.get("schema_version", ""),
            schema_changes=record.get("schema_changes", []),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(f"{file}: not a release record ({error}); restore the directory or remove it") from error


def list_releases(releases: Path) -> list[Release]:
    """All releases below the directory, the first released first."""
    if not releases.is_dir():
        return []
    directories = (path for path in releases.iterdir() if path.is_dir() and not _is_hidden_or_link(path))
    return sorted((read_release(path) for path in directories), key=lambda release: (release.released_at, release.id))


def latest_id(releases: Path) -> str | None:
    """What `latest` names, also where its directory is gone; None before the first release."""
    link = releases / LATEST
    return str(link.readlink()) if link.is_symlink() else None


def latest_release(releases: Path) -> Release | None:
    """The release that `latest` names, None before the first one and where its directory is gone."""
    name = latest_id(releases)
    return read_release(releases / name) if name and (releases / name).is_dir() else None


def _is_hidden_or_link(path: Path) -> bool:
    return path.name.startswith(".") or path.is_symlink()


@dataclass(frozen=True)
class History:
    """Earlier releases of one feed, the first released first; `missing`: ids whose folder is gone; `foreign`: ids of
    releases of another feed, which are never compared."""

    releases: list[Release] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    @property
    def last_id(self) -> str | None:
        return self.releases[-1].id if self.releases else None

    def remarks(self) -> list[str]:
        """A sentence for every release that cannot be compared."""
        gone = [f"Release {name} is missing: its values cannot be compared." for name in self.missing]
        return gone + [f"Release {name} is of another feed: its values are not compared." for name in self.foreign]


def read_history(releases: Path, marts: dict[str, MartContent], feed: FeedName | None) -> History:
    """The releases made before these marts were first released; one vintage where releases have the same marts.

    The same marts thus have the same history however often they are released, so that a repeated run says the same.
    Raises ReleaseError for a damaged record.
    """
    known = list_releases(releases)
    present = _fingerprint(marts)
    place = next((number for number, one in enumerate(known) if _fingerprint(one.marts) == present), len(known))
    before = known[:place]
    last = known[place].previous_id if place < len(known) else latest_id(releases)
    named = {one.previous_id for one in before} | {last}
    missing = sorted(name for name in named - {one.id for one in known} if name)
    # Content that returned is an old directory which became `latest` again: what was said last is then its values.
    said = [*before, *(one for one in before[:-1] if one.id == last)]
    own = [one for one in said if one.feed == feed]
    return History(_distinct(own), missing, [one.id for one in before if one.feed != feed])


def _distinct(releases: list[Release]) -> list[Release]:
    """Of successive releases with the same marts the first one."""
    return [
        one
        for earlier, one in zip([None, *releases], releases, strict=False)
        if earlier is None or _fingerprint(earlier.marts) != _fingerprint(one.marts)
    ]


def _fingerprint(marts: dict[str, MartContent]) -> dict[str, str]:
    return {name: content.sha256 for name, content in marts.items() if not name.startswith(BI_PREFIX)}


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
