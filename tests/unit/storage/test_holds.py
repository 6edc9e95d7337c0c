"""What people hold is written down with its reason, and taken back by name."""

from datetime import date
from pathlib import Path

import pytest

from dagster_project.stages.ingest import LostStateError, NothingToReportError, held_months, take_in
from dagster_project.storage.holds import Hold, HoldError, hold, months_between, read_holds, unhold
from dagster_project.storage.workspace import REPOSITORY, Workspace
from tests.support.job_runs import Place

DAY = date(2025, 11, 30)
CRAWLER = Hold("2025-10", "the crawler stood still", DAY)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "feed")


def test_a_hold_has_a_month_a_reason_and_a_day(workspace: Workspace) -> None:
    assert read_holds(workspace) == []
    hold(workspace, [CRAWLER])
    assert read_holds(workspace) == [CRAWLER]
    assert (
        Hold("2025-10", "spam", DAY, category="Legal").message
        == "Legal in 2025-10: held by hand since 2025-11-30: spam"
    )
    assert CRAWLER.message == "2025-10: held by hand since 2025-11-30: the crawler stood still"


def test_holding_again_takes_the_new_reason_and_leaves_other_months(workspace: Workspace) -> None:
    hold(workspace, [CRAWLER, Hold("2025-09", "spam", DAY)])
    hold(workspace, [Hold("2025-10", "wrong prices", DAY)])
    assert [(one.month, one.reason) for one in read_holds(workspace)] == [
        ("2025-09", "spam"),
        ("2025-10", "wrong prices"),
    ]


def test_what_is_let_go_is_held_no_longer_and_what_was_never_held_is_told(workspace: Workspace) -> None:
    hold(workspace, [CRAWLER])
    with pytest.raises(
        HoldError, match="no such hold: 2025-10: held by hand since 2025-11-30: the crawler stood still"
    ):
        unhold(workspace, ["2025-09"])
    assert unhold(workspace, ["2025-09", "2025-10"]) == [CRAWLER]
    with pytest.raises(HoldError, match="no such hold: nothing is held"):
        unhold(workspace, ["2025-10"])


def test_a_file_that_somebody_spoiled_is_named(workspace: Workspace) -> None:
    workspace.root.mkdir()
    workspace.holds.write_text('[{"month": "2025-10"}]')
    with pytest.raises(HoldError, match=r"holds\.json: unreadable"):
        read_holds(workspace)


def test_a_range_holds_both_ends() -> None:
    assert months_between("2024-11", "2025-02") == ["2024-11", "2024-12", "2025-01", "2025-02"]


def test_a_held_month_is_planned_by_no_run_until_it_is_let_go(tmp_path: Path) -> None:
    """The feed has September to November; November alone was asked for and is held."""
    case = REPOSITORY / "tests" / "feeds" / "07-old-rows"
    place = Place(tmp_path, sources=str(case / "mapping.yml"), data=case / "files", name="feed_07_old_rows")
    with place.configured() as settings:
        hold(settings.workspace, [CRAWLER])
        intake = take_in(settings, ["2025-11"], print)
        assert [state.month for state in intake.plan] == ["2025-09", "2025-11"]
        assert intake.held == held_months(settings.workspace, settings.mapping) == {"2025-10": CRAWLER.message}
        with pytest.raises(NothingToReportError, match="2025-10: held by hand since 2025-11-30: the crawler stood"):
            take_in(settings, ["2025-10"], print)
        unhold(settings.workspace, ["2025-10"])
        assert [state.month for state in take_in(settings, ["2025-10"], print).plan] == [
            "2025-09",
            "2025-10",
            "2025-11",
        ]


def test_a_held_month_whose_last_state_went_with_the_warehouse_stops_the_run(tmp_path: Path) -> None:
    """The same feed; October was counted once, which its predictions tell, and there is no warehouse."""
    case = REPOSITORY / "tests" / "feeds" / "07-old-rows"
    place = Place(tmp_path, sources=str(case / "mapping.yml"), data=case / "files", name="feed_07_old_rows")
    predictions = place.workspace.predictions("ai", "2025-10")
    predictions.parent.mkdir(parents=True)
    predictions.touch()
    with place.configured() as settings:
        hold(settings.workspace, [CRAWLER])
        with pytest.raises(LostStateError, match=r"2025-10: held, and the warehouse .* is gone.*unhold") as stopped:
            take_in(settings, ["2025-11"], print)
        assert CRAWLER.message in str(stopped.value)
        assert not (settings.workspace.lake / "plan.json").exists()
        unhold(settings.workspace, ["2025-10"])
        assert "2025-10" in [state.month for state in take_in(settings, ["2025-11"], print).plan]
