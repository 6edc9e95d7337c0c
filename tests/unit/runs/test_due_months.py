"""The months that are asked for without a person: those that were missed, and those that files touch."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dagster_project.runs.due_months import due_months, month_before, months_touched_by, spans
from dagster_project.settings import Settings
from dagster_project.stages.ingest import load_everything
from dagster_project.stages.release import SUMMARY_FILE
from dagster_project.storage.holds import Hold, hold
from dagster_project.storage.workspace import Workspace
from tests.support.job_runs import Place
from tests.support.written_feed import month_posts, write_mapping, write_posts


def report(workspace: Workspace, *months: str, at: float | None = None) -> None:
    """What a run that ended well leaves of these months."""
    for month in months:
        summary = workspace.report(month) / SUMMARY_FILE
        summary.parent.mkdir(parents=True, exist_ok=True)
        summary.touch()
        if at:
            os.utime(summary, (at, at))


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    place = Place(tmp_path)
    write_mapping(place.mapping_file)
    with place.configured() as configured:
        configured.mapping.tables = {"job_posts": configured.mapping.tables["job_posts"]}
        yield configured


def land(settings: Settings, name: str, *months: str, days: int = 2) -> str:
    """A file of posts of these months in the landing place; its uri."""
    posts = [post for month in months for post in month_posts(month, days=days)]
    return str(write_posts(Path(str(settings.data)) / "posts" / name, posts).resolve())


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        (datetime(2025, 12, 2, 6, tzinfo=UTC), "2025-11"),
        (datetime(2026, 1, 1, tzinfo=UTC), "2025-12"),
        (datetime.fromisoformat("2026-01-01T01:00:00+02:00"), "2025-11"),
    ],
)
def test_the_month_just_ended_is_that_of_utc(moment: datetime, month: str) -> None:
    assert month_before(moment) == month


def test_a_workspace_without_a_report_is_due_for_the_month_just_ended_alone(settings: Settings) -> None:
    assert due_months(settings.workspace, "2025-11") == ["2025-11"]


def test_months_without_a_report_since_the_first_one_are_due(settings: Settings) -> None:
    report(settings.workspace, "2025-06", "2025-08")
    assert due_months(settings.workspace, "2025-11") == ["2025-07", "2025-09", "2025-10", "2025-11"]


def test_the_month_just_ended_is_due_although_it_has_a_report(settings: Settings) -> None:
    """Posts of its last day came in since."""
    report(settings.workspace, "2025-10", "2025-11")
    assert due_months(settings.workspace, "2025-11") == ["2025-11"]


def test_a_report_of_long_ago_makes_no_month_due(settings: Settings) -> None:
    report(settings.workspace, "2023-02", "2025-10")
    assert due_months(settings.workspace, "2025-11") == ["2025-11"]


def test_a_month_that_people_hold_and_one_of_which_the_feed_has_nothing_are_not_due(settings: Settings) -> None:
    report(settings.workspace, "2025-06")
    hold(settings.workspace, [Hold("2025-07", "a strike", date(2025, 8, 1))])
    land(settings, "posts.csv", "2025-06", "2025-07", "2025-09")
    load_everything(settings, print)
    assert due_months(settings.workspace, "2025-11") == ["2025-09", "2025-10", "2025-11"]


def test_a_file_touches_its_months_and_those_in_which_its_posts_are_known(settings: Settings) -> None:
    land(settings, "first.csv", "2025-01", "2025-03")
    load_everything(settings, print)
    report(settings.workspace, "2025-01", "2025-02", "2025-03")
    known, new = month_posts("2025-03", days=1)[0], month_posts("2025-02", days=1)[0]
    late = write_posts(Path(str(settings.data)) / "posts" / "late.csv", [new, known | {"published": new["published"]}])
    load_everything(settings, print)
    assert months_touched_by(settings.workspace, [str(late.resolve())], "2025-11") == ["2025-02", "2025-03"]


def test_a_file_with_the_content_of_another_touches_nothing(settings: Settings) -> None:
    land(settings, "first.csv", "2025-01")
    load_everything(settings, print)
    again = land(settings, "again.csv", "2025-01")
    load_everything(settings, print)
    assert months_touched_by(settings.workspace, [again], "2025-11") == []


def test_a_month_that_is_not_over_is_not_asked_for_nor_one_reported_since_nor_one_that_people_hold(
    settings: Settings,
) -> None:
    uri = land(settings, "first.csv", "2025-01", "2025-02", "2025-03", "2025-04")
    load_everything(settings, print)
    report(settings.workspace, "2025-01", at=1.0)
    report(settings.workspace, "2025-02")
    hold(settings.workspace, [Hold("2025-03", "a strike", date(2025, 8, 1))])
    assert months_touched_by(settings.workspace, [uri], "2025-03") == ["2025-01"]


def test_of_a_file_that_came_again_the_last_version_counts(settings: Settings) -> None:
    land(settings, "posts.csv", "2025-01")
    load_everything(settings, print)
    report(settings.workspace, "2025-01")
    uri = land(settings, "posts.csv", "2025-01", "2025-02")
    load_everything(settings, print)
    assert months_touched_by(settings.workspace, [uri], "2025-11") == ["2025-01", "2025-02"]


def test_neighbouring_months_are_one_span_across_a_new_year() -> None:
    assert spans(["2025-01", "2024-12", "2025-03"]) == [("2024-12", "2025-01"), ("2025-03", "2025-03")]
    assert spans([]) == []
