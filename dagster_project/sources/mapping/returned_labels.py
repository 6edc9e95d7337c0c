"""Audit labels that came back to the home's own folder, read beside the files of the feed's mapping.

They are in the contract's own columns, so their mapping is built in; it is not part of the feed's mapping, whose hash
would otherwise change, and every month with it, as soon as the first label comes back.
"""

from pathlib import Path

from dagster_project.sources.contracts import AUDIT_LABELS
from dagster_project.sources.mapping.model import FileGroup, Mapping

HOME_LABELS = "home_labels"
PATTERN = "*.csv"


def home_labels_mapping(folder: Path) -> Mapping | None:
    """The mapping of the CSV files in `<home>/labelling/audit_labels`, globs below that folder; None without a file."""
    if not any(folder.glob(PATTERN)):
        return None
    columns = {name: name for name in AUDIT_LABELS.column_names}
    group = FileGroup(files=[PATTERN], format="csv", columns=columns)
    return Mapping(
        name=HOME_LABELS,
        title="Audit labels that came back",
        is_simulated=False,
        tables={AUDIT_LABELS.name: [group]},
    )
