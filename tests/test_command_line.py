"""The command line ends a user's mistake with a message and exit code 1; faults of the project keep their traceback."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from dagster_project import cli, feed_options
from dagster_project.stages.ingest import load_everything
from dagster_project.storage.workspace import REPOSITORY

FEEDS = REPOSITORY / "tests" / "feeds"


@pytest.fixture(autouse=True)
def data_root(tmp_path: Path) -> Iterator[Path]:
    """A data folder of its own, and an environment that is put back after each test."""
    before = dict(os.environ)
    os.environ["HIRING_PULSE_DATA_ROOT"] = str(tmp_path / "data")
    yield tmp_path / "data"
    os.environ.clear()
    os.environ.update(before)


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def assert_told(result: Result, *parts: str) -> None:
    """Exit code 1, no traceback, one message with these parts."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit), result.exception
    assert all(part in result.output for part in parts), result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("command", ["report", "status", "replay", "train", "queue", "ui", "score"])
def test_every_command_tells_what_is_wrong_with_a_mapping(tmp_path: Path, command: str) -> None:
    mapping = tmp_path / "mine.yml"
    mapping.write_text("name: mine\ntitel: x\n", encoding="utf-8")
    options = ["--out", "x.csv"] if command == "score" else []
    result = call(command, "--sources", mapping, *options)
    assert_told(result, "mine.yml, line 2, column 1: titel is not known, the nearest valid key is 'title'")


def test_a_mapping_that_is_not_there_is_told(data_root: Path) -> None:
    assert_told(call("labels", "--sources", "none.yml", "x.csv"), "none.yml: no such mapping file")
    assert_told(call("status", "--sources", "nonesuch"), "no shipped mapping is called 'nonesuch'")
    assert not data_root.exists()


@pytest.mark.parametrize("command", ["report", "replay", "ui"])
def test_a_feed_without_dates_is_refused_by_what_needs_months(command: str) -> None:
    result = call(command, "--sources", FEEDS / "14b-no-date-report" / "mapping.yml")
    assert_told(result, "mapping.yml, line 10, column 5: a report needs posted_at")
    assert len(result.output.splitlines()) == 1


def test_a_pointer_to_a_large_file_is_told_from_the_file(tmp_path: Path, data_root: Path) -> None:
    case = FEEDS / "17-large-file-not-fetched"
    result = call("score", "--sources", case / "mapping.yml", "--data", case / "files", "--out", tmp_path / "out.csv")
    assert_told(result, "posts.csv: a git-lfs pointer, not the file itself")
    assert not (tmp_path / "out.csv").exists() and not data_root.exists()


def test_a_wrong_setting_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIRING_PULSE_WORKERS", "many")
    assert_told(call("status"), "HIRING_PULSE_WORKERS: Input should be a valid integer")


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("HIRING_PULSE_DATA_ROOT", str(tmp_path / "file"))
    assert_told(call("train"), "Not a directory")


def test_a_feed_of_which_nothing_was_classified_yet_teaches_nothing_and_the_command_that_reads_it_is_named() -> None:
    assert_told(call("train", "--learn-from-feed"), "nothing to learn from", "run `make report` first")


def test_a_fault_of_the_project_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(feed_options, "configured_settings", fail)
    assert isinstance(call("status").exception, ZeroDivisionError)


def test_verify_says_that_nothing_differs_where_nothing_does(data_root: Path) -> None:
    result = call("verify")
    assert result.exit_code == 0 and result.output.splitlines()[-1] == "all files are as they were written"


def test_a_warehouse_that_is_none_is_told_with_what_heals_it(data_root: Path) -> None:
    warehouse = data_root / "simulated_marketplace" / "warehouse.duckdb"
    warehouse.parent.mkdir(parents=True)
    warehouse.write_bytes(b"noise" * 5000)
    assert_told(call("status"), "is not readable", "the next `make report` sets it aside")


def test_status_tells_of_a_lake_file_that_cannot_be_read(data_root: Path) -> None:
    case = FEEDS / "07-old-rows"
    settings = feed_options.own_settings(str(case / "mapping.yml"), str(case / "files"))
    load_everything(settings, lambda _: None)
    assert "The newest post is of" in call("status").output
    file = next(settings.workspace.raw("job_posts").glob("month=*/load=*.parquet"))
    file.write_bytes(file.read_bytes()[:50])
    result = call("status")
    assert result.exit_code == 0, result.exception
    assert file.name in result.output and "`hiring-pulse verify` names every damaged file" in result.output


def test_months_are_held_and_let_go(data_root: Path) -> None:
    held = call("hold", "2023-01:2023-02", "--reason", " the crawler  stood still ")
    today = datetime.now(UTC).date()
    assert held.output.splitlines()[:2] == [
        f"2023-0{month}: held by hand since {today}: the crawler stood still" for month in (1, 2)
    ]
    assert_told(call("unhold", "2023-03"), "no such hold", "2023-01: held by hand")
    assert "2023-02 is held no longer" in call("unhold", "2023-02").output
    assert "2023-01" in (data_root / "simulated_marketplace" / "holds.json").read_text(encoding="utf-8")


def test_a_hold_needs_a_reason_and_a_month(data_root: Path) -> None:
    assert call("hold", "2023-01").exit_code == 2
    assert call("hold", "2023-01", "--reason", "  ").exit_code == 2
    assert call("hold", "January", "--reason", "spam").exit_code == 2
    assert not data_root.exists()


def test_a_command_that_reads_no_post_does_not_wait_for_what_reads_posts(data_root: Path) -> None:
    code = (
        "import sys; from dagster_project.cli import app; app(['status'], standalone_mode=False);"
        "print(sorted({'altair', 'dagster', 'dbt', 'great_expectations', 'scipy', 'sklearn'} & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    assert done.stdout.splitlines()[-1] == "[]"
