"""Reads what labellers send back: the filled CSV of a queue, or Label Studio's JSON export of its tasks.

Label Studio's format: https://labelstud.io/guide/task_format (tasks with `data` and `annotations`).
"""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from ml.features.keywords import TECHNOLOGIES
from ml.labelling.queue_files import ANSWER_FIELDS, TEXT_FIELDS, text_hash
from ml.labelling.sheet_text import unguarded

REQUIRED = ("post_id", *TEXT_FIELDS, *TECHNOLOGIES)
COLUMNS = ("file", "row", "post_id", "text_hash", *ANSWER_FIELDS, "labeller")
_DELIMITERS = ",;\t"


class UnreadableFileError(ValueError):
    """A returned file that cannot be used as a whole; the message names it and what to do."""


def read_filled(path: Path) -> pd.DataFrame:
    """COLUMNS of every row of the file, answers as they were typed (text, blanks trimmed).

    `row` counts data rows of a CSV, or tasks of an export, from 1; a task read by two people gives two rows. Raises
    UnreadableFileError for a file that is no such table or export.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise UnreadableFileError(
            f"{path}: no such file; name the filled queue.csv or Label Studio's export"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        advice = "save it again as CSV with encoding UTF-8, or export it again as JSON"
        raise UnreadableFileError(f"{path}: cannot be read ({error}); {advice}") from error
    rows = _of_tasks(path, content) if path.suffix.lower() == ".json" else _of_table(path, content)
    frame = pd.DataFrame(list(rows), columns=["row", "post_id", *TEXT_FIELDS, *ANSWER_FIELDS, "labeller"])
    if frame.empty:
        raise UnreadableFileError(f"{path}: no rows in it; give the file that was filled in")
    texts = (frame[field] for field in TEXT_FIELDS)
    frame["text_hash"] = list(map(text_hash, *texts))
    return frame.assign(file=path.name)[list(COLUMNS)]


def _of_table(path: Path, content: str) -> Iterator[tuple[Any, ...]]:
    header = content.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=header.count)
    try:
        table = pd.read_csv(io.StringIO(content), sep=delimiter, dtype=str, keep_default_na=False)
    except (ValueError, csv.Error) as error:
        raise UnreadableFileError(f"{path}: no table of rows ({error}); save it again as CSV") from error
    if missing := [name for name in REQUIRED if name not in table.columns]:
        raise UnreadableFileError(f"{path}: column {missing[0]} is missing; keep every column of the queue.csv")
    for field in (*ANSWER_FIELDS, "labeller"):
        table[field] = table[field].str.strip() if field in table else ""
    table["post_id"] = table["post_id"].str.strip().map(unguarded)
    columns = table[["post_id", *TEXT_FIELDS, *ANSWER_FIELDS, "labeller"]]
    yield from columns.reset_index(names="row").assign(row=range(1, len(table) + 1)).itertuples(index=False, name=None)


def _of_tasks(path: Path, content: str) -> Iterator[tuple[Any, ...]]:
    try:
        tasks = json.loads(content)
    except json.JSONDecodeError as error:
        raise UnreadableFileError(f"{path}: no JSON ({error}); export it again as JSON") from error
    if not isinstance(tasks, list):
        raise UnreadableFileError(f"{path}: a list of tasks is needed, found {type(tasks).__name__}; export as JSON")
    for number, task in enumerate(tasks, start=1):
        yield from _of_task(path, number, task)


def _of_task(path: Path, number: int, task: Any) -> Iterator[tuple[Any, ...]]:
    where = f"{path}, task {number}"
    data = task.get("data") if isinstance(task, dict) else None
    if not isinstance(data, dict) or not isinstance(task.get("annotations", []), list):
        raise UnreadableFileError(f"{where}: has no data and annotations; export as JSON, not as JSON-MIN or CSV")
    if missing := [name for name in ("post_id", *TEXT_FIELDS) if not isinstance(data.get(name), str)]:
        raise UnreadableFileError(f"{where}: data.{missing[0]} is missing; import label_studio.json of the queue")
    shown = (number, data["post_id"], *(data[field] for field in TEXT_FIELDS))
    given = [made for made in task.get("annotations", []) if not made.get("was_cancelled")]
    for made in given:
        answers = _choices(made.get("result", []))
        yield (*shown, *(answers.get(field, "") for field in ANSWER_FIELDS), _labeller(made.get("completed_by")))
    if not given:
        yield (*shown, *("" for _ in ANSWER_FIELDS), "")


def _choices(results: list[dict[str, Any]]) -> dict[str, str]:
    """What was chosen, by the name of the control; two choices where one is allowed stay visible as 'yes, no'."""
    return {
        result["from_name"]: ", ".join(result.get("value", {}).get("choices", []))
        for result in results
        if result.get("type") == "choices"
    }


def _labeller(completed_by: Any) -> str:
    """Label Studio writes the user's number, or an object with it."""
    if isinstance(completed_by, dict):
        return str(completed_by.get("email") or completed_by.get("id") or "")
    return "" if completed_by is None else str(completed_by)
