"""What work this process does, counted by the operating system, the interpreter and DuckDB, not by a clock."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from dbt.adapters.duckdb.environments.local import DuckDBCursorWrapper

COUNTS_FILE = "counted_work.json"
STARTS = {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn"}
_starts: list[str] = []


def _note(event: str, _: tuple[Any, ...]) -> None:
    if event in STARTS:
        _starts.append(event)


sys.addaudithook(_note)


@contextmanager
def counted_work(file: Path) -> Iterator[None]:
    """Write into the file what happens meanwhile: processes started, bytes that the process reads from files, rows that
    dbt's statements scan in tables and files."""
    starts, read = len(_starts), _bytes_read()
    with _counted_rows() as rows:
        yield
    counts = {"processes_started": len(_starts) - starts, "bytes_read": _bytes_read() - read, "rows_scanned": sum(rows)}
    file.write_text(json.dumps(counts), encoding="utf-8")


@contextmanager
def _counted_rows() -> Iterator[list[int]]:
    """The rows that each statement of dbt's scans, as DuckDB's own profile counts them."""
    rows: list[int] = []
    execute = DuckDBCursorWrapper.execute

    def profiled(cursor: Any, sql: str, bindings: Any = None) -> Any:
        execute(cursor, "pragma enable_profiling = 'no_output'")
        execute(cursor, """pragma custom_profiling_settings = '{"CUMULATIVE_ROWS_SCANNED": "true"}'""")
        result = execute(cursor, sql, bindings)
        profile = cursor.get_profiling_information()
        rows.append(json.loads(profile).get("cumulative_rows_scanned", 0) if profile else 0)
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DuckDBCursorWrapper, "execute", profiled)
        yield rows


def _bytes_read() -> int:
    """By any of its threads, in Python and in libraries, whether or not the file lay in memory."""
    counts = dict(line.split(": ") for line in Path("/proc/self/io").read_text(encoding="utf-8").splitlines())
    return int(counts["rchar"])
