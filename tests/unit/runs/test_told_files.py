"""What the chain of a sentence says of a file of the lake that is another than when its release was made."""

from pathlib import Path

import pytest

from dagster_project.runs.trace.chain import told_file
from dagster_project.sources.lake.manifests import load_manifests
from dagster_project.stages.provenance import ReleasedLoad, released_load
from tests.support.small_feed import COLUMNS, Feed, new_feed


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    return new_feed(tmp_path)


@pytest.fixture
def released(feed: Feed) -> ReleasedLoad:
    """A load of three rows, of which two are rejected: without a name both, and one with a price that is none."""
    feed.write("a.csv", "1,2025-01-05,Write text,Writing,10", "2,2025-01-06,,Writing,10", "3,2025-01-07,,Writing,x")
    feed.load()
    return released_load(load_manifests(feed.workspace, "job_posts")[0], [])


def rejects_of(load: ReleasedLoad) -> str:
    [name] = [name for name in load.files if name.startswith("rejects/")]
    return name


def test_a_file_that_nobody_touched_is_as_it_was_written(feed: Feed, released: ReleasedLoad) -> None:
    assert {told_file(feed.workspace, released, name) for name in released.files} == {"as it was written"}


def test_rejects_that_were_replayed_are_no_damage(feed: Feed, released: ReleasedLoad) -> None:
    feed.map(COLUMNS | {"title": "coalesce(name, 'none')"})
    feed.replay()
    assert told_file(feed.workspace, released, rejects_of(released)) == "written again by a later run, with 1 rows"


def test_rejects_that_are_all_accepted_now_are_no_damage(feed: Feed, released: ReleasedLoad) -> None:
    feed.map(COLUMNS | {"title": "coalesce(name, 'none')", "budget_usd": "try_cast(price as double)"})
    feed.replay()
    assert (
        told_file(feed.workspace, released, rejects_of(released)) == "no longer there: a later run read its rows again"
    )


def test_a_cut_file_is_told_before_and_after_a_replay(feed: Feed, released: ReleasedLoad) -> None:
    name = rejects_of(released)
    feed.map(COLUMNS | {"title": "coalesce(name, 'none')"})
    feed.replay()
    file = feed.workspace.lake / name
    file.write_bytes(file.read_bytes()[:-50])
    assert "bytes, written were" in told_file(feed.workspace, released, name)


def test_a_file_of_a_load_that_left_the_lake_is_gone_with_it(feed: Feed, released: ReleasedLoad) -> None:
    for folder in (feed.workspace.manifests("job_posts"), feed.workspace.rejects("job_posts")):
        for file in folder.rglob("*.*"):
            file.unlink()
    assert told_file(feed.workspace, released, rejects_of(released)).endswith("its load is no longer in the lake")
