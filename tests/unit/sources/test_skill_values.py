"""Skills as text, as a list and as objects: a skill is always a name."""

import json
from typing import Any

import duckdb
import pytest

from tests.support.small_feed import Feed

COLUMNS = {"post_id": "id", "posted_at": "published", "title": "name", "skills": "skills"}


def load_json(feed: Feed, *skills: Any, expression: str = "skills") -> None:
    """One JSON line a value, ids from 0."""
    rows = [
        {"id": str(n), "published": "2025-01-05", "name": "T", "skills": value}
        for n, value in enumerate([["kept"], *skills])
    ]
    feed.write_bytes("a.jsonl", "".join(json.dumps(row) + "\n" for row in rows).encode())
    feed.map(COLUMNS | {"skills": expression}, files=["*.jsonl"], format="jsonl")
    feed.load()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ([{"name": "A"}, {"name": "B, C", "level": 1}], ["A", "B, C"]),
        ([{"prefLabel": "P", "id": 3}, {"Name": "N"}, "plain"], ["P", "N", "plain"]),
        ([{"label": "L"}, {"title": "T"}, {"skill": "S"}, {"value": 7}], ["L", "T", "S", "7"]),
        ([{"name": None, "label": "L"}, {"name": " "}], ["L"]),
        ({"name": "A"}, ["A"]),
        ("[{'name': 'A', 'level': 1}, {'name': 'B'}]", ["A", "B"]),
        (['{"name": "A"}', "B"], ["A", "B"]),
        (["x", None, " ", "y"], ["x", "y"]),
        (["[Adobe] Photoshop", "C#"], ["[Adobe] Photoshop", "C#"]),
        ([1, 2.5], ["1", "2.5"]),
        ([], []),
        (None, None),
    ],
)
def test_a_list_gives_names(feed: Feed, written: Any, read: list[str] | None) -> None:
    load_json(feed, written)
    assert feed.rejects() == []
    assert feed.accepted("skills") == [["kept"], read]


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ([{"name": "A"}, {"tag_id": 5, "weight": 2}], "name, tag_id, weight"),
        ([{"skill": {"id": 5}}], "id, skill"),
        ({"Python": 5}, "Python"),
        ("[{'tag_id': 5}]", "tag_id"),
    ],
)
def test_objects_without_a_name_are_rejected_with_their_keys(feed: Feed, written: Any, keys: str) -> None:
    load_json(feed, written)
    [(reason, message)] = feed.rejects("reason, message")
    assert reason == "unparsable"
    assert f"(keys seen: {keys})" in message and "name, label, prefLabel, title, skill or value" in message


def test_a_list_of_lists_is_no_list_of_names(feed: Feed) -> None:
    load_json(feed, [["a", "b"]])
    assert feed.rejects("field, reason") == [("skills", "unparsable")]


def test_a_plain_text_is_a_reject_that_names_the_function_for_it(feed: Feed) -> None:
    load_json(feed, "Python, SQL")
    [message] = feed.rejects("message")
    assert message.startswith("skills 'Python, SQL' is no list: split_list(column)")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Python, SQL", ["Python", "SQL"]),
        ("Python|Audio, Video| ", ["Python", "Audio, Video"]),
        ("C++ • C# • .NET", ["C++", "C#", ".NET"]),
        ("UI/UX;CI/CD", ["UI/UX", "CI/CD"]),
        ("A\nB, C\n", ["A", "B, C"]),
        ("R&amp;D, Excel", ["R&amp;D", "Excel"]),
        ("one", ["one"]),
        ('["A, B"]', ["A, B"]),
        ("", []),
        (None, None),
    ],
)
def test_a_text_is_split_at_its_strongest_separator(feed: Feed, text: str | None, read: list[str] | None) -> None:
    load_json(feed, text, expression="split_list(skills)")
    assert feed.accepted("skills")[1:] == [read]


def test_structs_of_parquet_give_names_and_other_structs_are_rejected(feed: Feed) -> None:
    rows = (
        "select '1' as id, '2025-01-05' as published, 'T' as name, [{'name': 'A', 'level': 1}] as skills "
        "union all select '2', '2025-01-05', 'T', [{'name': null, 'level': 1}] "
        "union all select '3', '2025-01-05', 'T', []"
    )
    duckdb.execute(f"copy ({rows}) to '{feed.data / 'a.parquet'}'")
    feed.map(COLUMNS, files=["*.parquet"], format="parquet")
    feed.load()
    assert feed.accepted("post_id, skills") == [("1", ["A"]), ("3", [])]
    [message] = feed.rejects("message")
    assert "(keys seen: level, name)" in message
