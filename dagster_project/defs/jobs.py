"""Jobs, what starts them without a person, and what tells people when one failed or none comes."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg

from dagster_project.defs.ingest import NewFiles, read_new_files
from dagster_project.runs.alerts import failing_ticks, late_assets, send_alert
from dagster_project.runs.due import Watch, due_months, files_now, first_watch, month_before, months_touched_by, spans
from dagster_project.runs.job import RANGE_TAGS, partition_tags
from dagster_project.runs.orphaned_runs import close_killed_runs_of_daemon
from dagster_project.runs.progress import failure_messages
from dagster_project.settings import Settings
from dagster_project.storage.holds import months_between

WAITING = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED]
GOING_ON = [*WAITING, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED]
ON = Settings().runs_itself
LOOK_SECONDS = 30

monthly_hiring_report = dg.define_asset_job(
    "monthly_hiring_report",
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups("train", "label"),
    # One that is begun anew because its process was killed: another run may have written another plan meanwhile.
    tags={"dagster/retry_strategy": "ALL_STEPS"},
    description=(
        "The main job: from the feed's files to the released report of a month, or of a range of months in one run."
    ),
)
train_classifiers_job = dg.define_asset_job(
    "train_classifiers_job",
    selection=dg.AssetSelection.groups("train"),
    description="Train a challenger of each technology; it takes over only when it is no worse.",
)
labelling_queue_job = dg.define_asset_job(
    "labelling_queue_job",
    selection=dg.AssetSelection.groups("label"),
    description="Queue the posts of a month to label next: a sample for the audit, uncertain ones for training.",
)


@dg.job(description="Read new files into the lake; the months that they touch are then asked for.")
def load_new_files() -> None:
    read_new_files()


@dg.schedule(
    job=monthly_hiring_report,
    cron_schedule=Settings().schedule,
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING if ON else dg.DefaultScheduleStatus.STOPPED,
    description="Asks for the month just ended, and for months that have no report because nothing ran.",
)
def monthly_hiring_report_schedule(context: dg.ScheduleEvaluationContext) -> list[dg.RunRequest] | dg.SkipReason:
    """One run a month, the oldest first, so that each has a release of its own."""
    ended = month_before(context.scheduled_execution_time)
    asked = _months_of_runs(context.instance, GOING_ON)
    months = [month for month in due_months(Settings().workspace, ended) if month not in asked]
    if not months:
        return dg.SkipReason(f"{ended} is asked for already, or held by hand")
    return [dg.RunRequest(run_key=f"{ended} {month}", partition_key=month) for month in months]


@dg.sensor(
    job=load_new_files,
    minimum_interval_seconds=LOOK_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING if ON else dg.DefaultSensorStatus.STOPPED,
    description="Looks for new and changed files of the feed; once none is being written any more it has them read.",
)
def new_files_sensor(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """One request a state of the files; databases are read by the schedule's runs alone.

    A landing place that is away fails the tick: the next one looks again, and `standstill_sensor` tells people.
    """
    settings = Settings()
    if settings.mapping.is_simulated:
        return dg.SkipReason("the simulated marketplace writes its files in the run")
    files = files_now(settings)
    former = Watch.model_validate_json(context.cursor) if context.cursor else first_watch(settings, files)
    watch, new = former.look(files)
    context.update_cursor(watch.model_dump_json())
    if not new:
        return dg.SkipReason("no new files, or files are still arriving")
    config = dg.RunConfig(ops={read_new_files.name: NewFiles(uris=new)})
    return dg.RunRequest(run_key=watch.key, run_config=config)


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=[load_new_files],
    request_job=monthly_hiring_report,
    minimum_interval_seconds=LOOK_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING if ON else dg.DefaultSensorStatus.STOPPED,
    description="Asks for the months that new files touch; what was released of them before shows as a revision.",
)
def touched_months_sensor(context: dg.RunStatusSensorContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """One run a span of neighbouring months."""
    run = context.dagster_run
    uris: list[str] = dict(run.run_config)["ops"][read_new_files.name]["config"]["uris"]  # type: ignore[index]
    touched = months_touched_by(Settings().workspace, uris, month_before(datetime.now(UTC)))
    asked = _months_of_runs(context.instance, WAITING)
    months = [month for month in touched if month not in asked]
    if not months:
        yield dg.SkipReason("the files touch no complete month that is not asked for or reported already")
    for first, last in spans(months):
        yield dg.RunRequest(run_key=f"{run.run_id} {first}", tags=partition_tags(first, last))


@dg.sensor(
    minimum_interval_seconds=2 * LOOK_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Closes runs whose process was killed: nothing else would, and the queue would wait for them for ever.",
)
def killed_runs_sensor(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Their failure is told, and begun anew where `run_retries` of the instance says so."""
    closed = close_killed_runs_of_daemon(context.instance, Settings().workspace)
    return dg.SkipReason(f"closed {', '.join(closed)}" if closed else "no run was killed")


@dg.run_failure_sensor(
    monitored_jobs=[monthly_hiring_report, load_new_files, train_classifiers_job],
    minimum_interval_seconds=LOOK_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING if Settings().alert_urls else dg.DefaultSensorStatus.STOPPED,
    description="Tells people of a failed, held or blocked run, with what to do (HIRING_PULSE_ALERT_URLS).",
)
def failed_run_sensor(context: dg.RunFailureSensorContext) -> None:
    """The sentences that the command line prints, by e-mail, webhook or chat."""
    run, settings = context.dagster_run, Settings()
    months = "..".join(dict.fromkeys(_partition_span(run)))
    told = failure_messages(context.instance, run.run_id) or [context.failure_event.message or "no message"]
    send_alert(settings.alert_urls, f"{settings.mapping.name}: {run.job_name} {months} failed", "\n\n".join(told))


@dg.sensor(
    minimum_interval_seconds=10 * LOOK_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING if Settings().alert_urls else dg.DefaultSensorStatus.STOPPED,
    description="Tells people of sensors and schedules that keep failing and of assets that are late.",
)
def standstill_sensor(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Each is told once, and again when it comes back; the cursor holds what was found last."""
    settings, graph = Settings(), context.repository_def.asset_graph  # type: ignore[union-attr]
    dated = sorted(key for key in graph.get_all_asset_keys() if graph.get(key).freshness_policy)
    found = failing_ticks(context.instance) | late_assets(context.instance, dated)
    new = found.keys() - set(json.loads(context.cursor or "[]"))
    if new:
        told = "\n\n".join(found[name] for name in sorted(new))
        send_alert(settings.alert_urls, f"{settings.mapping.name} stands still: {', '.join(sorted(new))}", told)
    context.update_cursor(json.dumps(sorted(found)))
    return dg.SkipReason("\n".join(found.values()) or "all goes on")


def _months_of_runs(instance: dg.DagsterInstance, statuses: list[dg.DagsterRunStatus]) -> set[str]:
    """Months that runs of the main job in one of these states build."""
    runs = instance.get_runs(dg.RunsFilter(job_name=monthly_hiring_report.name, statuses=statuses))
    return {month for run in runs if (span := _partition_span(run)) for month in months_between(*span)}


def _partition_span(run: dg.DagsterRun) -> tuple[str, ...]:
    """First and last month of a run; empty for one of no month."""
    month = run.tags.get("dagster/partition")
    return (month, month) if month else tuple(run.tags[tag] for tag in RANGE_TAGS if tag in run.tags)
