"""Values that posts and answers may take, read from the dbt seeds, where every vocabulary lives once."""

import csv
from pathlib import Path

from dagster_project.sources.errors import SourceError
from dagster_project.storage.paths import SEEDS

_SEED_COLUMNS = {
    "category": ("categories.csv", "category"),
    "pulse_question": ("pulse_questions.csv", "question_id"),
    "study_question": ("study_questions.csv", "question_id"),
}


def load_vocabularies(seeds: Path = SEEDS) -> dict[str, list[str]]:
    """Allowed values by vocabulary name, sorted; every version of a renamed value counts."""
    return {name: _distinct(seeds / file, column) for name, (file, column) in _SEED_COLUMNS.items()}


def _distinct(path: Path, column: str) -> list[str]:
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            values = {row[column] for row in csv.DictReader(stream)}
    except FileNotFoundError as error:
        raise SourceError(f"{path}: the seed file is absent; restore it from the repository") from error
    except KeyError as error:
        raise SourceError(f"{path}: column {column!r} is absent") from error
    if not values:
        raise SourceError(f"{path}: no rows, so every value would be unknown")
    return sorted(values)
