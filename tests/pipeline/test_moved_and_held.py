"""A workspace moved below a folder of any name goes on; what people hold there is held, and told wherever it is read.

One run serves both, since they are seen in different tables: late files, a held month, a held file, a held category.
"""

from datetime import date

import pytest

from dagster_project.runs.status import month_statuses, print_status
from dagster_project.storage.holds import Hold, hold, unhold
from tests.support.job_runs import REPORT_PAGES, Place, visible_text
from tests.support.written_feed import NEXT_MONTH, REPORT_MONTH

pytestmark = pytest.mark.slow  # one run on a copy of the shared workspace, with its gates, which read the pages
HELD = "2025-01"
REASON = "prices of 9 January <b>are</b> not ours"
HELD_FILE = Hold("2024-12", "counted twice", date(2025, 3, 2), file="searches/later.csv")
HELD_CATEGORY = Hold(REPORT_MONTH, "a wave of spam", date(2025, 3, 2), category="Writing")


POSTS = "select strftime(posted_month, '%Y-%m'), count(*) from staging.stg_marketplace__job_posts group by all"
SEARCHES = (
    "select strftime(search_month, '%Y-%m'), sum(search_count)"
    " from staging.stg_marketplace__talent_searches group by all"
)


@pytest.fixture(scope="module")
def moved(built: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The built workspace at another place, as `status` sees it there, then run on with late files and holds."""
    moved = built.copy_to(tmp_path_factory.mktemp("moved") / 'it\'s moved "here" é [1]' / "month=2020-01")
    with moved.configured() as settings:
        states = {row.month: row.state for row in month_statuses(settings)}
    assert states[REPORT_MONTH] == "built" and "stale" not in states.values()
    hold(moved.workspace, [Hold(HELD, REASON, date(2025, 3, 1)), HELD_FILE, HELD_CATEGORY])
    moved.add_late_files()
    run = moved.run(REPORT_MONTH, checks="gates")
    assert run.succeeded, run.failures
    return moved


def test_a_moved_workspace_takes_in_late_files(built: Place, moved: Place) -> None:
    """A late file moves a post of March to February and one of February to the held January."""
    before, after = dict(built.query(POSTS)), dict(moved.query(POSTS))
    assert NEXT_MONTH in before and NEXT_MONTH not in after, "its only post moved"
    assert after[HELD] == before[HELD] and after[REPORT_MONTH] == before[REPORT_MONTH], "one came, one left"


def test_a_held_file_counts_in_nothing_of_its_month_and_a_held_category_tells_no_growth(
    built: Place, moved: Place
) -> None:
    before, now = dict(built.query(SEARCHES)), dict(moved.query(SEARCHES))
    assert now["2024-12"] == before["2024-12"] and now["2024-11"] != before["2024-11"]
    growth = (
        "select category_id = 'writing', withheld_reason from marts.monthly_category_growth where level = 'category'"
    )
    reasons = moved.query(f"{growth} and posted_month = '{REPORT_MONTH}-01' and comparison = 'month'")
    assert {(is_held, reason == f"{REPORT_MONTH} is held (by hand)") for is_held, reason in reasons} == {
        (True, True),
        (False, False),
    }


def test_what_people_hold_is_told_with_its_reason_wherever_it_is_read(
    moved: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    summary = moved.summary(REPORT_MONTH)
    told = f"held by hand since 2025-03-01: {REASON}"
    assert summary["months_held"] == {HELD: f"{HELD}: {told}"} and HELD not in summary["months_built"]
    for name in REPORT_PAGES:
        page = moved.workspace.report(REPORT_MONTH) / name
        assert "held by hand since 2025-03-01: prices of 9 january" in visible_text(page), name
        assert "writing in 2025-02: held by hand since 2025-03-02: a wave of spam" in visible_text(page), name
        assert "searches/later.csv in 2024-12: held by hand since 2025-03-02: counted twice" in visible_text(page), name
        assert "<b>are" not in page.read_text(encoding="utf-8"), name
        assert "the newest post is of 1 march 2025, read on" in visible_text(page), name
    with moved.configured() as settings:
        assert {row.month: row.reason for row in month_statuses(settings) if row.state == "held"} == {
            HELD: f"{HELD}: {told}"
        }
        print_status(settings)
        assert "The newest post is of 1 March 2025, read on" in capsys.readouterr().out
        unhold(settings.workspace, [HELD])
        unhold(settings.workspace, ["2024-12"], file="searches/later.csv")
        assert {row.month for row in month_statuses(settings) if row.state == "stale"} == {HELD, "2024-12"}
