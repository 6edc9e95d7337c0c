"""A draft is YAML that a mapping is made of, whatever stands in the export; what a person must fill in has its line."""

import csv
import json
from pathlib import Path

import yaml

from dagster_project.sources.drafting.draft import _untold, draft_mapping
from dagster_project.sources.drafting.propose import Proposal
from dagster_project.sources.mapping.load import load_mapping
from dagster_project.sources.mapping.model import Mapping

HOSTILE = [
    "a: b # c", "- x", "{y}", "%d", "line\nbreak", "tab\tand 'quote' and \"more\"", "\x07bell \x1b[31m", "&anchor *x",
    "emoji 🪁 and ‎mark", "back\\slash", "!tag", "| pipe >",
]  # fmt: skip


def write(path: Path, header: list[str], rows: list[list[str]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


def posts(count: int, first: int = 0) -> list[list[str]]:
    numbers = range(first, first + count)
    return [[f"p-{n:04}", f"2025-11-{n % 28 + 1:02} 10:00:00", f"Mend the kite number {n}", "fixed"] for n in numbers]


HEADER = ["ref", "created", "headline", "pay"]


def drafted(tmp_path: Path, *given: Path) -> tuple[Mapping, str]:
    text = draft_mapping(given, "500MB").text
    file = tmp_path / "draft.yml"
    file.write_text(text, encoding="utf-8")
    return load_mapping(file), text


def test_names_and_values_that_yaml_or_sql_would_misread_are_kept(tmp_path: Path) -> None:
    header = ["Post: ID", "created", 'the "title" #1', "order", "type"]
    kinds = ["fixed: price", "hourly #2", "hourly\nrate", "fixed 'x'"]
    rows = [
        [
            f"p-{n:03}",
            f"2025-11-{n % 28 + 1:02}",
            f"{HOSTILE[n % len(HOSTILE)]} and so on {n}",
            HOSTILE[n % 12],
            kinds[n % 4],
        ]
        for n in range(24)
    ]
    mapping, text = drafted(tmp_path, write(tmp_path / "data" / "a.csv", header, rows))
    columns = mapping.tables["job_posts"][0].columns
    assert columns["post_id"] == '"Post: ID"' and columns["title"] == '"the ""title"" #1"'
    assert "when 'hourly\nrate' then 'hourly'" in columns["contract_type"]
    assert text.isprintable() is False and all(line.isprintable() for line in text.splitlines())


def test_files_of_one_schema_are_one_group_with_a_glob_and_others_another(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for month in ("2025-10", "2025-11"):
        write(data / f"posts_{month}.csv", HEADER, posts(9))
    write(data / "posts_2025-12.csv", [*HEADER, "extra"], [[*row, "x"] for row in posts(9)])
    write(data / "other.csv", ["uid", "title", "published_at"], [["u1", "Draw a kite", "2025-11-02"]] * 3)
    mapping, _ = drafted(tmp_path, *sorted(data.iterdir()))
    groups = mapping.tables["job_posts"]
    assert [group.files for group in groups] == [["other.csv"], ["posts_2025-1*.csv"]]
    assert groups[1].columns["post_id"] == "ref"


def test_a_folder_stands_for_its_tables_and_alone_they_are_named_by_their_ending(tmp_path: Path) -> None:
    data = tmp_path / "it's my data"
    write(data / "one" / "a.csv", HEADER, posts(5))
    write(data / "two" / "b.csv", HEADER, posts(5, 5))
    (data / "README.md").write_text("Nothing to see")
    drafted_mapping = draft_mapping([data], "500MB")
    assert drafted_mapping.data == data
    assert list(drafted_mapping.found) == ["**/*.csv"]


def test_a_file_beside_others_is_named_alone(tmp_path: Path) -> None:
    file = write(tmp_path / "data" / "posts [1].csv", HEADER, posts(5))
    write(tmp_path / "data" / "rates.csv", ["date", "rate"], [["2025-11-01", "1.1"]])
    mapping, _ = drafted(tmp_path, file)
    assert mapping.tables["job_posts"][0].files == ["posts [[]1].csv"]


def test_a_required_line_without_a_proposal_is_named_by_its_number(tmp_path: Path) -> None:
    file = write(tmp_path / "data" / "posts.csv", ["ref", "headline"], [[row[0], row[2]] for row in posts(9)])
    result = draft_mapping([file], "500MB")
    [said] = result.to_fill_in
    number = int(said.split(":")[0].removeprefix("line "))
    assert said.endswith("posted_at is required, and no column of the export is sure to hold it")
    assert result.text.splitlines()[number - 1].strip().startswith("# posted_at: FILL IN")
    assert result.text.splitlines()[number - 1].endswith("no column seems to hold it")
    assert yaml.safe_load(result.text)["tables"]["job_posts"]["columns"]["post_id"] == "ref"


def test_a_required_line_with_a_candidate_beside_it_does_not_say_that_there_is_none() -> None:
    candidate = Proposal("posted_at", "changed", 0.3, None)
    assert _untold("posted_at", [], None)[0].endswith("no column seems to hold it")
    first, second = _untold("posted_at", [candidate], None)
    assert first.endswith("nothing is sure to hold it, nearest is:") and second == "  # posted_at: changed"


def test_samples_doubts_and_unused_columns_stand_beside_the_lines(tmp_path: Path) -> None:
    rows = [[*row, "7", "Flying" if n % 4 else "Legal"] for n, row in enumerate(posts(12))]
    file = write(tmp_path / "data" / "posts.csv", [*HEADER, "proposals", "category"], rows)
    _, text = drafted(tmp_path, file)
    lines = [line.strip() for line in text.splitlines()]
    assert lines[lines.index("post_id: ref") - 1] == "# ref: p-0000 | p-0001 | p-0002"
    assert "# category: not sure; remove the mark before the line that is right" in lines
    assert "# ? 75% of the values have no equivalent here and stay empty: 'Flying'" in lines
    assert "# language: no column says it, so it is told from the text" in lines
    assert any(line.startswith("# not used: ") and "proposals" in line for line in lines)


def test_a_value_that_is_not_understood_is_shown(tmp_path: Path) -> None:
    rows = [[*row, "by agreement" if n == 5 else str(n)] for n, row in enumerate(posts(12))]
    _, text = drafted(tmp_path, write(tmp_path / "data" / "posts.csv", [*HEADER, "budget"], rows))
    assert "# ? 11 of 12 values are understood, not 'by agreement'" in [line.strip() for line in text.splitlines()]


def test_options_are_those_that_the_file_needs(tmp_path: Path) -> None:
    file = tmp_path / "data" / "posts.json"
    file.parent.mkdir()
    listed = [dict(zip(HEADER, row, strict=True)) for row in posts(5)]
    file.write_text(json.dumps({"answer": {"items": listed}}))
    mapping, text = drafted(tmp_path, file)
    assert mapping.tables["job_posts"][0].options.records == "answer.items"
    assert "options: {records: answer.items}" in text
