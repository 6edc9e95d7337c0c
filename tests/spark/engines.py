"""The engines that tests run on: Sail wherever its environment is, real Spark where `make test-spark` asks for it.

Real Spark plans and starts a job for each of some hundred small tables: a quarter of an hour, too long for every run of
the suite.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from dagster_project.spark.start import SPARK_PYTHON
from dagster_project.storage.workspace import REPOSITORY

_ASKED = pytest.mark.skipif(not os.environ.get("HIRING_PULSE_REAL_SPARK"), reason="real Spark: run `make test-spark`")
_JAVA = pytest.mark.skipif(shutil.which("java") is None, reason="real Spark needs Java: none here")
ENGINES = ["sail", pytest.param("spark", marks=[_ASKED, _JAVA])]


@contextmanager
def sail_server() -> Iterator[str]:
    """The address of a Sail server in a process of its own, which reads this checkout as workers of a cluster do."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [SPARK_PYTHON.with_name("sail"), "spark", "server", "--port", str(port)]
    server = subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": str(REPOSITORY)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_until_it_listens(port)
        yield f"sc://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


def _wait_until_it_listens(port: int, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
