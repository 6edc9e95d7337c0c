"""The lake's books: by load and month how many posts it brought first; rows that people hold count in nothing."""

from collections.abc import Iterable
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dagster_project.sources.lake import books
from dagster_project.sources.lake.accounting import input_hashes, judge_months
from dagster_project.sources.lake.books import write_loads
from dagster_project.sources.lake.manifests import require_known_part
from dagster_project.storage.holds import Hold, HoldError, hold, unhold
from dagster_project.storage.workspace import Workspace
from tests.support.small_feed import Feed


@pytest.fixture
def two_months(feed: Feed) -> Feed:
    """Post 1 was posted in April and again in May; each file has one post of its own."""
    feed.write("april.csv", "1,2025-04-05,Write a text,Writing,10", "2,2025-04-06,Draw a list,Writing,10")
    feed.load()
    feed.write("may.csv", "1,2025-05-05,Write a text,Writing,10", "3,2025-05-06,Mend a page,Writing,10")
    feed.load()
    return feed


def entries(workspace: Workspace) -> dict[str, int | None]:
    """First postings by month."""
    rows = pq.read_table(workspace.lake / "loads.parquet").to_pylist()
    return {row["month"]: row["first_postings"] for row in rows if row["table_name"] == "job_posts"}


def test_a_post_counts_for_the_load_and_month_of_its_first_posting(two_months: Feed) -> None:
    write_loads(two_months.workspace, set(), {"2025-04": [], "2025-05": ["2025-04"]})
    assert entries(two_months.workspace) == {"2025-04": 2, "2025-05": 1}


def test_only_months_that_are_built_are_counted_beside_a_held_month_of_an_earlier_version(
    two_months: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = two_months.workspace
    write_loads(workspace, set(), {"2025-04": [], "2025-05": []})
    target = workspace.lake / "loads.parquet"
    rows = pq.read_table(target).to_pylist()
    rows = [row | ({"first_postings": None} if row["month"] == "2025-04" else {}) for row in rows]
    pq.write_table(pa.Table.from_pylist(rows, pq.read_schema(target)), target)
    counted: list[list[str]] = []
    real = books.first_postings

    def count(workspace: Workspace, months: Iterable[str]) -> dict[tuple[str, str], int]:
        counted.append(sorted(months))
        return real(workspace, months)

    monkeypatch.setattr(books, "first_postings", count)
    write_loads(workspace, {"2025-04"}, {"2025-05": []})
    assert counted == [["2025-05"]]
    assert entries(workspace)["2025-04"] is None


DAY = date(2025, 11, 30)
BAD = Hold("2025-05", "spam", DAY, file="bad.csv")


@pytest.fixture
def two_files(feed: Feed) -> Feed:
    """May in two files; every row of the second but one is a reject."""
    feed.write("good.csv", *(f"{n},2025-05-05,Write a text,Writing,10" for n in range(20)))
    feed.write("bad.csv", "50,2025-05-06,Spam,Writing,1", *(f"{n},2025-05-07,,Writing,1" for n in range(60, 90)))
    feed.load()
    return feed


def test_without_a_held_file_its_month_is_judged_and_hashed_without_it(two_files: Feed) -> None:
    workspace, mapping = two_files.workspace, two_files.mapping
    require_known_part(workspace, BAD)
    assert not judge_months(workspace, mapping)["2025-05"].passed
    full = input_hashes(workspace).get("2025-05")
    hold(workspace, [BAD])
    verdict = judge_months(workspace, mapping)["2025-05"]
    assert verdict.passed and verdict.rows_read == 20
    assert input_hashes(workspace).get("2025-05") != full
    unhold(workspace, ["2025-05"], file="bad.csv")
    assert input_hashes(workspace).get("2025-05") == full


def test_a_part_that_is_not_there_cannot_be_held(two_files: Feed) -> None:
    workspace = two_files.workspace
    with pytest.raises(HoldError, match=r"worse.csv: no rows of 2025-05 came from it; files .*: bad.csv, good.csv"):
        require_known_part(workspace, Hold("2025-05", "spam", DAY, file="worse.csv"))
    with pytest.raises(HoldError, match="Lawyers: no such category; there are Accounting"):
        require_known_part(workspace, Hold("2025-05", "spam", DAY, category="Lawyers"))
    require_known_part(workspace, Hold("2025-05", "spam", DAY, category="Legal"))
    two_files.write("alone.csv", "99,2025-04-05,Write a text,Writing,10")
    two_files.load()
    with pytest.raises(HoldError, match=r"alone.csv is the only file of 2025-04; hold the month itself"):
        require_known_part(workspace, Hold("2025-04", "spam", DAY, file="alone.csv"))
