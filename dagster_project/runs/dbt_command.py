"""One dbt command in this process: the dbt steps of a run share dbt's modules and the parsed project.

As a process of its own, as dagster-dbt starts it, each step imports dbt, reads the project and writes its log as JSON
for this process to read: more than the models of a small feed take.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
from dagster._utils.interrupts import raise_interrupts_as
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage
from dbt.adapters.contracts.connection import Connection
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt.parser.manifest import extended_mashumuro_decoder
from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.event_manager_client import ctx_set_event_manager, get_event_manager
from dbt_common.events.functions import msg_to_dict

from dagster_project.runs.dbt_project import current_manifest
from dagster_project.storage.workspace import DBT_DIRECTORY

MODELS = {"LogSeedResult", "LogModelResult"}
RESULTS = MODELS | {"LogTestResult"}
UNREAD = {EventLevel.DEBUG, EventLevel.TEST}
_cancel = DuckDBConnectionManager.cancel


class DbtError(RuntimeError):
    """dbt did not do all that it was asked to; the message says where its log is, and what it said."""


@dataclass
class DbtOutcome:
    """What one command brought: its result events in the order in which nodes ended, and what it said of errors."""

    events: list[DbtCoreCliEventMessage] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    succeeded: bool = False

    def raise_errors(self) -> None:
        """Raise DbtError unless everything went well."""
        if not self.succeeded:
            raise DbtError("\n".join(self.errors))


class ToldEvents(EventManager):
    """Events from level info on: no one reads the others.

    dbt has some twenty-five debug events a node. Each becomes two protobuf messages and a line for the console and the
    log, before either finds that it is below its level: a fifth of the work of a dbt step on a small feed.
    """

    def fire_event(self, e: BaseEvent, level: EventLevel | None = None, *arguments: Any, **options: Any) -> None:
        if (level or e.level_tag()) not in UNREAD:
            super().fire_event(e, level, *arguments, **options)


def run_dbt(arguments: Sequence[str], folder: Path, log: Callable[[str], None]) -> DbtOutcome:
    """Run a command on the project; `folder` takes compiled SQL and `dbt.log`, `log` a line as each model ends."""
    outcome = DbtOutcome(errors=[f"dbt failed; its whole log: {folder / 'dbt.log'}"])

    def note(event: Any) -> None:
        if event.info.name in MODELS:
            log(event.info.msg)
        if event.info.name in RESULTS:  # of one that failed dbt says why in an event of its own
            outcome.events.append(DbtCoreCliEventMessage(msg_to_dict(event), {}))
        elif event.info.level == "error" and (said := event.info.msg.strip()):
            outcome.errors.append(said)

    leave_out_debug_events()
    DuckDBConnectionManager.cancel = cancel_what_is_open  # type: ignore[assignment, method-assign]
    try:
        with raise_interrupts_as(KeyboardInterrupt):  # dbt ends its queries at this one, not at Dagster's own
            result = dbtRunner(_parsed_project(), [note]).invoke([*arguments, *_flags(folder)])
    finally:
        DuckDBConnectionManager.close_all_connections()  # the next stage opens the warehouse, perhaps read only
    if isinstance(result.exception, KeyboardInterrupt):
        raise result.exception
    outcome.succeeded = result.success
    if result.exception:
        outcome.errors.append(str(result.exception))
    return outcome


def leave_out_debug_events() -> None:
    """From now on dbt in this process tells nothing below level info."""
    if not isinstance(get_event_manager(), ToldEvents):
        ctx_set_event_manager(ToldEvents())


def cancel_what_is_open(manager: DuckDBConnectionManager, connection: Connection) -> None:
    """Stop the query of a connection; one that closed meanwhile has none.

    The adapter raises at such a one, and dbt then leaves without waiting for its other threads, which write on.
    """
    with suppress(duckdb.ConnectionException):
        _cancel(manager, connection)


def _flags(folder: Path) -> list[str]:
    # dbt's own log holds every debug event otherwise; writing them takes longer than small models.
    said = ["--log-level-file", "info", "--log-path", str(folder), "--no-write-json", "--target-path", str(folder)]
    return [*said, "--project-dir", str(DBT_DIRECTORY), "--profiles-dir", str(DBT_DIRECTORY)]


@cache
def _parsed_project() -> Manifest:
    """The project as dbt keeps it beside the manifest for its next parse.

    Commands may share it as long as no model is ephemeral: those would stay compiled for an earlier command.
    """
    state = current_manifest().with_name("partial_parse.msgpack")
    return Manifest.from_msgpack(state.read_bytes(), decoder=extended_mashumuro_decoder)
