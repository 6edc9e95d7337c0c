"""Run the main job in this process and show which stage it is in, how far, and what came out."""

import json
import os
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import dagster as dg
from rich.console import Console

from dagster_project.runs.orphaned_runs import PROCESS_TAG, close_killed_runs
from dagster_project.runs.progress import (
    StageProgress,
    console_beside_log,
    failure_messages,
    failure_traces,
    gate_verdicts,
)
from dagster_project.settings import Settings
from dagster_project.stages.release import SUMMARY_FILE
from dagster_project.stages.train import untrained
from dagster_project.storage.holds import months_between
from dagster_project.storage.workspace import HIRING_REPORT_FILES, Workspace

RANGE_TAGS = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def run_main_job(settings: Settings, first_month: str, last_month: str) -> int:
    """Train where no model exists, then run `monthly_hiring_report` for the months; returns the exit code."""
    workspace = settings.workspace
    with console_beside_log(workspace.run_log) as console:
        span = first_month if first_month == last_month else f"{first_month} to {last_month}"
        console.print(f"[bold]Monthly hiring report {span}[/] of {settings.mapping.title}")
        started = time.time()
        if untrained(workspace) and not _execute("train_classifiers_job", {}, workspace, console).succeeded:
            return 1
        run = _execute("monthly_hiring_report", _partitions(first_month, last_month), workspace, console)
        _print_outcome(workspace, months_between(first_month, last_month), console, started, run.failures)
        return 0 if run.succeeded else 1


def run_training(settings: Settings, *, learn_from_feed: bool = False) -> int:
    """Run the training job; returns the exit code."""
    workspace = settings.workspace
    if learn_from_feed and (not workspace.warehouse.exists() or untrained(workspace)):
        Console().print(
            "nothing to learn from: no post of this feed was classified yet; run `make report` first", soft_wrap=True
        )
        return 1
    options = {"run_config": {"ops": {"train_classifiers": {"config": {"learn_from_feed": learn_from_feed}}}}}
    with console_beside_log(workspace.run_log) as console:
        run = _execute("train_classifiers_job", options, workspace, console)
        if not run.succeeded:
            return 1
        with dg.DagsterInstance.get() as instance:
            for line in gate_verdicts(instance, run.run_id):
                console.print(line, markup=False, soft_wrap=True)
        return 0


def run_queue(settings: Settings, month: str, audit_posts: int, training_posts: int) -> int:
    """Run the labelling queue's job for a month and name the folder that it wrote; returns the exit code."""
    workspace = settings.workspace
    size = {"audit_posts": audit_posts, "training_posts": training_posts}
    options = {"partition_key": month, "run_config": {"ops": {"labelling__labelling_queue": {"config": size}}}}
    with console_beside_log(workspace.run_log) as console:
        if not _execute("labelling_queue_job", options, workspace, console).succeeded:
            return 1
        folder = sorted((workspace.labelling / "queues").glob(f"{month}-*"))[-1]
        console.print(f"label the posts of {folder / 'queue.csv'}", soft_wrap=True)
        console.print(f"or import {folder / 'label_studio.json'} into Label Studio", soft_wrap=True)
        return 0


def _partitions(first_month: str, last_month: str) -> dict[str, Any]:
    if first_month == last_month:
        return {"partition_key": first_month}
    return {"tags": partition_tags(first_month, last_month)}


def partition_tags(first_month: str, last_month: str) -> dict[str, str]:
    """The tags by which one run builds a range of months."""
    return dict(zip(RANGE_TAGS, (first_month, last_month), strict=True))


@dataclass(frozen=True)
class _Run:
    """A run that ended, with what was printed of its failures."""

    run_id: str
    succeeded: bool
    failures: str


def _execute(job_name: str, options: dict[str, Any], workspace: Workspace, console: Console) -> _Run:
    with console.status("reading the project"):  # takes seconds, and more where dbt parses its models first
        from dagster_project.definitions import defs

        job = defs().resolve_job_def(job_name)
    run_id = str(uuid4())
    tags = {PROCESS_TAG: str(os.getpid()), **options.pop("tags", {})}
    run_config = QUIET | options.pop("run_config", {})
    with dg.DagsterInstance.get() as instance:
        close_killed_runs(instance, workspace)
        with StageProgress(instance, run_id, len(job.graph.node_dict), console):
            result = job.execute_in_process(
                instance=instance, run_id=run_id, raise_on_error=False, tags=tags, run_config=run_config, **options
            )
        failures = "\n".join(failure_messages(instance, run_id))
        if failures:
            console.print(failures, style="red", markup=False, soft_wrap=True)
        print(*failure_traces(instance, run_id), sep="\n", flush=True)  # into the log
    if not result.success:
        console.print(f"all that was printed: {workspace.run_log}", markup=False, soft_wrap=True)
    return _Run(run_id, result.success, failures)


def _before_history(rows: int) -> str:
    return f"; {rows:,} more lie before the history start and belong to no month" if rows else ""


def _print_outcome(
    workspace: Workspace, months: list[str], console: Console, started: float, failures: str = ""
) -> None:
    """Headlines of the last month that this run reported, and its counts; nothing where it ended before it did.

    Of the held months those that `failures` has not told already.
    """
    summaries = {month: workspace.report(month) / SUMMARY_FILE for month in months}
    reported = [m for m, file in summaries.items() if file.exists() and file.stat().st_mtime >= started]
    if not reported:
        return
    *others, month = reported
    summary = json.loads(summaries[month].read_text(encoding="utf-8"))
    source = summary["source"]
    console.print()
    for line in summary["headlines"]:
        console.print(f"  {line}", markup=False)
    console.print(
        f"\nrows read {source['rows_read']:,}, kept {source['kept']:,}, duplicate {source['duplicate']:,},"
        f" rejected {source['rejected']:,}{_before_history(source['before_history'])}"
    )
    for reason in summary["months_held"].values():
        if reason not in failures:
            console.print(reason, markup=False, soft_wrap=True)
    console.print(f"report   {workspace.report(month) / HIRING_REPORT_FILES[0]}", soft_wrap=True)
    if others:
        span = " to ".join(dict.fromkeys((others[0], others[-1])))
        console.print(f"reports of {span} are beside it; a range makes one release, here of {month}", soft_wrap=True)
    console.print(f"release  {workspace.releases / summary['release_id']}", soft_wrap=True)
