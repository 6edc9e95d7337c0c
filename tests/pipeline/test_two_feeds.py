"""A feed of one's own after the simulated one, in the same data root. Two runs, about two minutes."""

import duckdb
import pytest

from tests.support.job_runs import REPORT_PAGES, Place, visible_text
from tests.support.written_feed import REPORT_MONTH

pytestmark = pytest.mark.slow

SIMULATED_MONTH = "2025-02"
SMALL = {"HIRING_PULSE_FIRST_MONTH": "2025-01", "HIRING_PULSE_POSTS_PER_MONTH": "600"}


@pytest.fixture
def simulated_first(fresh_place: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    """The written feed's place after a run of the simulated marketplace in the same data root."""
    for name, value in SMALL.items():
        monkeypatch.setenv(name, value)
    simulated = Place(fresh_place.root, sources="simulated_marketplace", name="simulated_marketplace")
    simulated.workspace.root.mkdir(parents=True)
    simulated.workspace.models.symlink_to(fresh_place.workspace.models)
    run = simulated.run(SIMULATED_MONTH)
    assert run.succeeded, run.failures
    assert simulated.summary(SIMULATED_MONTH)["is_simulated"]
    return simulated


def test_a_real_run_after_a_simulated_one_shows_no_simulated_row(simulated_first: Place, fresh_place: Place) -> None:
    run = fresh_place.run(REPORT_MONTH)
    assert run.succeeded, run.failures
    files = f"{simulated_first.workspace.raw('job_posts')}/*/*.parquet"
    simulated_ids = {i for (i,) in duckdb.execute("select post_id from read_parquet(?)", [files]).fetchall()}
    own_ids = {i for (i,) in fresh_place.query("select post_id from staging.stg_marketplace__job_posts")}
    assert simulated_ids and own_ids
    assert simulated_ids & own_ids == set()
    summary = fresh_place.summary(REPORT_MONTH)
    assert summary["source"]["kept"] == len(own_ids)
    assert not summary["is_simulated"]
    for name in REPORT_PAGES:
        assert "simulated" not in visible_text(fresh_place.workspace.releases / "latest" / "report" / name)
    _assert_the_simulated_release_says_so(simulated_first)


def _assert_the_simulated_release_says_so(simulated: Place) -> None:
    report = simulated.workspace.releases / "latest" / "report"
    for name in REPORT_PAGES:
        assert "simulated" in visible_text(report / name)
    # its first months are older than the first quoted figure
    assert "quoted figures not provided" in visible_text(report / "hiring_report.html")
