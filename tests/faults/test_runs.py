"""Whole runs over what is broken: the page says no other number than before, or the run says what heals."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from dagster_project.publishing.catalog import LATEST
from dagster_project.stages.provenance import findings
from dagster_project.storage.workspace import REPOSITORY
from tests.support.job_runs import Place
from tests.support.written_feed import REPORT_MONTH

pytestmark = pytest.mark.slow
IN_FULL = pytest.mark.skipif(
    not os.environ.get("HIRING_PULSE_EVERY_FAULT"), reason="some minutes of whole runs: `make faults` runs it"
)
BLOCK = 262_144


READ_BY_A_RUN = "select bit_xor(hash(counts)) from intermediate.int_monthly_series_counts as counts"


def damage_a_block(warehouse: Path) -> None:
    """Noise in the first block that lets the file open and a run stumble."""
    whole = warehouse.read_bytes()
    for start in range(3 * 4096, len(whole), BLOCK):
        warehouse.write_bytes(whole[: start + 1000] + os.urandom(64) + whole[start + 1064 :])
        try:
            with duckdb.connect(str(warehouse), read_only=True) as connection:
                try:
                    connection.execute(READ_BY_A_RUN).fetchall()
                except duckdb.IOException:
                    return
        except duckdb.Error:
            continue
    raise AssertionError("no block is read by a run alone: the test would check nothing")


@IN_FULL
def test_a_run_that_breaks_on_a_damaged_block_says_what_heals_and_the_next_one_does(built: Place, place: Place) -> None:
    damage_a_block(place.workspace.warehouse)
    broken = place.run(REPORT_MONTH, checks="none")
    assert not broken.succeeded and place.latest() == built.latest()
    assert "The warehouse is damaged; the next `make report` sets it aside" in broken.failures
    run = place.run(REPORT_MONTH, checks="none")
    assert run.succeeded, run.failures
    assert place.mart_hashes() == built.mart_hashes() and place.latest() == built.latest()
    assert place.workspace.warehouse.with_suffix(".damaged").exists()


def test_damaged_files_of_lake_and_predictions_are_made_again_within_one_run(built: Place, place: Place) -> None:
    raw = sorted(place.workspace.raw("job_posts").glob("month=*/load=*.parquet"))
    predictions = place.workspace.predictions("ai", "2024-06")
    raw[0].write_bytes(raw[0].read_bytes()[:-50])
    shutil.copyfile(raw[2], raw[3])
    predictions.write_bytes(predictions.read_bytes()[:-50])
    told = "\n".join(findings(place.workspace))
    assert told.count("the next run") == 3 and "the next run scores 2024-06 again" in told
    run = place.run(REPORT_MONTH, checks="none")
    assert run.succeeded, run.failures
    assert list(findings(place.workspace)) == []
    assert place.mart_hashes() == built.mart_hashes() and place.latest() == built.latest()


def assert_calm(printed: list[str]) -> None:
    """A line a stage, and what came out; nothing of dbt."""
    stages = [line for line in printed if re.fullmatch(r" *\d+/15 [a-z /]+ done +[\d.]+ s", line)]
    assert len(stages) == 15 and len(printed) <= 40, printed
    assert not [line for line in printed if "START" in line or "OK created" in line or "PASS" in line]


@IN_FULL
def test_two_runs_of_the_same_month_at_once_make_one_release_of_the_same_numbers(
    built: Place, place: Place, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "dagster_project.cli", "report", "--month", REPORT_MONTH]
    outputs = [tmp_path / f"output_{number}.txt" for number in range(2)]
    started = []
    for output in outputs:
        with output.open("wb") as target:
            environment = os.environ | place.variables()
            started.append(
                subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=target, stderr=subprocess.STDOUT)
            )
    assert [process.wait(1200) for process in started] == [0, 0], [output.read_text() for output in outputs]
    for output in outputs:
        assert_calm(output.read_text(encoding="utf-8").splitlines())
    assert " OK created sql " in place.workspace.run_log.read_text(encoding="utf-8")
    assert place.releases() == built.releases() and place.mart_hashes() == built.mart_hashes()


@pytest.fixture
def read_only_checkout(tmp_path: Path) -> Iterator[Path]:
    """This repository at another place where nothing can be written; skipped where this user may not mount."""
    root = tmp_path / "checkout"
    root.mkdir()
    if subprocess.run(["mount", "--bind", str(REPOSITORY), str(root)], check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a read-only checkout")
    subprocess.run(["mount", "-o", "remount,bind,ro", str(root)], check=True)
    yield root
    subprocess.run(["umount", "--lazy", str(root)], check=True)


@IN_FULL
def test_a_read_only_checkout_parses_its_models_beside_the_workspaces(built: Place, read_only_checkout: Path) -> None:
    page = built.workspace.releases / LATEST / "report" / "hiring_report.md"
    assert page.is_file()
    command = [sys.executable, "-m", "dagster_project.cli", "trace", "hiring_report:r1"]
    environment = os.environ | built.variables()
    told = subprocess.run(command, cwd=read_only_checkout, env=environment, capture_output=True, text=True, check=False)
    assert told.returncode == 0 and "marts." in told.stdout, told.stderr
    assert (built.root / "data" / "dbt_target" / "manifest.json").is_file()
