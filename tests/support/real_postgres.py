"""A Postgres server of a test's own; `make setup-system` installs the programs."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def postgres_server() -> Iterator[str]:
    """The address of an empty database, of user `owner` with a password that the server does not ask for."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb", path=os.pathsep.join([*map(str, programs), os.environ["PATH"]]))
    if found is None:
        pytest.skip("no Postgres server on this machine: make setup-system installs it")
    place = Path(tempfile.mkdtemp(prefix="hiring_pulse_postgres_"))  # pytest's own folders are closed to other users
    if os.geteuid() == 0:
        shutil.chown(place, "nobody")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    as_server = {"user": "nobody"} if os.geteuid() == 0 else {}
    settings = f"-h 127.0.0.1 -p {port} -k {place}"
    run = {"check": True, "capture_output": True, "cwd": place, **as_server}
    subprocess.run([found, "-D", place / "base", "-U", "owner", "-A", "trust"], **run)
    control = Path(found).resolve().with_name("pg_ctl")
    log = place / "log"
    subprocess.run([control, "-D", place / "base", "-o", settings, "-l", log, "-w", "start"], **run)
    try:
        yield f"postgres://owner:secret@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([control, "-D", place / "base", "-m", "immediate", "stop"], **run)
        shutil.rmtree(place)
