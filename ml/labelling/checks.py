"""Checks returned labels against the key of their queue; a row that fails is kept aside with its reason."""

from dataclasses import dataclass

import pandas as pd

from ml.features.keywords import TECHNOLOGIES

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
        advice = "no queue of this home asked for it; put the post_id of the queue.csv back, as text"
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
