"""What the project asks of dbt's manifest follows the manifest that stands there now."""

import json
import os
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
