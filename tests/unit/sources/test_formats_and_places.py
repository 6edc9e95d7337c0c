"""The same rows arrive from every format, compression and place."""

import gzip
import http.server
import json
import threading
from collections.abc import Iterator
from functools import partial

import duckdb
import pyarrow as pa
import pytest

from tests.support.small_feed import HEADER, Feed

ROWS = [
    ("1", "2025-01-05 10:00:00", "First", "Writing", "10.50"),
    ("2", "2025-01-06 10:00:00", "Second", None, None),
]
CSV = "\n".join([HEADER, *(",".join(value or "" for value in row) for row in ROWS)]).encode() + b"\n"
JSONL = "".join(json.dumps(dict(zip(HEADER.split(","), row, strict=True))) + "\n" for row in ROWS).encode()


def assert_arrived(feed: Feed) -> None:
    feed.load()
    columns = "post_id, posted_at::varchar, title, category, budget_usd::varchar"
    assert feed.accepted(columns) == ROWS


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.csv.zst", "a.jsonl", "a.jsonl.gz", "a.jsonl.zst"])
def test_text_formats_and_compressions_give_the_same_rows(feed: Feed, name: str) -> None:
    content = CSV if ".csv" in name else JSONL
    if name.endswith(".gz"):
        content = gzip.compress(content)
    if name.endswith(".zst"):
        content = pa.compress(content, codec="zstd", asbytes=True)
    feed.write_bytes(name, content)
    feed.map(files=["a.*"], format="csv" if ".csv" in name else "jsonl")
    assert_arrived(feed)


def test_parquet_with_its_own_types_gives_the_same_rows(feed: Feed) -> None:
    path = feed.data / "posts" / "a.parquet"
    path.parent.mkdir()
    values = ", ".join("(?, ?::timestamp, ?, ?, ?::double)" for _ in ROWS)
    table = f"(values {values}) as posts (id, published, name, topic, price)"
    duckdb.execute(f"copy (from {table}) to '{path}'", [value for row in ROWS for value in row])
    feed.map(files=["posts/*.parquet"], format="parquet")
    assert_arrived(feed)
    assert feed.accepted("distinct source_file") == ["posts/a.parquet"]


def test_a_file_with_pattern_characters_in_its_name_is_itself(feed: Feed) -> None:
    feed.write_bytes("a[1]*.csv", CSV)
    assert_arrived(feed)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("['Bob''s', 'a, b']".replace("''", "\\'"), ["Bob's", "a, b"]),
        ('["caf\\u00e9", "x"]', ["café", "x"]),
        ("[]", []),
        ("", None),
    ],
)
def test_a_list_in_text_is_read_as_a_list(feed: Feed, written: str, read: list[str] | None) -> None:
    feed.map({"post_id": "id", "posted_at": "published", "title": "name", "skills": "skills"})
    quoted = '"' + written.replace('"', '""') + '"'
    feed.write("a.csv", f"1,2025-01-05,T,{quoted}", header="id,published,name,skills")
    feed.load()
    assert feed.accepted("skills") == [read]


def test_nested_json_is_text_that_an_expression_can_open(feed: Feed) -> None:
    row = {"id": 12345678901234567890, "published": "2025-01-05", "name": "T", "client": {"country": "PT"}}
    feed.write_bytes("a.jsonl", json.dumps(row).encode() + b"\n")
    columns = {
        "post_id": "id",
        "posted_at": "published",
        "title": "name",
        "client_country": "client ->> 'country'",
    }
    feed.map(columns, files=["*.jsonl"], format="jsonl")
    feed.load()
    assert feed.accepted("post_id, client_country") == [("12345678901234567890", "PT")]


@pytest.fixture
def served(feed: Feed) -> Iterator[str]:
    """The feed's folder served on this machine by HTTP."""
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(feed.data))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_file_at_a_uri_is_read_like_a_local_one(feed: Feed, served: str) -> None:
    feed.write_bytes("a.csv", CSV)
    feed.map(files=[f"{served}/a.csv"])
    assert_arrived(feed)
