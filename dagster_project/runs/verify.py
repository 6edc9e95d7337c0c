"""Is all that was written still what was written: files of the lake by their hashes, releases by their records."""

from collections.abc import Iterator

from dagster_project.publishing.catalog import list_releases
from dagster_project.publishing.release.bundle import release_findings
from dagster_project.sources.lake.manifests import all_manifests
from dagster_project.sources.lake.publication import damaged_files
from dagster_project.stages.scored_files import damaged_predictions
from dagster_project.storage.workspace import Workspace


def findings(workspace: Workspace) -> Iterator[str]:
    """A sentence for each file that is not as it was written; nothing where all are. Reads every byte, changes none."""
    for damage in damaged_files(workspace, all_manifests(workspace)):
        yield f"{damage.message}; the next run reads {damage.manifest.source_file} again"
    for month, told in damaged_predictions(workspace).items():
        yield f"{told}; the next run scores {month} again"
    for release in list_releases(workspace.releases):
        for finding in release_findings(release):
            yield (
                f"releases/{release.path.name}/{finding}; `hiring-pulse report --month {release.month}` writes the "
                "release again where its numbers are the same as then, else restore or remove its folder"
            )
