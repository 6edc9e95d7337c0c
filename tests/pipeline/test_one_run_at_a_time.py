"""Two runs on one workspace would mix their plans: the second names the first and waits."""

import subprocess
import sys
from pathlib import Path

from dagster_project.runs.lock import run_lock
from dagster_project.storage.workspace import Workspace

HOLD = """
import sys, time
from pathlib import Path
from dagster_project.storage.workspace import Workspace
from dagster_project.runs.lock import run_lock
with run_lock(Workspace(Path(sys.argv[1])), print):
    print("holding", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def _start_holder(workspace: Workspace, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLD, str(workspace.root), str(seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "holding\n"
    return process


def test_the_second_run_names_the_process_of_the_first_and_waits_for_it(tmp_path: Path) -> None:
    workspace, messages = Workspace(tmp_path / "workspace"), []
    with _start_holder(workspace, 1.0) as first, run_lock(workspace, messages.append):
        assert first.wait(5) == 0
    assert len(messages) == 1
    assert f"process {first.pid}" in messages[0]
    assert str(workspace.root) in messages[0]


def test_the_lock_of_a_killed_run_holds_nobody_up(tmp_path: Path) -> None:
    workspace, messages = Workspace(tmp_path / "workspace"), []
    with _start_holder(workspace, 60) as first:
        first.kill()
        first.wait()
        with run_lock(workspace, messages.append):
            assert messages == []


def test_two_workspaces_do_not_wait_for_each_other(tmp_path: Path) -> None:
    messages: list[str] = []
    with run_lock(Workspace(tmp_path / "one"), messages.append), run_lock(Workspace(tmp_path / "two"), messages.append):
        assert messages == []
