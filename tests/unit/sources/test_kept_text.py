"""Text is stored as it came, whatever it holds."""

import json

import pytest

from tests.support.small_feed import COLUMNS, HEADER, Feed

TEXTS = {
    "a title of one megabyte": "x" * 1_000_000,
    "NUL bytes": "before\0after, and \0",
    "right-to-left text": "מפתח Python \u202eevil\u202c مطلوب",
    "HTML": "<script>alert('x')</script> & <b>bold</b>",
    "a spreadsheet formula": '=HYPERLINK("http://x.example";"click")',
    "lines and quotes": 'first\r\nsecond "quoted"\n\nlast',
    "surrounding space": "  padded\t",
}


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_text_in_a_csv_is_kept(feed: Feed, text: str) -> None:
    row = f"1,2025-01-05,{_quoted(text)},,"
    feed.write_bytes("a.csv", f"{HEADER}\n{row}\n2,2025-01-05,next,,\n".encode())
    feed.load()
    assert feed.accepted("title") == [text, "next"]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_text_in_json_lines_is_kept(feed: Feed, text: str) -> None:
    feed.map(files=["*.jsonl"], format="jsonl")
    row = {"id": "1", "published": "2025-01-05", "name": text, "topic": None, "price": 10.5}
    feed.write_bytes("a.jsonl", (json.dumps(row) + "\n").encode())
    feed.load()
    assert feed.accepted("title, budget_usd::varchar") == [(text, "10.50")]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_text_of_a_rejected_row_survives_its_replay(feed: Feed, text: str) -> None:
    feed.write_bytes("a.csv", f"{HEADER}\n1,2025-01-05,{_quoted(text)},Unknown,\n".encode())
    feed.load()
    assert feed.accepted() == []
    feed.map(COLUMNS | {"category": "null"})
    feed.replay()
    assert feed.accepted("title") == [text]


def test_a_byte_order_mark_and_windows_line_ends_are_read(feed: Feed) -> None:
    feed.write_bytes("a.csv", f'{HEADER}\r\n1,2025-01-05,"two\nlines",,\r\n'.encode("utf-8-sig"))
    feed.load()
    assert feed.accepted("post_id, title") == [("1", "two\nlines")]
