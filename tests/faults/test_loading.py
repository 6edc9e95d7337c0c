"""Loading is broken in one way after the other: no row is lost or comes twice, and the next load heals."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dagster_project.sources.errors import SourceError
from dagster_project.sources.validation import judging
from dagster_project.stages.provenance import findings
from dagster_project.storage.workspace import Workspace
from tests.faults.conftest import Disk
from tests.support.small_feed import COLUMNS, Feed

MONTHS = [f"2025-{month:02}" for month in range(1, 5)]


def write_month(feed: Feed, month: str, rows: int = 20, **options: str) -> None:
    posts = [f"{month}-{n},{month}-{1 + n % 28:02},Write text {n},Writing,10" for n in range(rows)]
    feed.write(f"{month}.csv", *posts, f"{month}-bad,{month}-02,,Writing,1", **options)


def posts_of(*months: str, rows: int = 20) -> list[str]:
    return sorted(f"{month}-{n}" for month in months for n in range(rows))


def assert_exact(feed: Feed, *months: str, rows: int = 20) -> None:
    """Every post of the months once, one reject each, and files as they were written."""
    assert sorted(feed.accepted()) == posts_of(*months, rows=rows)
    assert len(feed.rejects()) == len(months)
    assert list(findings(feed.workspace)) == []


@pytest.mark.parametrize("write", [1, 2, 5, 8, 10])
def test_a_load_killed_at_any_rename_is_whole_or_not_there_and_the_next_completes_it(
    feed: Feed, killed: Callable[..., None], write: int
) -> None:
    write_month(feed, MONTHS[0])
    feed.load()
    for month in MONTHS[1:]:
        write_month(feed, month)
    killed(lambda: _load_and_die(feed, write))
    feed.load()
    assert_exact(feed, *MONTHS)


def _load_and_die(feed: Feed, write: int) -> None:
    """Die by SIGKILL just before the so-manieth rename."""
    renames = iter(range(1, 1000))
    for name in ("rename", "replace"):
        real = getattr(Path, name)

        def rename(path: Path, target: Path, real: Callable[[Path, Path], Path] = real) -> Path:
            if next(renames) == write:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(path, target)

        setattr(Path, name, rename)
    feed.load()


def test_a_load_killed_between_its_rows_and_its_rejects_leaves_nothing_that_counts(
    feed: Feed, killed: Callable[..., None]
) -> None:
    write_month(feed, MONTHS[0])
    feed.load()
    write_month(feed, MONTHS[1])

    def load_and_die() -> None:
        judging.write_rejects = lambda *arguments: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment]
        feed.load()

    killed(load_and_die)
    assert sorted(feed.accepted()) == posts_of(MONTHS[0])
    feed.load()
    assert_exact(feed, *MONTHS[:2])


def test_a_full_disk_is_told_and_leaves_the_lake_as_it_was(feed: Feed, small_disk: Disk) -> None:
    feed = replace(feed, workspace=Workspace(small_disk.root / "workspace"))
    write_month(feed, MONTHS[0])
    feed.load()
    before = feed.snapshot()
    rows = [f"big-{n},2025-02-03,Write {os.urandom(4000).hex()},Writing,10" for n in range(400)]
    feed.write("big.csv", *rows)
    with pytest.raises((SourceError, OSError), match=r"big.csv: .*The disk is full: make room"):
        feed.load()
    assert feed.snapshot() == before
    small_disk.grow("60m")
    feed.load()
    assert sorted(feed.accepted()) == sorted([*posts_of(MONTHS[0]), *(f"big-{n}" for n in range(400))])
    assert list(findings(feed.workspace)) == []


def test_a_schema_that_changes_in_the_midst_of_a_backfill_stops_it_whole_and_a_second_group_heals(feed: Feed) -> None:
    for month in MONTHS[:2]:
        write_month(feed, month)
    write_month(feed, MONTHS[2], header="uid,published,name,topic,price")
    with pytest.raises(SourceError, match=r"column 'id', which 2025-03.csv does not have.*'uid'"):
        feed.load()
    assert feed.accepted() == [], "no month of the backfill is there without the others"
    old = {"files": ["2025-01.csv", "2025-02.csv"], "format": "csv", "columns": COLUMNS}
    new = {"files": ["2025-03.csv"], "format": "csv", "columns": COLUMNS | {"post_id": "uid"}}
    feed.map_tables({"job_posts": [old, new]})
    feed.load()
    assert_exact(feed, *MONTHS[:3])


def test_a_clock_over_a_month_end_loses_no_post_of_the_first_minutes(feed: Feed) -> None:
    """Read at 23:59:59 on the last day: a post stamped a second later, by another clock, is of the next month."""
    end = datetime(2025, 1, 31, 23, 59, 59)
    feed.write("a.csv", "old,2025-01-31 23:59:58,Write,Writing,10", "new,2025-02-01 00:00:01,Write,Writing,10")
    feed.load(now=end)
    feed.load(now=end + timedelta(seconds=5))
    assert dict(feed.accepted("post_id, month")) == {"old": "2025-01", "new": "2025-02"}
    assert feed.rejects() == []


LOAD = """
import sys
from pathlib import Path
from dagster_project.storage.workspace import Workspace
from tests.support.small_feed import Feed
root = Path(sys.argv[1])
Feed(root / "data", Workspace(root / "workspace"), root / "seeds", root / "mapping.yml").load()
"""


def test_two_processes_that_load_the_same_files_at_once_load_each_once(feed: Feed) -> None:
    for month in MONTHS:
        write_month(feed, month)
    command = [sys.executable, "-c", LOAD, str(feed.data.parent)]
    started = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait(120) for process in started] == [0, 0]
    assert_exact(feed, *MONTHS)


def test_a_postgres_that_is_away_is_named_without_its_password_and_nothing_changes(feed: Feed) -> None:
    write_month(feed, MONTHS[0])
    feed.load()
    before = feed.snapshot()
    options = {"files": ["postgres://owner:secret@127.0.0.1:1/base"], "format": "database", "options": {"table": "t"}}
    feed.map(**options)
    with pytest.raises(SourceError, match=r"postgres://owner@127.0.0.1:1/base.*cannot be read") as error:
        feed.load()
    assert "secret" not in str(error.value)
    assert feed.snapshot() == before
