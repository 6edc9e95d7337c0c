"""dbt's events without those that no one reads.

dbt has some twenty-five debug events a node. Each becomes two protobuf messages and a line for the console and the log,
before either of them finds that it is below its level: a fifth of the work of a dbt step on a small feed.
"""

from typing import Any

from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.event_manager_client import ctx_set_event_manager, get_event_manager

UNREAD = {EventLevel.DEBUG, EventLevel.TEST}


class ToldEvents(EventManager):
    """Events from level info on."""

    def fire_event(self, e: BaseEvent, level: EventLevel | None = None, *arguments: Any, **options: Any) -> None:
        if (level or e.level_tag()) not in UNREAD:
            super().fire_event(e, level, *arguments, **options)


def leave_out_debug_events() -> None:
    """From now on dbt in this process tells nothing below level info."""
    if not isinstance(get_event_manager(), ToldEvents):
        ctx_set_event_manager(ToldEvents())
