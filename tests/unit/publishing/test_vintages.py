"""What was said about a row, release by release."""

from collections.abc import Callable
from datetime import date

import pytest

from dagster_project.publishing.release.catalog import Release, ReleaseError
from dagster_project.publishing.revisions.vintages import revision, vintages
from dagster_project.storage.workspace import Home

KEY = {"posted_month": date(2025, 11, 1), "series_id": "writing"}


def test_a_row_is_listed_as_each_release_had_it(publish: Callable[..., Release], home: Home) -> None:
    published = [publish(120), publish(118), publish(125)]
    found = vintages(home.releases, "monthly_growth", KEY)
    assert [vintage.row["post_count"] for vintage in found] == [120, 118, 125]
    assert [vintage.release_id for vintage in found] == [release.id for release in published]


def test_a_revision_has_the_first_and_the_latest_value(publish: Callable[..., Release], home: Home) -> None:
    for post_count in (120, 118, 125):
        publish(post_count)
    revised = revision(home.releases, "monthly_growth", KEY)
    assert revised is not None
    assert (revised.first.row["post_count"], revised.latest.row["post_count"]) == (120, 125)


def test_a_row_that_was_never_released_has_no_revision(publish: Callable[..., Release], home: Home) -> None:
    assert revision(home.releases, "monthly_growth", KEY) is None
    publish()
    assert revision(home.releases, "monthly_growth", KEY | {"series_id": "translation"}) is None
    assert revision(home.releases, "contract_values", KEY) is None


def test_a_part_of_the_key_is_refused(publish: Callable[..., Release], home: Home) -> None:
    publish()
    with pytest.raises(ReleaseError, match=r"key of monthly_growth is \(posted_month, series_id\)"):
        vintages(home.releases, "monthly_growth", {"series_id": "writing"})
