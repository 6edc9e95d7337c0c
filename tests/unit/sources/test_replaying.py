"""Rejects are read again from the lake after the mapping was fixed, and the counts stay exact."""

import pytest

from dagster_project.sources.errors import SourceError
from dagster_project.sources.lake.accounting import input_hashes, judge_months, source_summary
from dagster_project.sources.lake.manifests import load_manifests
from tests.support.small_feed import COLUMNS, Feed

ROWS = ("1,2025-01-05,T,Writing,10", "2,2025-01-06,T,Copy,20", "3,2025-01-07,T,Other,30", "4,later,T,Copy,40")
MENDED = COLUMNS | {"category": "case topic when 'Copy' then 'Writing' else topic end"}


@pytest.fixture
def rejected(feed: Feed) -> Feed:
    """A lake of one accepted and three rejected rows, whose file is gone, and a mapping fixed for one of them."""
    path = feed.write("a.csv", *ROWS)
    feed.load()
    path.unlink()
    feed.map(MENDED)
    return feed


def test_fixed_rows_become_a_load_of_their_own(rejected: Feed) -> None:
    [parent] = load_manifests(rejected.workspace, "job_posts")
    result = rejected.replay()
    assert (result.accepted, result.still_rejected) == (1, 2)
    [load] = result.loads
    assert load.replay_of == parent.load_id != load.load_id
    assert rejected.accepted("post_id, category, source_file, source_row, load_id") == [
        ("1", "Writing", "a.csv", 1, parent.load_id),
        ("2", "Writing", "a.csv", 2, load.load_id),
    ]


def test_the_other_rows_stay_rejects_of_their_load(rejected: Feed) -> None:
    [parent] = load_manifests(rejected.workspace, "job_posts")
    rejected.replay()
    assert rejected.rejects("source_row, field, reason, load_id") == [
        (3, "category", "unknown_category", parent.load_id),
        (4, "posted_at", "unparsable", parent.load_id),
    ]


def test_rows_read_are_conserved(rejected: Feed) -> None:
    before = source_summary(rejected.workspace)["job_posts"]
    rejected.replay()
    after = source_summary(rejected.workspace)["job_posts"]
    assert before["rows_read"] == after["rows_read"] == 4
    assert (after["accepted"], after["rejected"]) == (2, 2) == (len(rejected.accepted()), len(rejected.rejects()))
    assert after["by_reason"] == {"unknown_category": 1, "unparsable": 1}


def test_the_month_of_fixed_rows_is_stale(rejected: Feed) -> None:
    before = input_hashes(rejected.workspace).get("2025-01")
    assert rejected.replay().touched_months == ["2025-01"]
    assert input_hashes(rejected.workspace).get("2025-01") != before


def test_a_second_replay_finds_nothing_more(rejected: Feed) -> None:
    rejected.replay()
    before = rejected.snapshot()
    result = rejected.replay()
    assert (result.loads, result.still_rejected) == ([], 2)
    assert rejected.snapshot() == before


def test_a_replay_after_a_fixed_vocabulary_accepts_more_under_the_same_mapping(rejected: Feed) -> None:
    rejected.replay()
    with (rejected.seeds / "categories.csv").open("a") as seed:
        seed.write("3,Other,false,2020-01-01,\n")
    assert rejected.replay().accepted == 1
    assert len(load_manifests(rejected.workspace, "job_posts")) == 3


def test_the_file_read_anew_takes_the_place_of_its_replayed_rows(rejected: Feed) -> None:
    rejected.replay()
    rejected.write("a.csv", *ROWS)
    rejected.load()
    assert rejected.accepted() == ["1", "2"]
    assert source_summary(rejected.workspace)["job_posts"]["rows_read"] == 4


def test_a_month_passes_once_its_rejects_are_mended(rejected: Feed) -> None:
    assert not judge_months(rejected.workspace, rejected.mapping)["2025-01"].passed
    rejected.map(COLUMNS | {"category": "null", "posted_at": "coalesce(try_cast(published as date), '2025-01-09')"})
    rejected.replay()
    assert judge_months(rejected.workspace, rejected.mapping)["2025-01"].passed


def test_a_mapping_that_asks_for_an_absent_column_changes_nothing(rejected: Feed) -> None:
    rejected.map(MENDED | {"title": "names"})
    before = rejected.snapshot()
    with pytest.raises(SourceError, match=r"'names'.*nearest that exists is 'name'"):
        rejected.replay()
    assert rejected.snapshot() == before


def test_a_file_that_no_group_lists_any_more_is_named(rejected: Feed) -> None:
    rejected.map(MENDED, files=["b.csv"])
    with pytest.raises(SourceError, match=r"a\.csv"):
        rejected.replay()
