"""A real Postgres server of a test's own, in a temporary folder and on a free port of this machine."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

USER, DATABASE = "owner", "postgres"


@dataclass(frozen=True)
class Server:
    """A running server; `stop` and `start` take it away and bring it back, with what it held."""

    place: Path
    programs: Path
    port: int
    password: str

    @property
    def address(self) -> str:
        return f"postgres://{USER}:{self.password}@127.0.0.1:{self.port}/{DATABASE}"

    def run(self, program: str, *arguments: str | Path, check: bool = True) -> None:
        """A program of Postgres as the server's user: it refuses to run as root."""
        as_server: dict[str, Any] = {"user": "nobody"} if os.geteuid() == 0 else {}
        command = [self.programs / program, "-D", self.place / "base", *arguments]
        subprocess.run(command, check=check, capture_output=True, cwd=self.place, **as_server)

    def start(self) -> None:
        settings = f"-h 127.0.0.1 -p {self.port} -k {self.place}"
        self.run("pg_ctl", "-o", settings, "-l", self.place / "log", "-w", "start")

    def stop(self) -> None:
        """Without effect on one that is stopped."""
        self.run("pg_ctl", "-m", "immediate", "stop", check=False)


def initdb() -> str | None:
    """The newest `initdb` of this machine; `make setup-system` installs one."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return shutil.which("initdb", path=os.pathsep.join([*map(str, programs), os.environ["PATH"]]))


@contextmanager
def running_postgres(password: str = "secret", authentication: str = "trust") -> Iterator[Server]:
    """A server with an empty database, gone after the block; skips the test where no Postgres is installed."""
    found = initdb()
    if found is None:
        pytest.skip("no Postgres server on this machine: make setup-system installs it")
    place = Path(tempfile.mkdtemp(prefix="hiring_pulse_postgres_"))  # pytest's own folders are closed to other users
    (place / "password").write_text(password, encoding="utf-8")
    if os.geteuid() == 0:
        for path in (place, place / "password"):
            shutil.chown(path, "nobody")
    server = Server(place, Path(found).resolve().parent, free_port(), password)
    server.run("initdb", "-U", USER, "-A", authentication, "--pwfile", place / "password")
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(place)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
