"""What goes wrong although no run fails, and telling people of it by e-mail, webhook or chat.

Sensors and schedules may fail again and again, assets may grow old because no run makes them any more, and Dagster's
daemon, which would tell of both, may be down itself.
"""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
from dagster._core.definitions.freshness import FreshnessState
from dagster._core.scheduler.instigation import InstigatorTick, InstigatorType, TickStatus
from pydantic import SecretStr

from dagster_project.runs.progress import error_message
from dagster_project.storage.shown_text import plain

FAILURES_IN_A_ROW = {InstigatorType.SENSOR: 10, InstigatorType.SCHEDULE: 1}
"""From so many on people are told: a sensor looks every half minute, the schedule once a month."""
ENDED = [TickStatus.SUCCESS, TickStatus.SKIPPED, TickStatus.FAILURE]


class AlertError(Exception):
    """People could not be told; the message names the kind of place, never its URL, which may hold a password."""


def send_alert(urls: SecretStr | None, title: str, text: str) -> None:
    """Send a plain text to every URL; raises AlertError where one is not understood or does not take it."""
    from apprise import Apprise, NotifyFormat, NotifyType

    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it would name addresses and answers of servers
    failed = []
    for url in urls.get_secret_value().split() if urls else []:
        place = Apprise()
        kind = url.partition(":")[0]
        if not place.add(url) or not place.notify(text, title, NotifyType.FAILURE, body_format=NotifyFormat.TEXT):
            failed.append(kind)
    if failed:
        raise AlertError(
            f"HIRING_PULSE_ALERT_URLS: {', '.join(failed)} did not take the message; "
            "look at the address, the password and whether the server answers"
        )


def failing_ticks(instance: dg.DagsterInstance) -> dict[str, str]:
    """Sensor or schedule that is on and does not come through -> since when, and why."""
    told = {}
    for state in instance.all_instigator_state():
        ticks = instance.get_ticks(state.instigator_origin_id, state.selector_id, limit=1, statuses=ENDED)
        if state.is_running and ticks and _failures(ticks[0]) >= FAILURES_IN_A_ROW.get(state.instigator_type, 1):
            told[state.name] = _sentence(state.name, ticks[0])
    return told


def late_assets(instance: dg.DagsterInstance, keys: Sequence[dg.AssetKey]) -> dict[str, str]:
    """Those that Dagster's daemon found older than their freshness policy allows -> what to look at."""
    records = instance.get_freshness_state_records(keys)
    late = [key for key in keys if key in records and records[key].freshness_state is FreshnessState.FAIL]
    return {
        key.to_user_string(): f"{key.to_user_string()} is late: no run made it in time. Look whether the schedule is "
        "on, whether files of the month came, and at `hiring-pulse status`"
        for key in late
    }


def silent_daemons(dagster_home: Path) -> list[str]:
    """A sentence for each part of Dagster's daemon that gave no sign of life for half an hour, Dagster's own limit.

    Of the instance in this folder; where its records cannot be read, that is the sentence.
    """
    from dagster._daemon.controller import get_daemon_statuses  # half a second that no run needs

    try:
        with dg.DagsterInstance.from_config(str(dagster_home)) as instance:
            statuses = get_daemon_statuses(instance, instance.get_required_daemon_types(), ignore_errors=True)
    except Exception as error:  # of whichever storage the instance has
        return [f"Dagster's records cannot be read: {plain(str(error).splitlines()[0])}"]
    return [
        f"no sign of life of Dagster's {name.lower().replace('_', ' ')} daemon "
        + (f"since {_utc(status.last_heartbeat.timestamp)}" if status.last_heartbeat else "so far")
        for name, status in sorted(statuses.items())
        if not status.healthy
    ]


def _utc(timestamp: float) -> str:
    return f"{datetime.fromtimestamp(timestamp, UTC):%Y-%m-%d %H:%M} UTC"


def _failures(tick: InstigatorTick) -> int:
    return tick.consecutive_failure_count if tick.status is TickStatus.FAILURE else 0


def _sentence(name: str, tick: InstigatorTick) -> str:
    count = _failures(tick)
    times = f"{count} times in a row, last at" if count > 1 else "at"
    why = plain(error_message(tick.error)) or "no message"
    return f"{name} failed {times} {_utc(tick.timestamp)}, and asks for nothing meanwhile: {why}"
