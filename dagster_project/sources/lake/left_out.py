"""Loads that count in no month, or not in some: files that people hold, and versions that a newer file replaced."""

from collections import defaultdict

from dagster_project.sources.lake.manifests import Manifest, all_manifests
from dagster_project.sources.validation.rules import load_vocabularies
from dagster_project.storage.holds import Hold, HoldError, read_holds
from dagster_project.storage.paths import SEEDS
from dagster_project.storage.workspace import Workspace

_NAMED_FILES = 10


def left_out_loads(workspace: Workspace, loads: list[Manifest]) -> dict[str, set[str]]:
    """By month, YYYY-MM, those of the workspace's loads whose rows no count takes in; months without any are absent.

    A load is left out of the months in which people hold its file, and of every month when a newer version of its file
    replaces it (`newer_version: replaces` of the mapping).
    """
    held = {(hold.month, hold.file) for hold in read_holds(workspace) if hold.file}
    replacing = {manifest.load_id for manifest in loads if manifest.replaces}
    found: dict[str, set[str]] = defaultdict(set)
    for manifest in loads:
        for month in manifest.months:
            if manifest.superseded_by in replacing or (month, manifest.source_file) in held:
                found[month].add(manifest.load_id)
    return dict(found)


def standing(loads: list[Manifest], month: str, left_out: dict[str, set[str]]) -> list[Manifest]:
    """The loads whose rows of a month count."""
    return [manifest for manifest in loads if manifest.load_id not in left_out.get(month, ())]


def require_known_part(workspace: Workspace, hold: Hold) -> None:
    """Raises HoldError for an unknown category, and for a file that no rows of the month came from, or all."""
    if hold.category is not None:
        known = load_vocabularies(SEEDS)["category"]
        if hold.category not in known:
            raise HoldError(f"{hold.category}: no such category; there are {', '.join(sorted(known))}")
    if hold.file is not None:
        _require_known_file(workspace, hold)


def _require_known_file(workspace: Workspace, hold: Hold) -> None:
    files = sorted(
        {manifest.source_file for manifest in all_manifests(workspace) if hold.month in manifest.accepted_months}
    )
    if hold.file not in files:
        named = ", ".join(files[:_NAMED_FILES]) + (" ..." if len(files) > _NAMED_FILES else "") or "none"
        raise HoldError(f"{hold.file}: no rows of {hold.month} came from it; files of that month: {named}")
    if len(files) == 1:
        raise HoldError(f"{hold.file} is the only file of {hold.month}; hold the month itself")
