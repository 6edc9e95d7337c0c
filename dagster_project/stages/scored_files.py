"""What the classifiers wrote proves itself like the lake: a record beside each file, and months to score again."""

from pathlib import Path

from dagster_project.sources.lake.manifests import LakeFile
from dagster_project.sources.lake.publication import finding_of, record_of
from dagster_project.storage.workspace import Workspace
from ml.atomic import write_text

_FOLDERS = ("predictions", "drift")


def record_scored(file: Path) -> None:
    """Write `<name>.json` beside a Parquet file of predictions or drift: its size, rows and SHA-256."""
    write_text(file.with_suffix(".json"), record_of(file).model_dump_json())


def damaged_predictions(workspace: Workspace) -> dict[str, str]:
    """Months, YYYY-MM, of which a file is not as it was written, each with the sentence that says so.

    Files of versions that recorded nothing are not looked at.
    """
    damaged: dict[str, str] = {}
    for folder in _FOLDERS:
        for record in sorted((workspace.lake / folder).glob("technology=*/month=*/*.json")):
            file = record.with_suffix(".parquet")
            if finding := _finding(file, record):
                month = file.parent.name.removeprefix("month=")
                damaged.setdefault(month, f"{file.relative_to(workspace.root).as_posix()}: {finding}")
    return dict(sorted(damaged.items()))


def _finding(file: Path, record: Path) -> str | None:
    try:
        recorded = LakeFile.model_validate_json(record.read_bytes())
    except ValueError:
        return f"has no readable record ({record.name})"
    return finding_of(file, recorded)
