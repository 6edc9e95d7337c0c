"""What files and rows say is shown by a terminal as text: it moves no cursor and floods no screen."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from dagster_project.cli import app
from dagster_project.storage.shown_text import LONGEST, plain
from tests.support.hostile import HOSTILE


def test_control_and_direction_characters_are_written_out_and_lines_stay() -> None:
    shown = plain(f"{HOSTILE}\nnext\tcolumn é 日本")
    assert "\\x1b[31mred\\x1b]0;title\\x07" in shown and "\\x202e" in shown
    assert shown.endswith("\nnext\tcolumn é 日本")
    assert not {char for char in shown if ord(char) < 32} - {"\n", "\t"}


def test_a_message_of_a_megabyte_is_cut_with_its_length() -> None:
    shown = plain("x" * 1_000_000)
    assert len(shown) < LONGEST + 50 and shown.endswith("(1,000,000 characters)")


def test_an_error_that_names_a_hostile_file_shows_its_name_as_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIRING_PULSE_DATA_ROOT", str(tmp_path / "data"))
    mapping = tmp_path / "mapping\x1b[31m.yml"
    monkeypatch.setenv("HIRING_PULSE_SOURCES", str(mapping))  # which the command sets, and later tests would find
    mapping.write_text("name: [")
    result = CliRunner().invoke(app, ["status", "--sources", str(mapping)])
    assert result.exit_code == 1
    assert "mapping\\x1b[31m.yml" in result.output and "\x1b" not in result.output
