"""Places to break: a small feed, a disk of a few megabytes, a process that is killed at a chosen write."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.small_feed import Feed, new_feed


@dataclass(frozen=True)
class Disk:
    """A mounted file system of its own; `grow` gives it room."""

    root: Path

    def grow(self, size: str) -> None:
        subprocess.run(["mount", "-o", f"remount,size={size}", str(self.root)], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Disk]:
    """A file system of 1 MB; the test is skipped where this user may not mount one."""
    root = tmp_path / "disk"
    root.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(root)]
    if shutil.which("mount") is None or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a disk that fills up")
    yield Disk(root)
    subprocess.run(["umount", "--lazy", str(root)], check=True)


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    return new_feed(tmp_path)


@pytest.fixture
def killed() -> Callable[[Callable[[], None]], None]:
    """Runs something in a process of its own and returns once that was killed by SIGKILL."""

    def run(action: Callable[[], None]) -> None:
        child = os.fork()
        if child == 0:
            try:
                action()
            finally:
                os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL

    return run
