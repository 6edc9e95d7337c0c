"""A table of a real Postgres, of SQLite or DuckDB, and files of an S3-compatible server are read like local files."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import boto3
import duckdb
import pytest
from moto.server import ThreadedMotoServer

from dagster_project.sources.errors import SourceError
from tests.support.postgres_server import running_postgres
from tests.support.small_feed import HEADER, Feed

ROWS = [("1", "2025-01-05 10:00:00", "First", "Writing", "10.50"), ("2", "2025-01-06 10:00:00", "Second", None, None)]
CREATE = "create table posts (id text, published text, name text, topic text, price text)"
COLUMNS = "post_id, posted_at::varchar, title, category, budget_usd::varchar"


def _insert(values: str) -> str:
    return f"insert into posts values ({', '.join([values] * 5)})"


def _sqlite(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(CREATE)
        connection.executemany(_insert("?"), ROWS)


def _duckdb(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(CREATE)
        connection.executemany(_insert("?"), ROWS)


@pytest.mark.parametrize("write", [_sqlite, _duckdb])
def test_a_table_of_a_database_file_is_read_and_known_again(feed: Feed, write) -> None:
    write(feed.data / "it's a base.db")
    kind = write.__name__.removeprefix("_")
    feed.map(files=[f"{kind}:it's a base.db"], format="database", options={"table": "posts"})
    feed.load()
    assert feed.accepted(COLUMNS) == ROWS
    assert feed.load().unchanged_files == 1


def test_a_query_is_read_where_a_table_is_not_enough(feed: Feed) -> None:
    _sqlite(feed.data / "base.db")
    feed.map(files=["sqlite:base.db"], format="database", options={"query": "select * from posts where id = '2'"})
    feed.load()
    assert feed.accepted() == ["2"]


def test_a_table_that_is_not_there_is_named(feed: Feed) -> None:
    _sqlite(feed.data / "base.db")
    feed.map(files=["sqlite:base.db"], format="database", options={"table": "jobs"})
    with pytest.raises(SourceError, match=r"sqlite:base\.db#jobs: .*jobs.*`table` or `query`"):
        feed.load()


def test_a_database_without_table_or_query_is_a_mistake_of_the_mapping(feed: Feed) -> None:
    with pytest.raises(SourceError, match="`table` or `query`"):
        feed.map(files=["sqlite:base.db"], format="database")


@pytest.fixture
def postgres() -> Iterator[str]:
    """The address of an empty database of a real server on this machine; `make setup-system` installs it."""
    with running_postgres() as server:
        yield server.address


def test_a_table_of_postgres_is_read_only_and_its_password_stays_unsaid(feed: Feed, postgres: str) -> None:
    from dagster_project.sources.files.connection import load_extension

    with duckdb.connect() as connection:
        load_extension(connection, "postgres_scanner")
        connection.execute(f"attach '{postgres}' as base (type postgres)")
        connection.execute("create schema base.feed")
        connection.execute(CREATE.replace("posts", "base.feed.posts"))
        connection.executemany(_insert("?").replace("posts", "base.feed.posts"), ROWS)
    feed.map(files=[postgres], format="database", options={"table": "feed.posts"})
    feed.load()
    assert feed.accepted(COLUMNS) == ROWS
    said = "\n".join([*feed.messages, *map(str, feed.accepted("source_file"))])
    assert "owner@127.0.0.1" in said
    assert "secret" not in said
    assert b"secret" not in b"".join(feed.snapshot().values())
    feed.map(files=[postgres], format="database", options={"query": "delete from feed.posts returning *"})
    with pytest.raises(SourceError, match="cannot be read"):
        feed.load()


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of an S3-compatible server on this machine that holds an empty bucket `feed`."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    boto3.client("s3", endpoint_url=url).create_bucket(Bucket="feed")
    yield url
    server.stop()


def test_files_of_an_object_store_are_found_and_read(feed: Feed, bucket: str) -> None:
    content = "\n".join([HEADER, *(",".join(value or "" for value in row) for row in ROWS)])
    client = boto3.client("s3", endpoint_url=bucket)
    client.put_object(Bucket="feed", Key="month=2024-01/posts 1.csv", Body=content.encode())
    feed.map(files=["s3://feed/*/*.csv"], options={"endpoint": bucket})
    feed.load()
    assert feed.accepted(COLUMNS) == ROWS
    assert feed.load().unchanged_files == 1
    client.delete_object(Bucket="feed", Key="month=2024-01/posts 1.csv")
    with pytest.raises(SourceError, match=r"no file matches 's3://feed/\*/\*\.csv'"):
        feed.load()
