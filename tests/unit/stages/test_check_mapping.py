"""A check reads an export by the real reader and says what would come of it; nothing of the workspace changes."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from dagster_project.settings import Settings
from dagster_project.sources.errors import SourceError
from dagster_project.stages.check_mapping import NAMED_REJECTS, CheckResult, check_mapping

FEEDS = Path(__file__).parents[2] / "feeds"
COLUMNS = {
    "post_id": "id",
    "posted_at": "created",
    "title": "name",
    "category": "topic",
    "budget_usd": "money(price)",
    "occupation": "nullif(note, 'x')",
}
HEADER = "id,created,name,topic,price,note"


def write_feed(folder: Path, rows: list[str], **tables: Any) -> Settings:
    """A mapping of job_posts over one CSV file, and settings whose data root is a folder that is not there."""
    (folder / "data").mkdir()
    (folder / "data" / "posts.csv").write_text("\n".join([HEADER, *rows]) + "\n")
    group = {"files": ["posts.csv"], "format": "csv", "columns": COLUMNS}
    mapping = {"name": "mine", "title": "Mine", "is_simulated": False, "tables": {"job_posts": group} | tables}
    (folder / "mapping.yml").write_text(yaml.safe_dump(mapping))
    return settings_of(folder / "mapping.yml", folder / "data", folder / "workspaces")


def settings_of(mapping: Path, data: Path, root: Path) -> Settings:
    return Settings(sources=str(mapping), data=str(data), data_root=root, memory_limit="500MB")


def post(number: int, month: str = "2025-11", topic: str = "Legal", price: str = "5", note: str = "x") -> str:
    return f"p{number},{month}-03,Mend kite {number},{topic},{price},{note}"


def check(settings: Settings) -> CheckResult:
    return check_mapping(settings, lambda message: None)


@pytest.fixture
def checked(tmp_path: Path) -> CheckResult:
    """Twenty-four rows: two months, a repeat, a price that is none, a category of nobody's, thirteen bad prices."""
    good = [post(number) for number in range(6)] + [post(number, "2025-10", price="") for number in range(6, 9)]
    bad = [post(number, price="ten") for number in range(20, 33)]
    result = check(write_feed(tmp_path, [*good, post(0, price="7"), post(40, topic="Flying"), *bad]))
    assert not (tmp_path / "workspaces").exists(), "nothing of a workspace is made"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "mapping.yml"]
    return result


def test_every_row_is_accounted_for(checked: CheckResult) -> None:
    assert (checked.rows_read, checked.posts, checked.kept - checked.posts, checked.rejected) == (24, 9, 1, 14)
    assert checked.lines()[0] == "24 rows read = 9 posts + 1 duplicate + 14 rejected"


def test_months_and_posts_without_a_value_in_dollars_are_counted(checked: CheckResult) -> None:
    assert checked.months == {"2025-10": 3, "2025-11": 7}
    assert "months: 2025-10 3, 2025-11 7" in checked.lines()
    assert "posts without a USD value: 3 of 9" in checked.lines()


def test_each_column_says_how_much_of_it_is_understood(checked: CheckResult) -> None:
    told = {column.name: (column.understood, column.refused, column.empty) for column in checked.columns}
    assert told["budget_usd"] == (7, 13, 3) and told["category"] == (10, 1, 0)
    lines = "\n".join(checked.lines())
    assert "budget_usd               35.0% of 20 values understood, 3 rows without one" in lines
    assert "occupation             nothing in any row: is it the right column?" in lines
    assert "not provided: observed_at, description, skills, contract_type" in lines


def test_of_the_rejects_a_rare_reason_is_shown_beside_a_frequent_one(checked: CheckResult) -> None:
    assert len(checked.rejects) == NAMED_REJECTS
    assert sum("Flying" in reject for reject in checked.rejects) == 1
    assert checked.rejects[0].startswith("posts.csv row 12, budget_usd: ")
    assert "rejected (unparsable 13, unknown_category 1):" in checked.lines()
    assert checked.lines()[-1] == "  and 4 more"


def test_rows_before_the_history_start_are_told_apart(tmp_path: Path) -> None:
    result = check(write_feed(tmp_path, [post(1), post(2, "2015-01")]))
    assert result.lines()[0] == ("2 rows read = 1 posts + 0 duplicate + 0 rejected + 1 before the history start")


def test_other_tables_of_the_mapping_are_told_in_a_line(tmp_path: Path) -> None:
    columns = {"search_month": "month", "term": "term", "search_count": "n"}
    searches = {"files": ["searches.csv"], "format": "csv", "columns": columns}
    settings = write_feed(tmp_path, [post(1)], talent_searches=searches)
    (tmp_path / "data" / "searches.csv").write_text("month,term,n\n2025-11-01,ai,5\n2025-11-01,rpa,many\n")
    assert check(settings).lines()[-1] == "talent_searches: 2 rows read, 1 rejected"


def test_one_file_is_checked_alone(tmp_path: Path) -> None:
    settings = write_feed(tmp_path, [post(1)])
    other = tmp_path / "data" / "new posts.csv"
    other.write_text("\n".join([HEADER, post(7), post(8)]) + "\n")
    settings.data = str(other)
    assert check(settings).posts == 2


def test_a_file_without_a_usable_row_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"posts\.csv.*posted_at"):
        check(write_feed(tmp_path, ["p1,soon,Mend a kite,Legal,5,x"]))


EXPECTED = json.loads((FEEDS / "expected.json").read_text(encoding="utf-8"))
COUNTED = [
    name
    for name, case in EXPECTED.items()
    if "rows_read" in case and "data" not in case and name not in ("14a-no-date-score", "14d-text-alone")
]


@pytest.mark.parametrize("name", COUNTED)
def test_what_a_check_counts_of_a_shared_feed_is_right(name: str, tmp_path: Path) -> None:
    expected = EXPECTED[name]
    data = FEEDS / name / expected.get("data", "files")
    result = check(settings_of(FEEDS / name / "mapping.yml", data, tmp_path / "workspaces"))
    assert (result.rows_read, result.posts, result.kept - result.posts, result.rejected, result.before_history) == (
        expected["rows_read"],
        expected["kept"],
        expected["duplicate"],
        expected["rejected"],
        expected.get("before_history_start", 0),
    )
    assert sum(result.months.values()) == result.kept
    assert result.no_usd_value == expected.get("no_usd_value", result.no_usd_value)


def test_a_mapping_of_text_alone_is_checked_and_said_to_be_for_scores(tmp_path: Path) -> None:
    case = FEEDS / "14d-text-alone"
    result = check(settings_of(case / "mapping.yml", case / "files", tmp_path))
    assert (result.rows_read, result.posts, result.kept, result.months) == (40, 40, 40, {})
    assert [column.name for column in result.columns] == ["title", "description"]
    assert "without post_id and posted_at a feed can be scored and not be reported on" in result.lines()
    with_id = replace(result, not_provided=["posted_at", "country"])
    assert "without posted_at a feed can be scored and not be reported on" in with_id.lines()
