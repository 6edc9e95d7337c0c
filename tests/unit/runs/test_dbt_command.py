"""Which of dbt's events are told, and that dbt itself fires them through the project's manager."""

from typing import Any

from dbt_common.events.base_types import EventLevel
from dbt_common.events.event_manager_client import ctx_set_event_manager, get_event_manager
from dbt_common.events.functions import fire_event
from dbt_common.events.types import Note, SystemExecutingCmd

from dagster_project.runs.dbt_command import leave_out_debug_events


def test_all_but_debug_events_are_told_whatever_level_they_are_fired_at() -> None:
    told: list[tuple[str, str]] = []

    def note(message: Any) -> None:
        told.append((message.info.level, message.info.msg))

    before = get_event_manager()
    try:
        leave_out_debug_events()
        get_event_manager().add_callback(note)
        fire_event(SystemExecutingCmd(cmd=["of a debug event"]))
        fire_event(Note(msg="fired at debug level"), level=EventLevel.DEBUG)
        fire_event(SystemExecutingCmd(cmd=["raised"]), level=EventLevel.WARN)
        for level in (None, EventLevel.WARN, EventLevel.ERROR):
            fire_event(Note(msg="told"), level=level)
    finally:
        ctx_set_event_manager(before)
    assert told == [
        ("warn", 'Executing "raised"'),
        *(("info", "told"), ("warn", "told"), ("error", "told")),
    ]
