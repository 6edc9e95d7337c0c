"""Run the main job in this process and show which stage it is in, how far, and what came out."""

import json
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import dagster as dg
from dagster._core.storage.dagster_run import IN_PROGRESS_RUN_STATUSES
from rich.console import Console

from dagster_project.home import Home
from dagster_project.progress import StageProgress, console_beside_log, failure_messages
from dagster_project.settings import Settings
from ml.artifact import champion_version
from ml.keywords import TECHNOLOGIES

RANGE_TAGS = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")
PROCESS_TAG = "hiring_pulse/process"
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def run_main_job(settings: Settings, first_month: str, last_month: str) -> int:
    """Train where no model exists, then run `monthly_hiring_report` for the months; returns the exit code."""
    home = settings.home
    with console_beside_log(home.root / "logs" / "last_runs.log") as console:
        span = first_month if first_month == last_month else f"{first_month} to {last_month}"
        console.print(f"[bold]Monthly hiring report {span}[/] of {settings.mapping.title}")
        untrained = any(champion_version(home.models, name) is None for name in TECHNOLOGIES)
        if untrained and not _execute("train_classifiers_job", {}, console):
            return 1
        succeeded = _execute("monthly_hiring_report", _partitions(first_month, last_month), console)
        _print_outcome(home, last_month, console, succeeded)
        return 0 if succeeded else 1


def run_training(settings: Settings) -> int:
    """Run the training job; returns the exit code."""
    with console_beside_log(settings.home.root / "logs" / "last_runs.log") as console:
        return 0 if _execute("train_classifiers_job", {}, console) else 1


def _partitions(first_month: str, last_month: str) -> dict[str, Any]:
    if first_month == last_month:
        return {"partition_key": first_month}
    return {"tags": dict(zip(RANGE_TAGS, (first_month, last_month), strict=True))}


def _execute(job_name: str, options: dict[str, Any], console: Console) -> bool:
    from dagster_project.definitions import defs  # takes seconds: dbt's manifest is read

    job = defs().resolve_job_def(job_name)
    run_id = str(uuid4())
    tags = {PROCESS_TAG: str(os.getpid()), **options.pop("tags", {})}
    with dg.DagsterInstance.get() as instance:
        _close_killed_runs(instance)
        with StageProgress(instance, run_id, len(job.graph.node_dict), console):
            result = job.execute_in_process(
                instance=instance, run_id=run_id, raise_on_error=False, tags=tags, run_config=QUIET, **options
            )
        for message in failure_messages(instance, run_id):
            console.print(message, style="red", markup=False)
    return result.success


def _close_killed_runs(instance: dg.DagsterInstance) -> None:
    """A run whose process is gone would stand as running for ever, and its place in a pool would block the next run."""
    for run in instance.get_runs(dg.RunsFilter(statuses=IN_PROGRESS_RUN_STATUSES)):
        process = run.tags.get(PROCESS_TAG)
        if process and not Path(f"/proc/{process}").exists():
            instance.report_run_failed(run, f"process {process} ended without finishing the run")
    storage = instance.event_log_storage
    for info in storage.get_concurrency_infos(list(storage.get_concurrency_keys())).values():
        for run_id in info.assigned_run_ids:
            held_by = instance.get_run_by_id(run_id)
            if held_by is None or held_by.is_finished:
                storage.free_concurrency_slots_for_run(run_id)


def _print_outcome(home: Home, month: str, console: Console, succeeded: bool) -> None:
    summary_file = home.report(month) / "run_summary.json"
    if not succeeded and not summary_file.exists():
        return
    summary = json.loads(summary_file.read_text(encoding="utf-8"))
    source = summary["source"]
    console.print()
    for line in summary["headlines"]:
        console.print(f"  {line}", markup=False)
    console.print(
        f"\nrows read {source['rows_read']:,}, kept {source['kept']:,}, duplicate {source['duplicate']:,},"
        f" rejected {source['rejected']:,}"
    )
    console.print(f"report   {home.report(month) / 'hiring_report.html'}", soft_wrap=True)
    console.print(f"release  {home.releases / summary['release_id']}", soft_wrap=True)
