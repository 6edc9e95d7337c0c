"""What an engine writes goes to its log; what the project says stays where users look."""

import subprocess
import sys
from pathlib import Path

from dagster_project.storage.workspace import REPOSITORY

BUILD = """
import subprocess
from pathlib import Path

from dagster_project.spark.engine_log import keep_engine_log

keep_engine_log(Path("logs/engine.log"))
subprocess.run("echo an engine warns >&2", shell=True)
print("a model failed")
raise RuntimeError("the build broke")
"""


def test_what_an_engine_writes_is_kept_and_not_shown_while_errors_are(tmp_path: Path) -> None:
    process = subprocess.run(
        [sys.executable, "-c", BUILD],
        cwd=tmp_path,
        env={"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.stdout == "a model failed\n"
    assert "an engine warns" not in process.stderr
    assert process.stderr.endswith("RuntimeError: the build broke\n")
    assert (tmp_path / "logs" / "engine.log").read_text() == "an engine warns\n"
