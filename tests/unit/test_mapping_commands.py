"""`hiring-pulse mapping` as a person types it: a draft of an export, then a check of the draft."""

import json
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dagster_project.cli import app
from dagster_project.sources.mapping.load import load_mapping

FEEDS = Path(__file__).parents[1] / "feeds"
WRITTEN = Path(__file__).parents[1] / "feeds_written"
EXPECTED = json.loads((FEEDS / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIRING_PULSE_DATA_ROOT", str(tmp_path / "workspaces"))
    monkeypatch.setenv("HIRING_PULSE_MEMORY_LIMIT", "500MB")
    monkeypatch.chdir(tmp_path)


def mapping(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["mapping", *map(str, words)])


def drafted_and_checked(data: Path, tmp_path: Path) -> Result:
    drafted = mapping("draft", data, "--out", tmp_path / "mine.yml")
    assert drafted.exit_code == 0, drafted.output
    return mapping("check", "--sources", tmp_path / "mine.yml", "--data", data)


@pytest.mark.parametrize(
    "name",
    [
        *("03a-preamble-crlf-rest-lf", "05c-cut-line", "09c-json-list-under-data", "10a-windows-1252"),
        *("10d-semicolons-sep-line", "11b-money-signs-only", "12b-day-first", "12e-rfc-2822", "12f-age-in-words"),
        *("14c-no-id-content-hash", "16-workbook"),
    ],
)
def test_a_draft_as_it_is_reads_a_shared_feed_as_its_own_mapping_does(name: str, tmp_path: Path) -> None:
    checked = drafted_and_checked(FEEDS / name / "files", tmp_path)
    case = EXPECTED[name]
    parts = f"{case['kept']:,} posts + {case['duplicate']:,} duplicate + {case['rejected']:,} rejected"
    assert checked.exit_code == 0 and f"{case['rows_read']:,} rows read = {parts}" in checked.output


@pytest.mark.parametrize(
    "case", sorted(path.parent for path in WRITTEN.glob("*/mapping.yml")), ids=lambda case: case.name
)
def test_a_draft_of_a_written_export_loads_all_but_a_notice(case: Path, tmp_path: Path) -> None:
    checked = drafted_and_checked(case / "files", tmp_path)
    notices = 1 if case.name == "remote-board-json" else 0
    assert f"rows read = 40 posts + 0 duplicate + {notices} rejected" in checked.output


def test_without_out_the_draft_is_all_that_is_printed_to_stdout(tmp_path: Path) -> None:
    result = mapping("draft", FEEDS / "10d-semicolons-sep-line" / "files" / "posts.csv")
    (tmp_path / "draft.yml").write_text(result.stdout, encoding="utf-8")
    assert load_mapping(tmp_path / "draft.yml").name == "posts"
    assert "12 columns proposed" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["draft.yml"], "nothing is left behind"


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    out = tmp_path / "mine.yml"
    out.write_text("my own work")
    refused = mapping("draft", FEEDS / "12b-day-first" / "files", "--out", out)
    assert refused.exit_code != 0 and out.read_text() == "my own work"
    assert mapping("draft", FEEDS / "12b-day-first" / "files", "--out", out, "--force").exit_code == 0
    assert load_mapping(out).name == "mine"


def test_the_next_command_can_be_pasted(tmp_path: Path) -> None:
    (tmp_path / "it's mine").mkdir()
    (tmp_path / "it's mine" / "posts.csv").write_text("ref,created,headline\np-1,2025-11-02,Mend a kite\n")
    said = mapping("draft", "it's mine", "--out", "my feed.yml").stderr.splitlines()[-1]
    words = shlex.split(said.removeprefix("next: .venv/bin/hiring-pulse mapping "))
    assert words == ["check", "--sources", "my feed.yml", "--data", "it's mine"]
    assert mapping(*words).exit_code == mapping("check", "my feed.yml", "it's mine").exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["draft", "nowhere.csv"], "nowhere.csv: no such file"),
        (["draft", FEEDS / "17-large-file-not-fetched" / "files" / "posts.csv"], "git-lfs pointer"),
        (["check", "--sources", "nowhere.yml"], "no such mapping file"),
        (
            ["check", "--sources", FEEDS / "12b-day-first" / "mapping.yml", "--data", "nowhere"],
            "nowhere: no such folder",
        ),
    ],
)
def test_a_mistake_is_a_sentence_and_exit_code_1(words: list[str | Path], said: str) -> None:
    result = mapping(*words)
    assert (result.exit_code, said in result.output.replace("\n", " ")) == (1, True), result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), "no traceback"


def test_a_check_that_loads_nothing_ends_with_exit_code_1(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "posts.csv").write_text("ref,created,headline\np-1,2025-11-02,\np-2,2025-11-03,\n")
    (tmp_path / "mine.yml").write_text(
        "{name: mine, title: Mine, is_simulated: false, tables: {job_posts: {files: [posts.csv], format: csv, "
        "columns: {post_id: ref, posted_at: created, title: headline}}}}"
    )
    result = mapping("check", "--sources", tmp_path / "mine.yml", "--data", data)
    assert result.exit_code == 1 and "2 rows read = 0 posts + 0 duplicate + 2 rejected" in result.output
    assert not (tmp_path / "workspaces").exists()
