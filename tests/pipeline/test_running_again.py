"""Running again gives the same content and no new release, also after the warehouse was deleted. Two runs."""

import pytest

from tests.support.job_runs import Place
from tests.support.written_feed import REPORT_MONTH

pytestmark = pytest.mark.slow


def test_a_second_run_gives_the_same_marts_and_no_new_release(place: Place) -> None:
    hashes, releases = place.mart_hashes(), place.releases()
    run = place.run(REPORT_MONTH)
    assert run.succeeded, run.failures
    assert place.mart_hashes() == hashes
    assert place.releases() == releases
    assert {name: mart["sha256"] for name, mart in place.summary(REPORT_MONTH)["marts"].items()} == hashes


def test_a_deleted_warehouse_is_rebuilt_to_the_same_marts(place: Place) -> None:
    hashes, releases = place.mart_hashes(), place.releases()
    place.workspace.warehouse.unlink()
    run = place.run(REPORT_MONTH)
    assert run.succeeded, run.failures
    assert place.mart_hashes() == hashes
    assert place.releases() == releases
