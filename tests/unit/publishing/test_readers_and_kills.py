"""A reader of `latest` sees whole releases only, whatever happens to the publisher."""

import json
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from dagster_project.publishing.catalog import Release, latest_release, list_releases
from dagster_project.publishing.export import content_hash
from dagster_project.publishing.release import publish as release_module
from dagster_project.storage.workspace import Workspace

Publish = Callable[..., Release]


def assert_whole(directory: Path) -> str:
    """Reads one release through one resolved path, the way a BI tool opens it, and returns its id."""
    record = json.loads((directory / "release.json").read_text())
    for mart, content in record["marts"].items():
        assert content_hash(directory / "marts" / f"{mart}.parquet") == content["sha256"]
    assert (directory / "hiring_pulse.duckdb").stat().st_size > 0
    assert directory.name == record["release_id"]
    return str(record["release_id"])


def test_a_reader_sees_only_whole_releases_while_others_are_published(publish: Publish, workspace: Workspace) -> None:
    publish(0)
    seen: list[str] = []
    failures: list[BaseException] = []
    is_done = threading.Event()

    def read_all_the_time() -> None:
        while not is_done.is_set():
            try:
                seen.append(assert_whole((workspace.releases / "latest").resolve(strict=True)))
            except BaseException as error:
                failures.append(error)

    reader = threading.Thread(target=read_all_the_time)
    reader.start()
    for post_count in range(1, 7):
        publish(post_count)
    is_done.set()
    reader.join()
    assert failures == []
    assert len(set(seen)) > 2
    assert len(list_releases(workspace.releases)) == 7


@pytest.mark.parametrize("step", ["fill_bundle", "seal", "_point_latest_at"])
def test_a_publish_that_breaks_leaves_latest_and_the_next_one_repairs(
    publish: Publish, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    first = publish(1)
    with monkeypatch.context() as broken:
        broken.setattr(release_module, step, _raise)
        with pytest.raises(OSError, match="disk full"):
            publish(2)
    assert latest_release(workspace.releases) == first
    second = publish(2)
    assert latest_release(workspace.releases) == second
    assert assert_whole((workspace.releases / "latest").resolve()) == second.id
    assert _leftovers(workspace) == []


KILLED_PUBLISH = """
    import os, signal, sys
    from datetime import UTC, datetime
    from pathlib import Path
    sys.path.insert(0, {tests!r})
    from tests.support.small_release import DICTIONARY, build_warehouse, write_report
    from dagster_project.storage.workspace import Workspace
    from dagster_project.publishing.release import {module} as killed
    from dagster_project.publishing.export import export_marts
    from dagster_project.publishing.release.publish import publish_release

    def die(*arguments):
        os.kill(os.getpid(), signal.SIGKILL)

    scratch = Path({scratch!r})
    files = export_marts(build_warehouse(scratch / "w.duckdb", 2), DICTIONARY.primary_keys(), scratch / "e")
    report = write_report(scratch / "report")
    killed.{step} = die
    publish_release(Workspace(Path({workspace!r})), "2025-11", files, report, DICTIONARY, datetime.now(UTC))
"""


@pytest.mark.parametrize(
    ("module", "step"), [("bundle", "_add_key"), ("publish", "seal"), ("publish", "_point_latest_at")]
)
def test_a_killed_publish_leaves_nothing_a_reader_sees(
    publish: Publish, workspace: Workspace, tmp_path: Path, module: str, step: str
) -> None:
    first = publish(1)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    script = textwrap.dedent(KILLED_PUBLISH).format(
        tests=str(Path(__file__).parents[3]),
        module=module,
        step=step,
        scratch=str(scratch),
        workspace=str(workspace.root),
    )
    killed = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[3], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert assert_whole((workspace.releases / "latest").resolve()) == first.id
    for release in list_releases(workspace.releases):
        assert_whole(release.path)
    publish(3)
    assert _leftovers(workspace) == []


def _raise(*arguments: object) -> None:
    raise OSError("disk full")


def _leftovers(workspace: Workspace) -> list[str]:
    return [path.name for path in workspace.releases.iterdir() if path.name.startswith((".building-", ".latest-"))]
