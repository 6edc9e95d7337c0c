"""What killed runs leave in the Dagster instance of a workspace: runs that stand as started, places in a pool."""

import os
import time

import dagster as dg

from dagster_project.runs.lock import is_in_use
from dagster_project.storage.workspace import Workspace

PROCESS_TAG = "hiring_pulse/process"
KILLED = "its process ended without finishing the run; run it again"
STARTING_SECONDS = 300
"""For so long a run of the daemon may be on its way to the workspace."""
CLOSING_SECONDS = 5
"""For so long it may have let go of the workspace and not yet said how it ended."""


def close_killed_runs(instance: dg.DagsterInstance, workspace: Workspace) -> None:
    """Close runs whose process is gone; their places in the pool would make the next run wait for ever."""
    for run in instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])):
        if _is_dead(run, workspace):
            instance.report_run_failed(run, KILLED)
    storage = instance.event_log_storage
    for info in storage.get_concurrency_infos(list(storage.get_concurrency_keys())).values():
        for run_id in info.active_run_ids | info.assigned_run_ids | info.pending_run_ids:
            held_by = instance.get_run_by_id(run_id)
            if held_by is None or held_by.is_finished:
                storage.free_concurrency_slots_for_run(run_id)


def close_killed_runs_of_daemon(instance: dg.DagsterInstance, workspace: Workspace) -> list[str]:
    """The same while runs begin and end by themselves; ids of the runs that were closed."""
    started = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])
    records = instance.get_run_records(started)
    if not any(_is_past_its_start(one) for one in records) or is_in_use(workspace):
        return []
    time.sleep(CLOSING_SECONDS)
    still = {run.run_id for run in instance.get_runs(started)}
    dead = [one.dagster_run for one in records if _is_past_its_start(one) and one.dagster_run.run_id in still]
    dead = [run for run in dead if _is_dead(run, workspace)]
    for run in dead:
        instance.report_run_failed(run, KILLED)
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    return [run.run_id for run in dead]


def _is_past_its_start(record: dg.RunRecord) -> bool:
    return record.start_time is not None and time.time() - record.start_time > STARTING_SECONDS


def _is_dead(run: dg.DagsterRun, workspace: Workspace) -> bool:
    """A run of the command line names its process; one of the UI does not, but a living one uses the workspace."""
    process = run.tags.get(PROCESS_TAG)
    return not _exists(int(process)) if process else not is_in_use(workspace)


def _exists(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
