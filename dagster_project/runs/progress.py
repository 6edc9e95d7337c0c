"""What a person sees while a run goes on: the stage it is in, how far, and each finished stage with its seconds."""

import logging
import os
import re
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from dagster._core.events import DagsterEventType
from dagster._core.events.log import EventLogEntry
from dagster._utils.error import SerializableErrorInfo
from rich.console import Console
from rich.markup import escape

from dagster_project.quality.engine.asset_check import DATA_DOCS, FAILING_EXPECTATIONS
from dagster_project.storage.shown_text import plain, with_remedy

POLL_SECONDS = 0.3
QUIET_SECONDS = 60
"""For so long a stage says nothing where no line can be written over: in a file, a pipe, the mail of a cron job."""
LOG_BYTES = 5_000_000
MESSAGE_LENGTH = 2000
WRAPPERS = {
    *("DagsterExecutionStepExecutionError", "DagsterUserCodeExecutionError", "DagsterUserCodeProcessError"),
    *("SensorExecutionError", "ScheduleExecutionError"),
}
"""They say less than what they wrap."""
OWN_ERROR = re.compile(r"(?:(?:dagster_project|ml)\.[\w.]+|dagster\._core\.definitions\.events\.Failure): ")
"""What Python writes before the message of an error of this project, and of one by which it ends a step."""
FINISHED = {DagsterEventType.STEP_SUCCESS: "[green]done[/]", DagsterEventType.STEP_FAILURE: "[red]failed[/]"}


