"""The schedule of the main job, asked at month ends on a real instance."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from dagster_project.runs.job import partition_tags
from dagster_project.settings import Settings
from dagster_project.stages.release import SUMMARY_FILE

JOB = "monthly_hiring_report"


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    """An empty instance beside an empty workspace."""
    monkeypatch.setenv("HIRING_PULSE_DATA_ROOT", str(tmp_path / "data"))
    with dg.DagsterInstance.local_temp(str(tmp_path)) as kept:
        yield kept


def asked(definitions: dg.Definitions, instance: dg.DagsterInstance, tick: datetime) -> list[str | None]:
    """Months that the schedule asks for at a tick."""
    context = dg.build_schedule_context(
        instance, scheduled_execution_time=tick, repository_def=definitions.get_repository_def()
    )
    data = definitions.resolve_schedule_def(f"{JOB}_schedule").evaluate_tick(context)
    return [request.partition_key for request in data.run_requests or []]


def report(*months: str) -> None:
    """What a run that ended well leaves of these months."""
    for month in months:
        summary = Settings().workspace.report(month) / SUMMARY_FILE
        summary.parent.mkdir(parents=True)
        summary.touch()


@pytest.mark.parametrize(
    ("tick", "month"),
    [(datetime(2025, 12, 2, 6, tzinfo=UTC), "2025-11"), (datetime(2026, 1, 2, 6, tzinfo=UTC), "2025-12")],
)
def test_the_schedule_asks_for_the_month_just_ended(
    definitions: dg.Definitions, instance: dg.DagsterInstance, tick: datetime, month: str
) -> None:
    assert asked(definitions, instance, tick) == [month]


def test_months_missed_while_the_daemon_was_down_are_asked_for_the_oldest_first(
    definitions: dg.Definitions, instance: dg.DagsterInstance
) -> None:
    report("2025-07", "2025-09")
    assert asked(definitions, instance, datetime(2026, 1, 2, 6, tzinfo=UTC)) == [
        *("2025-08", "2025-10", "2025-11", "2025-12"),
    ]


def test_a_month_that_a_run_builds_or_waits_to_build_is_not_asked_for_twice(
    definitions: dg.Definitions, instance: dg.DagsterInstance
) -> None:
    """After a long stop Dagster makes up for each tick that it missed before the first run has ended."""
    report("2025-07")
    waiting, started = dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTED
    failed = dg.DagsterRunStatus.FAILURE
    # as rows alone: with them `create_run_for_job` writes a thousand events of assets that a run plans to make
    instance.add_run(dg.DagsterRun(JOB, status=waiting, tags=partition_tags("2025-08", "2025-09")))
    instance.add_run(dg.DagsterRun(JOB, status=started, tags={"dagster/partition": "2025-12"}))
    instance.add_run(dg.DagsterRun(JOB, status=failed, tags={"dagster/partition": "2025-10"}))
    assert asked(definitions, instance, datetime(2026, 1, 2, 6, tzinfo=UTC)) == ["2025-10", "2025-11"]


def test_the_schedule_runs_the_main_job_on_the_second_day_of_a_month(definitions: dg.Definitions) -> None:
    schedule = definitions.resolve_schedule_def("monthly_hiring_report_schedule")
    assert (schedule.cron_schedule, schedule.job_name) == ("0 6 2 * *", "monthly_hiring_report")
