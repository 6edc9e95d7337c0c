"""Rows of a file that people hold in a month count in nothing of the month, until they are let go."""

from datetime import date

import pytest

from dagster_project.sources.lake.accounting import input_hashes, judge_months
from dagster_project.sources.lake.manifests import require_known_part
from dagster_project.storage.holds import Hold, HoldError, hold, unhold
from tests.support.small_feed import Feed

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
