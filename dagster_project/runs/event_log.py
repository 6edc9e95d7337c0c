"""Dagster's event log with one database engine a file; `dagster.yaml` names it.

A run has some fifteen hundred events. For each, Dagster's own class makes SQLAlchemy engines, opens the files and
compiles every statement anew: a fifth of the work of a run on a small feed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy
from dagster import StringSource
from dagster._core.storage.event_log import SqliteEventLogStorage

BUSY_SECONDS = 60
"""How long a statement waits while another process, such as the UI, writes."""


class EventLog(SqliteEventLogStorage):
    """The same files as those of SqliteEventLogStorage, below `history/runs` of the instance's `home`."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._engines: dict[str, sqlalchemy.Engine] = {}
        self._tables: set[str] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        return {"home": StringSource}

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> "EventLog":
        return cls(str(Path(config_value["home"]) / "history" / "runs"), inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sqlalchemy.Connection]:
        with self._db_lock, self._engine(shard).begin() as connection:
            yield connection

    def has_table(self, table_name: str) -> bool:
        """Asked at each event of an asset or a check; a table that was there once is not asked for again."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def _engine(self, shard: str) -> sqlalchemy.Engine:
        if shard not in self._engines:
            options = {"timeout": BUSY_SECONDS}
            engine = sqlalchemy.create_engine(self.conn_string_for_shard(shard), connect_args=options)
            # In a write-ahead log this loses no event to a killed process, and keeps the file whole without power.
            sqlalchemy.event.listen(engine, "connect", lambda opened, _: opened.execute("pragma synchronous=normal"))
            self._initdb(engine)
            self._engines[shard] = engine
        return self._engines[shard]

    def dispose(self) -> None:
        super().dispose()
        for engine in self._engines.values():
            engine.dispose()
