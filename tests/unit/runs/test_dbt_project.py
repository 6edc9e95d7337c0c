"""What the project asks of dbt's manifest follows the manifest that stands there now."""

import json
import os
import subprocess
import threading
import time
from pathlib import Path

import pytest

from dagster_project.runs import dbt_project


def test_a_manifest_that_dbt_wrote_anew_is_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = tmp_path / "manifest.json"
    monkeypatch.setattr(dbt_project, "current_manifest", lambda: manifest)

    def write(*names: str, at: int) -> None:
        nodes = {name: {"resource_type": "model", "schema": "marts", "name": name} for name in names}
        manifest.write_text(json.dumps({"nodes": nodes}), encoding="utf-8")
        os.utime(manifest, (at, at))

    write("first", at=1)
    assert dbt_project.models_in("marts") == ["first"]
    write("second", "third", at=2)
    assert dbt_project.models_in("marts") == ["second", "third"]


def test_a_parse_begun_ahead_is_waited_for_and_its_failure_told_where_the_manifest_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, is_broken = threading.Event(), False
    parses: list[str] = []

    def parse(command: list[str], check: bool) -> None:
        parses.append(threading.current_thread().name)
        began.set()
        time.sleep(0.3)
        if is_broken:
            raise subprocess.CalledProcessError(1, command)
        (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")

    monkeypatch.setattr(dbt_project, "parsed_folder", lambda: tmp_path)
    monkeypatch.setattr(dbt_project.subprocess, "run", parse)
    dbt_project.parse_ahead()
    assert began.wait(5)
    assert dbt_project.current_manifest().exists()
    assert len(parses) == 1 and parses != [threading.current_thread().name]

    (tmp_path / "manifest.json").unlink()
    is_broken = True
    dbt_project.parse_ahead()
    with pytest.raises(subprocess.CalledProcessError):
        dbt_project.current_manifest()
