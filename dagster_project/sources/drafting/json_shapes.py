"""Which shape of JSON a file has: lines, a list, a list under a key, or an object whose values are the posts."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from dagster_project.sources.errors import SourceError

_BETWEEN_ITEMS = re.compile(r"[\s,]*")
_FEWEST_KEYED = 2
_MOST_UNLIKE = 0.5


@dataclass(frozen=True)
class Records:
    """`format` is jsonl or json, `path` the keys down to the list joined by dots (None: the document itself)."""

    format: str
    rows: list[dict[str, Any]]
    path: str | None = None
    notes: tuple[str, ...] = ()


def look_at_json(file_name: str, start: str, is_whole: bool, whole_text: Callable[[], str]) -> Records:
    """The records of a JSON file whose first part is `start`; `whole_text` reads all of it where that is needed."""
    lines = _records_by_line(start if is_whole else start[: start.rfind("\n") + 1])
    if lines is not None:
        return lines
    if not is_whole and start.lstrip().startswith("["):
        return Records("json", list(_first_items(start)))
    try:
        document = json.loads(start if is_whole else whole_text())
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise SourceError(f"{file_name}: no JSON: {error.msg} at {place}; fetch the file again") from error
    found = max(_lists(document, ()), key=lambda item: len(item[1]), default=None)
    if found is None:
        raise SourceError(f"{file_name}: the JSON holds no list of objects; give the part that lists the posts")
    path, records, others = found
    rows = [record for record in records if isinstance(record, dict)]
    notes = [f"the posts are the list under {'.'.join(path)}"] if path else []
    if others:
        notes.append(others)
    return Records("json", rows, ".".join(path) or None, tuple(notes))


def _records_by_line(start: str) -> Records | None:
    """The objects of a file with one a line; None where its first lines are not that."""
    given = [line for line in start.splitlines() if line.strip()]
    rows, unreadable = [], 0
    for line in given:
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            row = None
        if isinstance(row, dict):
            rows.append(row)
        else:
            unreadable += 1
    if not rows or unreadable > len(given) / 2 or (len(given) == 1 and _has_list_of_objects(rows[0])):
        return None
    notes = (f"{unreadable} of the lines looked at hold no object",) if unreadable else ()
    return Records("jsonl", rows, notes=notes)


def _first_items(start: str) -> Iterator[dict[str, Any]]:
    """The objects at the beginning of a list that is too long to be read whole."""
    decoder, position = json.JSONDecoder(), start.index("[") + 1
    while True:
        rest = _BETWEEN_ITEMS.match(start, position)
        try:
            item, position = decoder.raw_decode(start, rest.end() if rest else position)
        except json.JSONDecodeError:
            return
        if isinstance(item, dict):
            yield item


def _has_list_of_objects(document: dict[str, Any]) -> bool:
    return next(_lists(document, ()), None) is not None


def _lists(node: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], list[Any], str]]:
    """Every list of objects down the keys (not inside lists), and objects whose values are objects of one kind."""
    if isinstance(node, list):
        if any(isinstance(item, dict) for item in node):
            yield path, node, ""
    elif isinstance(node, dict):
        values = list(node.values())
        if len(values) >= _FEWEST_KEYED and all(isinstance(value, dict) for value in values) and _are_alike(values):
            yield path, values, "the posts are the values of an object whose keys are their ids"
            return
        for key, value in node.items():
            yield from _lists(value, (*path, key))


def _are_alike(values: list[dict[str, Any]]) -> bool:
    every = set().union(*values)
    shared = sum(len(value) for value in values) / (len(values) * max(len(every), 1))
    return shared >= _MOST_UNLIKE
