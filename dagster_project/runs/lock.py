"""One run at a time on a workspace: plan, warehouse and reports of two runs would mix."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from dagster_project.storage.workspace import Workspace


@contextmanager
def run_lock(workspace: Workspace, log: Callable[[str], None]) -> Iterator[None]:
    """Hold the workspace for this run; while another process holds it, name that process and wait."""
    workspace.root.mkdir(parents=True, exist_ok=True)
    lock, holder = FileLock(workspace.root / ".run.lock"), workspace.root / ".run.holder"
    try:
        lock.acquire(timeout=0)
    except Timeout:
        name = holder.read_text(encoding="utf-8") if holder.exists() else "another process"
        log(f"{workspace.root} is in use by {name}; waiting for that run to end")
        lock.acquire()
    try:
        holder.write_text(f"process {os.getpid()}", encoding="utf-8")
        yield
    finally:
        lock.release()


def is_in_use(workspace: Workspace) -> bool:
    """Whether a run, of this or another process, holds the workspace now."""
    try:
        with FileLock(workspace.root / ".run.lock", timeout=0):
            return False
    except Timeout:
        return True
