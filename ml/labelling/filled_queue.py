"""What labellers send back: read as CSV or Label Studio's JSON, checked against the key; bad rows kept aside."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ml.features.keywords import TECHNOLOGIES
from ml.labelling.queue_files import ANSWER_FIELDS, TEXT_FIELDS, text_hash, unguarded

LABELS = {"0": 0, "no": 0, "1": 1, "yes": 1}
UNSURE = {"": 0, "0": 0, "no": 0, "1": 1, "yes": 1, "x": 1, "unsure": 1}
PROBLEM_COLUMNS = ["file", "row", "post_id", "field", "reason", "message"]


@dataclass(frozen=True)
class Checked:
    """readings: post_id, labeller, labels and unsure marks as 0/1, file, row. problems: PROBLEM_COLUMNS. unread: rows
    without any label, which a labeller has not come to yet."""

    readings: pd.DataFrame
    problems: pd.DataFrame
    unread: int


def check_rows(rows: pd.DataFrame, hashes: dict[str, set[str]]) -> Checked:
    """rows: of `read_filled`; hashes: post_id -> text_hash of every queue that asked for it."""
    is_read = rows[list(TECHNOLOGIES)].agg("".join, axis=1).ne("") | ~rows["post_id"].isin(hashes)
    records = [{str(name): value for name, value in row.items()} for row in rows[is_read].to_dict("records")]
    problems = [_first_problem(row, hashes) for row in records]
    good = [_as_numbers(row) for row, problem in zip(records, problems, strict=True) if problem is None]
    answers = [*TECHNOLOGIES, *(f"unsure_{technology}" for technology in TECHNOLOGIES)]
    readings = pd.DataFrame(good, columns=["file", "row", "post_id", *answers, "labeller"])
    found = [problem for problem in problems if problem is not None]
    return Checked(
        readings.astype(dict.fromkeys(answers, int)),
        pd.DataFrame(found, columns=PROBLEM_COLUMNS),
        int((~is_read).sum()),
    )


def problem(row: dict[str, str], field: str, reason: str, message: str) -> dict[str, str]:
    """One row of the problems; the message gets its place before it."""
    place = f"{row['file']} row {row['row']}, {field}"
    return {
        "file": row["file"],
        "row": row["row"],
        "post_id": row["post_id"],
        "field": field,
        "reason": reason,
        "message": f"{place}: {message}",
    }


def _first_problem(row: dict[str, str], hashes: dict[str, set[str]]) -> dict[str, str] | None:
    post = row["post_id"]
    if post not in hashes:
        advice = "no queue of this workspace asked for it; put the post_id of the queue.csv back, as text"
        return problem(row, "post_id", "unknown_post", f"{post!r}: {advice}")
    if row["text_hash"] not in hashes[post]:
        advice = "the text is not the one that was shown; label the text of the queue.csv and leave it as it is"
        return problem(row, "text", "changed_text", f"{post}: {advice}")
    for technology in TECHNOLOGIES:
        if row[technology] == "":
            return problem(row, technology, "empty_label", f"{post}: empty; write {_allowed(LABELS)}")
        if row[technology].lower() not in LABELS:
            return problem(row, technology, "unknown_label", f"{row[technology]!r}; write {_allowed(LABELS)}")
        if row[f"unsure_{technology}"].lower() not in UNSURE:
            advice = f"{row[f'unsure_{technology}']!r}; leave it empty or write {_allowed(UNSURE)}"
            return problem(row, f"unsure_{technology}", "unknown_label", advice)
    return None


def _allowed(answers: dict[str, int]) -> str:
    return " or ".join(answer for answer in answers if answer)


def _as_numbers(row: dict[str, str]) -> dict[str, str | int]:
    labels = {technology: LABELS[row[technology].lower()] for technology in TECHNOLOGIES}
    unsure = {f"unsure_{t}": UNSURE[row[f"unsure_{t}"].lower()] for t in TECHNOLOGIES}
    return {**{name: row[name] for name in ("file", "row", "post_id", "labeller")}, **labels, **unsure}


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
