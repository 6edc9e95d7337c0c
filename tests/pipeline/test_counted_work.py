"""How much work the first run of the written feed is. A number that grows is changed in the commit that makes it grow,
which says what the work buys; one that shrinks, so that it cannot grow back unseen.

Counted, not timed, so that it says the same on every machine.
"""

import json
import re

import dagster as dg
import pytest

from tests.support.counted_work import COUNTS_FILE
from tests.support.job_runs import Place

pytestmark = pytest.mark.slow

DBT = {"commands": 3, "seeds": 16, "models": 101, "tests": 245}
PROCESSES_STARTED = 5  # libraries ask the machine for its cores, some of them once a process
STEPS = 15
EVENTS = 1_600
MEGABYTES_READ = 305
ROWS_SCANNED = 152_000
SPREAD, ROWS_SPREAD = 0.15, 0.02
"""Bytes hang on what the test process imported before, events a little on what a stage logs."""


def test_dbt_is_started_once_a_step_and_builds_and_tests_each_node_once(built: Place) -> None:
    log = (built.workspace.root / "dbt_target" / "dbt.log").read_text(encoding="utf-8")
    starts = {"seeds": r" START seed file ", "models": r" START sql \w+ model ", "tests": r" START test "}
    counted = {kind: len(re.findall(start, log)) for kind, start in starts.items()}
    assert counted | {"commands": log.count("Running with dbt=")} == DBT


def test_the_run_starts_no_more_processes_than_it_did(built: Place) -> None:
    assert _counts(built)["processes_started"] <= PROCESSES_STARTED


def test_the_run_reads_no_more_than_it_did(built: Place) -> None:
    assert _counts(built)["bytes_read"] / 1e6 == pytest.approx(MEGABYTES_READ, rel=SPREAD)


def test_the_statements_of_dbt_scan_no_more_rows_than_they_did(built: Place) -> None:
    assert _counts(built)["rows_scanned"] == pytest.approx(ROWS_SCANNED, rel=ROWS_SPREAD)


def test_the_run_has_no_more_steps_and_events_than_it_had(built: Place) -> None:
    with built.configured(), dg.DagsterInstance.get() as instance:
        run = next(run for run in instance.get_runs() if run.job_name == "monthly_hiring_report")
        entries = instance.all_logs(run.run_id)
    events = [entry.dagster_event for entry in entries if entry.dagster_event]
    assert sum(event.is_step_start for event in events) == STEPS
    assert len(entries) == pytest.approx(EVENTS, rel=SPREAD)


def _counts(place: Place) -> dict[str, int]:
    counts: dict[str, int] = json.loads((place.root / COUNTS_FILE).read_text(encoding="utf-8"))
    return counts
