"""One command measured as a whole: wall time, processor time, and the memory of all its processes together."""

import os
import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

SAMPLE_SECONDS = 0.2


class CommandFailedError(RuntimeError):
    """A measured command ended with an error; the message holds the end of what it printed."""


@dataclass(frozen=True)
class Usage:
    """What one command took.

    seconds: wall. cpu_seconds: user + system of the process and all its descendants (getrusage, RUSAGE_CHILDREN).
    memory: (moment as Unix time, bytes resident in the whole process tree), a sample every SAMPLE_SECONDS; pages that
    two processes share count twice.
    """

    seconds: float
    cpu_seconds: float
    memory: list[tuple[float, int]] = field(repr=False)

    @property
    def peak_bytes(self) -> int:
        return max((size for _, size in self.memory), default=0)

    def peak_between(self, start: float, end: float) -> int:
        """The largest sample of a time span in bytes; the nearest one for a span shorter than a step."""
        inside = [size for moment, size in self.memory if start <= moment <= end]
        return max(inside, default=min(self.memory, key=lambda sample: abs(sample[0] - start))[1])


def measure(command: Sequence[str | Path], cwd: Path, environment: Mapping[str, str], log: Path) -> Usage:
    """Run a command to its end; what it prints goes to `log`. Raises CommandFailedError unless it returns 0."""
    log.parent.mkdir(parents=True, exist_ok=True)
    before, start = _children_cpu_seconds(), time.perf_counter()
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [str(part) for part in command], cwd=cwd, env={**os.environ, **environment}, stdout=output, stderr=output
        )
        sampler = _MemorySampler(process.pid)
        returned = process.wait()
        seconds = time.perf_counter() - start
        memory = sampler.finish()
    if returned != 0:
        end = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise CommandFailedError(f"{' '.join(map(str, command))} returned {returned}; {log} ends:\n{end}")
    return Usage(seconds, _children_cpu_seconds() - before, memory)


def _children_cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class _MemorySampler:
    """Samples the resident memory of a process and its descendants in a thread."""

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)
        self._samples: list[tuple[float, int]] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def finish(self) -> list[tuple[float, int]]:
        self._stop.set()
        self._thread.join()
        return self._samples

    def _follow(self) -> None:
        while not self._stop.wait(SAMPLE_SECONDS):
            try:
                processes = [self._root, *self._root.children(recursive=True)]
            except psutil.NoSuchProcess:
                return
            self._samples.append((time.time(), sum(map(_resident_bytes, processes))))


def _resident_bytes(process: psutil.Process) -> int:
    """A process that ended between listing and asking holds nothing."""
    try:
        return process.memory_info().rss
    except psutil.Error:
        return 0
