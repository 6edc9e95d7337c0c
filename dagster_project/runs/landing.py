"""The landing place of a feed: which files are new since the last look, once nothing is being written any more."""

import hashlib
import json
import tempfile
from datetime import UTC
from pathlib import Path

from pydantic import BaseModel

from dagster_project.settings import Settings
from dagster_project.sources.files.connection import reading_connection
from dagster_project.sources.files.locate import FileState, landed_files
from dagster_project.sources.lake.manifests import all_manifests

Listing = dict[str, FileState]
"""Files by their uri."""


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
