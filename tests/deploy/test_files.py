"""The files of `deploy/` agree with each other, with the docs and with the instance that people run alone."""

import re

import pytest
import yaml

from dagster_project.settings import Settings
from dagster_project.storage.workspace import REPOSITORY

DEPLOY = REPOSITORY / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
TEXTS = [*UNITS, *(DEPLOY / name for name in ("dagster.yaml", "workspace.yaml", "compose.yaml"))]
SECRETS = {"DAGSTER_PG_PASSWORD", "HIRING_PULSE_ALERT_URLS"}


def example() -> dict[str, str]:
    lines = (DEPLOY / "environment.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def named(text: str) -> set[str]:
    """Variables that a file asks for."""
    return set(re.findall(r"\b(?:DAGSTER|HIRING_PULSE)_[A-Z_]+\b", text)) - {"DAGSTER_HOME"}


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.name)
def test_every_variable_that_a_file_asks_for_is_in_the_example(file) -> None:
    assert named(file.read_text(encoding="utf-8")) <= example().keys()


def test_every_variable_of_the_example_is_told_and_is_a_setting_or_dagsters() -> None:
    told = (REPOSITORY / "docs" / "operate.md").read_text(encoding="utf-8")
    assert example().keys() <= named(told)
    settings = {f"HIRING_PULSE_{name.upper()}" for name in Settings.model_fields}
    assert {name for name in example() if name.startswith("HIRING_PULSE_")} <= settings


def test_secrets_have_no_value_in_any_file() -> None:
    assert {name for name, value in example().items() if not value} == SECRETS
    for file in TEXTS:
        for line in file.read_text(encoding="utf-8").splitlines():
            assert "password" not in line.lower() or re.search(r"\{env: |\$\{[A-Z_]+:\?\}", line), (
                f"{file.name}: {line}"
            )


def test_servers_listen_on_loopback_unless_told_otherwise() -> None:
    assert {value for name, value in example().items() if name.endswith("_HOST")} == {"127.0.0.1"}
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    published = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert published == {"webserver": ["${DAGSTER_WEB_HOST:-127.0.0.1}:${DAGSTER_WEB_PORT:-3000}:3000"]}


def test_containers_and_units_run_the_same_commands() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    for name in ("code", "webserver", "daemon"):
        unit = (DEPLOY / "systemd" / f"hiring-pulse-{name}.service").read_text(encoding="utf-8")
        (command,) = re.findall(r"^ExecStart=/opt/hiring-pulse/\.venv/bin/(.*)$", unit, re.MULTILINE)
        places = {"CODE_HOST": "0.0.0.0", "CODE_PORT": "4266", "WEB_HOST": "0.0.0.0", "WEB_PORT": "3000"}
        for variable, value in places.items():
            command = command.replace(f"${{DAGSTER_{variable}}}", value)
        assert compose["services"][name]["command"].split() == command.split()


def test_containers_and_units_look_every_hour_whether_the_daemon_lives() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    unit, timer = ((DEPLOY / "systemd" / f"hiring-pulse-watch.{kind}").read_text() for kind in ("service", "timer"))
    assert "ExecStart=/opt/hiring-pulse/.venv/bin/hiring-pulse watch\n" in unit
    assert "OnUnitActiveSec=1h" in timer
    assert compose["services"]["watch"]["command"] == 'sh -c "while sleep 3600; do hiring-pulse watch; done"'


def test_the_instance_lets_one_run_and_one_step_at_a_time_work_as_the_one_of_a_single_machine_does() -> None:
    alone = yaml.safe_load((REPOSITORY / "dagster.yaml").read_text(encoding="utf-8"))
    deployed = yaml.safe_load((DEPLOY / "dagster.yaml").read_text(encoding="utf-8"))
    for part in ("concurrency", "python_logs", "telemetry", "nux"):
        assert deployed[part] == alone[part]
