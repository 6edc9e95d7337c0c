"""`make` hands on what it is given as it was given, whatever characters a path is made of."""

import shutil
import subprocess
from pathlib import Path

import pytest

from dagster_project.storage.workspace import REPOSITORY

ECHO = """#!/bin/bash
printf '%s\\n' "$@"
"""
COMMAND = ["-I", "-m", "dagster_project.cli"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the Makefile, and an interpreter that says what it was called with, an argument a line."""
    root = tmp_path / 'it\'s a "test" é [1]'
    (root / ".venv" / "bin").mkdir(parents=True)
    for name in ("Makefile", "pyproject.toml", "uv.lock"):
        shutil.copyfile(REPOSITORY / name, root / name)
    (root / ".venv" / "bin" / "python").write_text(ECHO)
    (root / ".venv" / "bin" / "python").chmod(0o755)
    (root / ".venv" / ".ready").touch()
    return root


def called(checkout: Path, *arguments: str, **variables: str) -> list[str]:
    """What `make` runs with these arguments and variables of the shell."""
    environment = {"PATH": "/usr/bin:/bin", **variables}
    made = subprocess.run(
        ["make", "-s", *arguments], cwd=checkout, env=environment, capture_output=True, text=True, check=True
    )
    return made.stdout.splitlines()


HOSTILE = '/data/it\'s "mine" $HOME $(shell id) `id` [1] é #; *\\'


def test_a_path_of_any_characters_arrives_as_it_was_given(checkout: Path) -> None:
    arguments = [f"DATA={HOSTILE}", f"SOURCES={HOSTILE}.yml"]
    feed = ["--sources", f"{HOSTILE}.yml"]
    files = [*feed, "--data", HOSTILE]
    month = ["--month", "2025-11"]
    assert called(checkout, "report", *arguments) == [*COMMAND, "report", *month, *files]
    assert called(checkout, "replay", *arguments) == [*COMMAND, "replay", *files]
    assert called(checkout, "status", *arguments) == [*COMMAND, "status", *files]
    assert called(checkout, "train", *arguments) == [*COMMAND, "train", *feed]
    assert called(checkout, "train", "LEARN_FROM_FEED=1") == [*COMMAND, "train", "--learn-from-feed"]
    assert called(checkout, "ui", *arguments) == [*COMMAND, "ui", *files]
    assert called(checkout, "queue", *arguments) == [*COMMAND, "queue", *month, "--size", "150", *feed]
    assert called(checkout, "score", f"OUT={HOSTILE}.csv") == [*COMMAND, "score", "--out", f"{HOSTILE}.csv"]


def test_a_variable_of_the_shell_is_taken_as_it_is(checkout: Path) -> None:
    assert called(checkout, "report", DATA=HOSTILE)[-2:] == ["--data", HOSTILE]


def test_what_is_not_given_has_its_default(checkout: Path) -> None:
    assert called(checkout, "report") == [*COMMAND, "report", "--month", "2025-11"]
    assert called(checkout, "report", "MONTHS=2025-01:2025-02")[-2:] == ["--months", "2025-01:2025-02"]
    assert called(checkout, "report", "REBIND=1")[-1] == "--rebind"
    assert called(checkout, "score", "SPREADSHEET=1") == [
        *COMMAND,
        "score",
        "--out",
        "scores.csv",
        "--for-spreadsheets",
    ]


def test_labels_takes_one_file_with_a_blank_or_several(checkout: Path) -> None:
    (checkout / "my labels.csv").touch()
    assert called(checkout, "labels", "FILE=my labels.csv") == [*COMMAND, "labels", "my labels.csv"]
    assert called(checkout, "labels", "FILE=a.csv b.json") == [*COMMAND, "labels", "a.csv", "b.json"]
    assert called(checkout, "labels") == [*COMMAND, "labels", "filled.csv"]
