"""A workspace that was moved goes on."""

from pathlib import Path

import dagster as dg
import pytest

from dagster_project.runs.status import month_statuses
from tests.support.job_runs import Place
from tests.support.written_feed import REPORT_MONTH

pytestmark = pytest.mark.slow  # real dbt and the gates before and after it: half a minute


def test_a_built_workspace_can_be_moved_and_run_on(built: Place, tmp_path: Path) -> None:
    """Views over the lake hold the place that it had; no gate may need them before dbt has made them anew."""
    moved = built.copy_to(tmp_path / "elsewhere")
    with moved.configured() as settings:
        states = {row.month: row.state for row in month_statuses(settings)}
    assert states[REPORT_MONTH] == "built" and "stale" not in states.values()
    moved.add_late_files()
    run = moved.run(REPORT_MONTH, select=dg.AssetSelection.groups("ingest", "seeds", "staging"))
    assert run.succeeded, run.failures
    posts = "select strftime(posted_month, '%Y-%m'), count(*) from staging.stg_marketplace__job_posts group by all"
    before, after = dict(built.query(posts)), dict(moved.query(posts))
    assert sum(after.values()) == sum(before.values()) and after != before, "late files moved two posts"