@contextmanager
def console_beside_log(log: Path) -> Iterator[Console]:
    """A console on the real standard output, while everything else that is printed goes to the log file.

    File descriptors are redirected, since dbt and Dagster's log capture write from processes of their own. A log that
    has grown large (some fifty runs) becomes `earlier_runs.log`, in place of the one before.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_name("earlier_runs.log"))
    outputs = [os.dup(1), os.dup(2)]
    sys.stdout.flush()
    sys.stderr.flush()
    with log.open("ab") as target, os.fdopen(os.dup(1), "w", encoding="utf-8") as screen:
        try:
            for descriptor in (1, 2):
                os.dup2(target.fileno(), descriptor)
            yield Console(file=screen, highlight=False)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for descriptor, original in zip((1, 2), outputs, strict=True):
                os.dup2(original, descriptor)
                os.close(original)


class StageProgress:
    """Follows the events of one run in a thread and prints its stages."""

    def __init__(self, instance: dg.DagsterInstance, run_id: str, stage_count: int, console: Console) -> None:
        self._instance, self._run_id, self._console = instance, run_id, console
        self._stage_count = stage_count
        self._started: dict[str, float] = {}
        self._finished = 0
        self._doing: tuple[str, str] | None = None
        self._printed_at = time.time()
        self._cursor: str | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def __enter__(self) -> "StageProgress":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _follow(self) -> None:
        with self._console.status("starting") as status:
            while True:
                stopping = self._stop.is_set()
                for entry in self._new_entries():
                    self._show(entry)
                if stopping:
                    return
                if self._doing:
                    status.update(self._place(*self._doing))
                    if not self._console.is_terminal and time.time() - self._printed_at > QUIET_SECONDS:
                        self._print(self._place(*self._doing))
                self._stop.wait(POLL_SECONDS)

    def _new_entries(self) -> Iterator[EventLogEntry]:
        connection = self._instance.get_records_for_run(self._run_id, cursor=self._cursor)
        self._cursor = connection.cursor
        yield from (record.event_log_entry for record in connection.records)

    def _show(self, entry: EventLogEntry) -> None:
        step, event = entry.step_key, entry.dagster_event
        if event is None and entry.level == logging.WARNING:  # what the run waits for
            self._print(escape(entry.user_message))
        if step is None:
            return
        if event is None:
            self._doing = step, escape(plain(entry.user_message[:90]))
        elif event.event_type == DagsterEventType.STEP_START:
            self._started[step] = self._printed_at = entry.timestamp
            self._doing = step, ""
        elif event.event_type in FINISHED:
            self._finished += 1
            self._doing = None
            seconds = entry.timestamp - self._started.get(step, entry.timestamp)
            verdict = FINISHED[event.event_type]
            self._print(f"{self._finished:>3}/{self._stage_count} {stage_name(step):<34} {verdict} {seconds:6.1f} s")

    def _print(self, text: str) -> None:
        self._console.print(text, soft_wrap=True)
        self._printed_at = time.time()

    def _place(self, step: str, said: str) -> str:
        seconds = time.time() - self._started.get(step, time.time())
        return f"{self._finished + 1:>3}/{self._stage_count} {stage_name(step)} ({seconds:.0f} s) {said}".rstrip()


def stage_name(step_key: str) -> str:
    """`predictions__post_technologies` reads `predictions / post technologies`."""
    return step_key.replace("__", " / ").replace("_", " ")


def failure_messages(instance: dg.DagsterInstance, run_id: str) -> list[str]:
    """What failed and what to do, for every failed step of a run, at most MESSAGE_LENGTH characters each.

    Of a gate the expectations that failed, of another step the message of the project's own error.
    """
    messages, gates = [], failed_gates(instance, run_id)
    for entry in instance.all_logs(run_id, of_type={DagsterEventType.STEP_FAILURE}):
        error = entry.dagster_event.step_failure_data.error if entry.dagster_event else None
        text = plain(gates.get(entry.step_key or "") or with_remedy(error_message(error) or entry.user_message))
        messages.append(f"{stage_name(entry.step_key or 'run')}: {text[:MESSAGE_LENGTH]}")
    return messages


def gate_verdicts(instance: dg.DagsterInstance, run_id: str) -> list[str]:
    """Two lines a classifier that a run trained: what the gate said of it, and where its model card lies."""
    told = []
    for entry in instance.all_logs(run_id, of_type={DagsterEventType.ASSET_MATERIALIZATION}):
        made = entry.asset_materialization
        if made and "promotion" in made.metadata:
            name, value = made.asset_key.path[-1].replace("_", " "), made.metadata
            use = "is in use" if value["is_champion"].value else "is not in use"
            model = f"{name} {value['model_version'].value} ({value['recipe'].value})"
            told += [f"{model} {use}: {value['promotion'].value}", f"  {value['model_card'].value}"]
    return told


def failure_traces(instance: dg.DagsterInstance, run_id: str) -> list[str]:
    """Where in the code each failed step of a run broke off, for the log."""
    return [
        entry.dagster_event.step_failure_data.error_display_string
        for entry in instance.all_logs(run_id, of_type={DagsterEventType.STEP_FAILURE})
        if entry.dagster_event
    ]


def error_message(error: SerializableErrorInfo | None) -> str:
    """What an error of this project says, without its name, or another's with it; below those that Dagster wraps."""
    while error and error.cause and error.cls_name in WRAPPERS:
        error = error.cause
    message = error.message.strip() if error else ""
    name = OWN_ERROR.match(message)
    return message[name.end() :] if name else message


def failed_gates(instance: dg.DagsterInstance, run_id: str) -> dict[str, str]:
    """By step, what its gate found: each expectation that failed, why it is one and what was observed."""
    found = {}
    for entry in instance.all_logs(run_id, of_type={DagsterEventType.ASSET_CHECK_EVALUATION}):
        check = entry.dagster_event.asset_check_evaluation_data if entry.dagster_event else None
        if check and check.blocking and not check.passed and FAILING_EXPECTATIONS in check.metadata:
            found[entry.step_key or ""] = _gate_message(check.metadata)
    return found


def _gate_message(metadata: Mapping[str, dg.MetadataValue]) -> str:
    failing = metadata[FAILING_EXPECTATIONS]
    assert isinstance(failing, dg.TableMetadataValue)
    lines = ["{expectation}: {reason} Observed: {observed}".format_map(record.data) for record in failing.records]
    remedy = (
        f"The last release stays. {metadata[DATA_DOCS].value} shows the rows: correct the feed or its mapping, or "
        "leave a file, category or month out with `hiring-pulse hold`; then run again"
    )
    return "\n".join([*lines, remedy])
