"""A mistake in a mapping is told by its file, line and column, and its line is shown mended where the mend is known."""

from pathlib import Path

import pytest

from dagster_project.sources.errors import SourceError
from dagster_project.sources.mapping.load import load_mapping
from tests.support.small_feed import Feed

MAPPING = """\
name: small_feed
title: A small feed
is_simulated: false
tables:
  job_posts:
    files: ["*.csv"]
    format: csv
    options: {delim: ",", encoding: utf-8}
    columns:
      post_id: id
      posted_at: published
      title: name
      budget_usd: money(price)
"""


def message(path: Path, text: str) -> str:
    """What is said of a mapping with this text."""
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        load_mapping(path)
    return str(caught.value).replace(str(path), "mapping.yml")


@pytest.mark.parametrize(
    ("old", "new", "place", "mended"),
    [
        ("title: name", "title: 'Job: ' || name", "line 12, column 23", """      title: "'Job: ' || name\""""),
        (
            "title: name",
            "title: case when 'a: b' end",
            "line 12, column 26",
            """      title: "case when 'a: b' end\"""",
        ),
        ("title: name", "title:name", "line 13, column 7", "      title: name"),
        ("      title: name", "\ttitle: name", "line 12, column 1", "      title: name"),
        ("      title: name", "        title: name", "line 12, column 14", "      title: name"),
        ('["*.csv"]', "*.csv", "line 6, column 13", '    files: "*.csv"'),
        ('["*.csv"]', "[*.csv, b*.csv]", "line 6, column 14", '    files: ["*.csv", "b*.csv"]'),
        ("title: name", "titel: name", "line 12, column 7", "      title: name"),
        ("format: csv", "fromat: csv", "line 7, column 5", "    format: csv"),
        ("format: csv", "format: cvs", "line 7, column 13", "    format: csv"),
        ("delim: ", "delimiter: ", "line 8, column 15", '    options: {delim: ",", encoding: utf-8}'),
        ("job_posts:", "job_post:", "line 5, column 3", "  job_posts:"),
        ("name: small_feed", "name: Small Feed", "line 1, column 7", "name: small_feed"),
    ],
)
def test_the_line_of_a_mistake_is_shown_mended(tmp_path: Path, old: str, new: str, place: str, mended: str) -> None:
    said = message(tmp_path / "mapping.yml", MAPPING.replace(old, new))
    assert f"mapping.yml, {place}: " in said
    assert said.splitlines()[-1] == mended
    assert "mended:" in said.splitlines()[-2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "mapping.yml: the file is empty"),
        ("- a\n", "mapping.yml: a mapping has the keys name, "),
        (MAPPING + "name: again\n", "mapping.yml, line 14, column 1: not readable as YAML: key given twice: name"),
        (MAPPING.replace("A small feed", "2025-13-01"), "month must be in 1..12; put the value into quotes"),
        (MAPPING.replace("title: name", "title:\n      - name"), "title: an expression is one text"),
        (MAPPING.replace("name: small_feed", "name: models"), "line 1, column 1: name: 'models' is a folder that all"),
        (MAPPING.replace("A small", "A\x01small"), "mapping.yml, line 2: holds a character"),
        (MAPPING + "---\na: b\n", "line 14, column 1: not readable as YAML: expected a single document"),
        (MAPPING.replace("      title: name\n", ""), "line 9, column 5: tables.job_posts.columns: required but absent"),
    ],
)
def test_what_no_mend_is_known_for_is_still_told_by_its_place(tmp_path: Path, text: str, said: str) -> None:
    told = message(tmp_path / "mapping.yml", text)
    assert said in told and "mended:" not in told


def test_a_mapping_that_is_not_utf8_is_told_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yml"
    path.write_bytes(MAPPING.encode() + b"# caf\xe9\n")
    with pytest.raises(SourceError, match=r"mapping\.yml, line 14: not UTF-8"):
        load_mapping(path)


def test_expressions_stay_as_they_are_written(tmp_path: Path) -> None:
    """YAML reads `no` as false, 007 as seven and a list in brackets as texts; in SQL they are columns and a list."""
    path = tmp_path / "mapping.yml"
    written = "      title: no\n      client_id: 007\n      skills: [first, second]\n      category: ~\n"
    path.write_text(MAPPING.replace("      title: name\n", written), encoding="utf-8-sig")
    columns = load_mapping(path).tables["job_posts"][0].columns
    assert (columns["title"], columns["client_id"], columns["skills"]) == ("no", "007", "[first, second]")
    assert "category" not in columns


@pytest.mark.parametrize(
    ("old", "new", "said", "mended"),
    [
        ("title: name", "title: nme", "line 12, column 14: the expression for title ('nme') needs", "title: name"),
        ("title: name", "title: \"'é: ' || nme\"", "line 12, column 24: the", "title: \"'é: ' || name\""),
        ("money(", "mony(", "line 13, column 19: the expression for budget_usd", "budget_usd: money(price)"),
        ("title: name", "title: upper(name", "line 12, column 24: the", "title: upper(name)"),
        ("title: name", "title: The body", "line 12, column 18: the", "title: '\"The body\"'"),
        ("title: name", "title: |\n        upper(nme)", "line 12, column 14: the", "  upper(name)"),
        ("title: name", "title: strptime(name, 5)", "line 12, column 14: the", None),
    ],
)
def test_a_wrong_expression_is_told_by_line_and_character_and_shown_mended(
    feed: Feed, old: str, new: str, said: str, mended: str | None
) -> None:
    feed.write("a.csv", "1,2025-01-05,Write,5,A body", header="id,published,name,price,The body")
    feed.mapping_file.write_text(MAPPING.replace(old, new), encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        feed.load()
    told = str(caught.value)
    assert f"{feed.mapping_file}, {said}" in told and "a.csv" in told
    assert told.splitlines()[-1] == f"      {mended}" if mended else "mended:" not in told


def test_a_mended_line_is_shown_only_where_it_means_what_it_should(feed: Feed) -> None:
    """The expression has a later line, which the mended line alone would not mend."""
    feed.write("a.csv", "1,2025-01-05,Write,5", header="id,published,name,price")
    text = MAPPING.replace("title: name", "title: |\n        upper(nme)\n        || lower(nme)")
    feed.mapping_file.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        feed.load()
    assert "needs the column 'nme'" in str(caught.value) and "mended:" not in str(caught.value)


@pytest.mark.parametrize("absent", ["post_id", "posted_at"])
def test_a_feed_without_id_or_date_can_be_mapped_and_not_be_loaded(feed: Feed, absent: str) -> None:
    feed.write("a.csv", "1,2025-01-05,Write,5", header="id,published,name,price")
    lines = [line for line in MAPPING.splitlines(keepends=True) if f" {absent}:" not in line]
    feed.mapping_file.write_text("".join(lines), encoding="utf-8")
    assert absent not in feed.mapping.tables["job_posts"][0].columns
    with pytest.raises(SourceError, match=rf"mapping\.yml, line 9, column 5: a report needs {absent}"):
        feed.load()
    assert not feed.workspace.lake.exists()
