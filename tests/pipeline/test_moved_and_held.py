"""What people hold of a moved workspace is left out, and told wherever it is read. Reads the shared late run.

A month that people hold is seen in `test_month_ranges.py`, whose run builds every other month anew.
"""

from pathlib import Path

import pytest

from dagster_project.runs.status import month_statuses, print_status
from dagster_project.storage.holds import unhold
from tests.support.job_runs import HELD_CATEGORY, HELD_FILE, REPORT_PAGES, Place, visible_text
from tests.support.written_feed import FIRST_SEARCHES, LATER_SEARCHES, NEXT_MONTH, REPORT_MONTH

pytestmark = pytest.mark.slow


POSTS = "select strftime(posted_month, '%Y-%m'), count(*) from staging.stg_marketplace__job_posts group by all"
SEARCHES = (
    "select strftime(search_month, '%Y-%m'), sum(search_count)"
    " from staging.stg_marketplace__talent_searches group by all"
)


def test_a_moved_workspace_takes_in_late_files(built: Place, late: Place) -> None:
    """A late file moves a post of March to February and one of February to January."""
    before, after = dict(built.query(POSTS)), dict(late.query(POSTS))
    assert NEXT_MONTH in before and NEXT_MONTH not in after, "its only post moved"
    assert after["2025-01"] == before["2025-01"] + 1
    assert after[REPORT_MONTH] == before[REPORT_MONTH], "one came, one left"


def test_a_held_file_counts_in_nothing_of_its_month_and_a_held_category_tells_no_growth(
    built: Place, late: Place
) -> None:
    before, now = dict(built.query(SEARCHES)), dict(late.query(SEARCHES))
    assert FIRST_SEARCHES[HELD_FILE.month] != LATER_SEARCHES[HELD_FILE.month] and now["2024-11"] != before["2024-11"]
    assert now[HELD_FILE.month] == before[HELD_FILE.month]
    growth = (
        "select category_id = 'writing', withheld_reason from marts.monthly_category_growth where level = 'category'"
    )
    reasons = late.query(f"{growth} and posted_month = '{REPORT_MONTH}-01' and comparison = 'month'")
    assert {(is_held, reason == f"{REPORT_MONTH} is held (by hand)") for is_held, reason in reasons} == {
        (True, True),
        (False, False),
    }


def test_what_people_hold_is_told_with_its_reason_wherever_it_is_read(
    late: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in REPORT_PAGES:
        page = late.workspace.report(REPORT_MONTH) / name
        text = visible_text(page)
        assert f"writing in 2025-02: held by hand since 2025-03-02: {HELD_CATEGORY.reason[:9]}" in text, name
        assert "searches/later.csv in 2024-12: held by hand since 2025-03-02: counted twice" in text, name
        assert "<b>spam" not in page.read_text(encoding="utf-8"), name
        assert "the newest post is of 1 march 2025, read on" in text, name
    with late.configured() as settings:
        print_status(settings)
    assert "The newest post is of 1 March 2025, read on" in capsys.readouterr().out


def test_a_file_that_is_held_no_more_makes_its_month_stale(late: Place, tmp_path: Path) -> None:
    place = late.copy_to(tmp_path)
    with place.configured() as settings:
        assert [row.month for row in month_statuses(settings) if row.state == "stale"] == []
        unhold(settings.workspace, [HELD_FILE.month], file=str(HELD_FILE.file))
        assert [row.month for row in month_statuses(settings) if row.state == "stale"] == [HELD_FILE.month]
