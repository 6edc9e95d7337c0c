"""A daemon that is down cannot tell anybody; a timer that looks at its heartbeats can."""

import time
from pathlib import Path

import pytest
from dagster import DagsterInstance
from dagster._core.test_utils import freeze_time
from dagster._daemon.types import DaemonHeartbeat
from typer.testing import CliRunner, Result

from dagster_project.cli import app
from tests.support.web_hook import web_hook

HOUR = 3600


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance of its own, named as a deployment does."""
    for name, value in {
        "DAGSTER_HOME": str(tmp_path),
        "HIRING_PULSE_SOURCES": "simulated_marketplace",
        "HIRING_PULSE_DATA_ROOT": str(tmp_path / "data"),
    }.items():
        monkeypatch.setenv(name, value)
    return tmp_path


def beat(at: float) -> None:
    """Every part of the daemon gives a sign of life at a time."""
    with DagsterInstance.get() as instance:
        for name in instance.get_required_daemon_types():
            instance.add_daemon_heartbeat(DaemonHeartbeat(at, name, "one", []))


def watch() -> Result:
    return CliRunner().invoke(app, ["watch"])


def test_a_daemon_that_lives_is_told_to_nobody(home: Path) -> None:
    beat(time.time())
    result = watch()
    assert (result.exit_code, result.output) == (0, "")


def test_a_daemon_that_stopped_is_told_with_the_time_of_its_last_sign(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat(1_764_500_400.0)  # 2025-11-30 11:00 UTC
    with web_hook() as (address, posted), freeze_time(1_764_500_400.0 + HOUR):
        monkeypatch.setenv("HIRING_PULSE_ALERT_URLS", f"json://{address}/hook")
        result = watch()
    assert result.exit_code == 1
    assert "no sign of life of Dagster's sensor daemon since 2025-11-30 11:00 UTC" in result.output
    assert [said["title"] for said in posted] == ["simulated_marketplace: Dagster's daemon is down"]
    assert posted[0]["message"].split() == result.output.split()


def test_a_daemon_that_never_started_and_a_place_that_takes_no_message_are_both_told(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIRING_PULSE_ALERT_URLS", "nonsense")
    result = watch()
    assert result.exit_code == 1
    assert "no sign of life of Dagster's scheduler daemon so far" in result.output
    assert "HIRING_PULSE_ALERT_URLS: nonsense did not take the message" in result.output
    assert "Traceback" not in result.output


def test_records_that_cannot_be_read_are_told(home: Path) -> None:
    beat(time.time())
    for file in home.glob("**/*.db"):
        file.write_bytes(b"no database")
    result = watch()
    assert result.exit_code == 1
    assert "Dagster's records cannot be read: " in result.output
