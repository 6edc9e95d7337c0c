"""The schedule of the main job."""

from datetime import UTC, datetime

import dagster as dg
import pytest


@pytest.mark.parametrize(
    ("tick", "month"),
    [(datetime(2025, 12, 2, 6, tzinfo=UTC), "2025-11"), (datetime(2026, 1, 2, 6, tzinfo=UTC), "2025-12")],
)
def test_the_schedule_asks_for_the_month_just_ended(definitions: dg.Definitions, tick: datetime, month: str) -> None:
    schedule = definitions.resolve_schedule_def("monthly_hiring_report_schedule")
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_schedule_context(
            instance, scheduled_execution_time=tick, repository_def=definitions.get_repository_def()
        )
        requests = schedule.evaluate_tick(context).run_requests
    assert [request.partition_key for request in requests or []] == [month]


def test_the_schedule_runs_the_main_job_on_the_second_day_of_a_month(definitions: dg.Definitions) -> None:
    schedule = definitions.resolve_schedule_def("monthly_hiring_report_schedule")
    assert (schedule.cron_schedule, schedule.job_name) == ("0 6 2 * *", "monthly_hiring_report")
