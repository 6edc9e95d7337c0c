"""What is to be asked for without a person: months that were missed, new files, and the months that those touch."""

import hashlib
import json
import tempfile
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import pandas as pd
from pydantic import BaseModel

from dagster_project.settings import Settings
from dagster_project.sources.contracts import JOB_POSTS
from dagster_project.sources.files.connection import reading_connection
from dagster_project.sources.files.locate import FileState, landed_files
from dagster_project.sources.lake.accounting import months_in_lake
from dagster_project.sources.lake.manifests import all_manifests
from dagster_project.stages.release import SUMMARY_FILE
from dagster_project.storage.holds import months_between, months_held_by_hand
from dagster_project.storage.workspace import Workspace

LOOK_BACK = 12
"""Months before the one just ended in which a gap is filled; older history is a person's to ask for."""
Listing = dict[str, FileState]
"""Files by their uri."""


def month_before(moment: datetime) -> str:
    """The last complete month at a moment, YYYY-MM, in UTC."""
    return str(pd.Period(moment.astimezone(UTC).strftime("%Y-%m"), freq="M") - 1)


def due_months(workspace: Workspace, ended: str) -> list[str]:
    """The month just ended, and those without a report since the first that has one, at most LOOK_BACK months back.

    A month that people hold is none of them, nor is a gap in the feed itself: the lake has later posts and none of it.
    """
    window = months_between(str(pd.Period(ended, freq="M") - LOOK_BACK), ended)
    reported = {month for month in window if reported_at(workspace, month)}
    present = set(months_in_lake(workspace, JOB_POSTS.name))
    no_posts = {month for month in window if present and month < max(present) and month not in present}
    missed = [month for month in window if reported and month > min(reported)]
    not_asked = (reported | no_posts) - {ended} | months_held_by_hand(workspace).keys()
    return sorted({*missed, ended} - not_asked)


def months_touched_by(workspace: Workspace, uris: Collection[str], ended: str) -> list[str]:
    """Complete months that the files as they were last read touch, without those that were reported since.

    uris: files of the feed. A file with the content of another one touches nothing.
    """
    loads = [one for one in all_manifests(workspace) if one.uri in uris and one.superseded_by is None]
    touched = {
        month
        for load in loads
        for month in load.touched_months
        if month <= ended and (reported_at(workspace, month) or datetime.min) < load.loaded_at
    }
    return sorted(touched - months_held_by_hand(workspace).keys())


def spans(months: Iterable[str]) -> list[tuple[str, str]]:
    """First and last of each row of neighbouring months: one run builds them together."""
    periods = sorted(pd.Period(month, freq="M") for month in months)
    rows = groupby(enumerate(periods), lambda numbered: numbered[1].ordinal - numbered[0])
    neighbours = [[period for _, period in row] for _, row in rows]
    return [(str(row[0]), str(row[-1])) for row in neighbours]


def reported_at(workspace: Workspace, month: str) -> datetime | None:
    """When a run last ended in a release with the report of a month, UTC without a zone; None where none did."""
    summary = workspace.report(month) / SUMMARY_FILE
    return datetime.fromtimestamp(summary.stat().st_mtime, UTC).replace(tzinfo=None) if summary.exists() else None


class Watch(BaseModel):
    """What earlier looks saw: `listing` the digest of the last, `handled` what was asked for, `key` of that request."""

    listing: str = ""
    handled: Listing = {}
    key: str = ""

    def look(self, files: Listing) -> tuple["Watch", list[str]]:
        """The watch after a look at `files`, and those to ask for: none until two looks saw the same.

        The key of a request holds the one before, so that a state that comes back is asked for again, and the same look
        made twice is not.
        """
        seen = _digest(files)
        new = sorted(uri for uri, state in files.items() if self.handled.get(uri) != state)
        if seen != self.listing or not new:
            return self.model_copy(update={"listing": seen}), []
        return Watch(listing=seen, handled=files, key=_digest([self.key, seen])), new


def first_watch(settings: Settings, files: Listing) -> Watch:
    """The watch before its first look: files that did not change since the lake read them need not be asked for."""
    read = {
        manifest.uri: manifest.loaded_at.replace(tzinfo=UTC).timestamp()
        for manifest in all_manifests(settings.workspace)
    }
    return Watch(handled={uri: state for uri, state in files.items() if state.changed < read.get(uri, 0)})


def files_now(settings: Settings) -> Listing:
    """The files of the configured feed as they are now.

    Raises SourceError for a place that is not there, SourceAwayError for a server that does not answer.
    """
    with tempfile.TemporaryDirectory() as spill, reading_connection(settings.memory_limit, Path(spill)) as connection:
        groups = [group for groups in settings.mapping.tables.values() for group in groups]
        return {
            uri: state for group in groups for uri, state in landed_files(connection, group, settings.data_location)
        }


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
