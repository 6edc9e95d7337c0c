"""What the command line says of a run that ended."""

import io
import json
from pathlib import Path

from rich.console import Console

from dagster_project.runs.job import _print_outcome
from dagster_project.storage.workspace import Workspace


def summarise(workspace: Workspace, *months: str) -> None:
    source = {"rows_read": 5, "kept": 4, "duplicate": 1, "rejected": 0, "before_history": 0}
    for month in months:
        summary = {"headlines": [f"All of {month}."], "source": source, "months_held": {"2025-03": "2025-03: held"}}
        workspace.report(month).mkdir(parents=True)
        (workspace.report(month) / "run_summary.json").write_text(
            json.dumps(summary | {"release_id": f"{months[-1]}-1"}), encoding="utf-8"
        )


def printed(workspace: Workspace, *months: str, started: float = 0, failures: str = "") -> list[str]:
    screen = io.StringIO()
    _print_outcome(workspace, list(months), Console(file=screen), started, failures)
    return [line.strip() for line in screen.getvalue().splitlines() if line.strip()]


def test_a_range_whose_last_month_is_held_tells_what_it_reported_of_the_others(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    summarise(workspace, "2025-01", "2025-02")
    assert printed(workspace, "2025-01", "2025-02", "2025-03") == [
        "All of 2025-02.",
        "rows read 5, kept 4, duplicate 1, rejected 0",
        "2025-03: held",
        f"report   {tmp_path}/reports/2025-02/hiring_report.html",
        "reports of 2025-01 are beside it; a range makes one release, here of 2025-02",
        f"release  {tmp_path}/releases/2025-02-1",
    ]


def test_a_run_that_ended_before_its_report_tells_none_of_an_earlier_run(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    summarise(workspace, "2025-01")
    started = (workspace.report("2025-01") / "run_summary.json").stat().st_mtime + 1
    assert printed(workspace, "2025-01", started=started) == []


def test_a_held_month_that_failed_the_run_is_told_once(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    summarise(workspace, "2025-01")
    assert "2025-03: held" in printed(workspace, "2025-01", failures="releases / months held: 2025-02: held")
    assert "2025-03: held" not in printed(workspace, "2025-01", failures="releases / months held: 2025-03: held")
