"""Where an engine's own log goes: the JVM of Spark and the server of Sail write to this process's standard error."""

import os
import sys
from pathlib import Path

ENGINE_LOG = "engine.log"


def keep_engine_log(file: Path) -> None:
    """From now on `file` takes what engines write; `sys.stderr`, and with it Python's errors, stays where it was.

    Call it before an engine starts. The log is whole, warnings and all: it is not less said, but elsewhere.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    with file.open("wb") as log:
        os.dup2(log.fileno(), 2)
