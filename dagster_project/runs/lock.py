"""One run at a time on a home: plan, warehouse and reports of two runs would mix."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from dagster_project.storage.workspace import Home


@contextmanager
def run_lock(home: Home, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the home for this run; while another process holds it, name that process and wait."""
    home.root.mkdir(parents=True, exist_ok=True)
    lock, holder = FileLock(home.root / ".run.lock"), home.root / ".run.holder"
    try:
        lock.acquire(timeout=0)
    except Timeout:
        name = holder.read_text(encoding="utf-8") if holder.exists() else "another process"
        say(f"{home.root} is in use by {name}; waiting for that run to end")
        lock.acquire()
    try:
        holder.write_text(f"process {os.getpid()}", encoding="utf-8")
        yield
    finally:
        lock.release()


def is_in_use(home: Home) -> bool:
    """Whether a run, of this or another process, holds the home now."""
    try:
        with FileLock(home.root / ".run.lock", timeout=0):
            return False
    except Timeout:
        return True
