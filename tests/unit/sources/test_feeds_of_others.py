"""Small feeds that show what a reader can get wrong; what each is and what is right says `tests/feeds/README.md`."""

import json
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project.sources.errors import SourceError
from dagster_project.sources.lake.accounting import UsdValues, judge_months, usd_values
from dagster_project.sources.lake.load import IngestResult, ingest
from dagster_project.sources.mapping.load import load_mapping
from dagster_project.sources.mapping.model import Mapping
from dagster_project.storage.workspace import Workspace

FEEDS = Path(__file__).parents[2] / "feeds"
EXPECTED: dict[str, dict[str, Any]] = json.loads((FEEDS / "expected.json").read_text(encoding="utf-8"))
OF_THE_COMMANDS = {name for name in EXPECTED if name[:2] in ("13", "14", "15", "17")}
"""What these show lies before or after the reader: names, places, columns that a command needs."""


class Case:
    """A feed read into a workspace of its own; `said` is what the reader logged."""

    def __init__(self, name: str, place: Path) -> None:
        self.folder, self.expected = FEEDS / name, EXPECTED[name]
        self.workspace = Workspace(place / "workspace")
        self.said: list[str] = []

    @cached_property
    def mapping(self) -> Mapping:
        return load_mapping(self.folder / "mapping.yml")

    def load(self) -> IngestResult:
        is_report = self.expected["command"] == "report"
        return ingest(
            self.workspace,
            self.mapping,
            self.folder / self.expected.get("data", "files"),
            now=datetime(2025, 12, 1),
            progress=self.said.append,
            memory_limit="500MB",
            history_start=date(2020, 1, 1) if is_report else date.min,
        )

    def rows(self, query: str, of: str = "raw") -> list[Any]:
        folder = getattr(self.workspace, of)("job_posts")
        if not list(folder.glob("month=*/*.parquet")):
            return []
        rows = f"read_parquet('{folder}/month=*/*.parquet', hive_partitioning = true, hive_types_autocast = false)"
        return duckdb.execute(f"with rows as (from {rows}) {query}").fetchall()


@pytest.fixture
def open_case(tmp_path: Path) -> Callable[[str], Case]:
    return lambda name: Case(name, tmp_path)


RIGHT = [n for n, e in EXPECTED.items() if n not in OF_THE_COMMANDS and "error_mentions" not in e]
WRONG = [n for n, e in EXPECTED.items() if n not in OF_THE_COMMANDS and "error_mentions" in e]


@pytest.mark.parametrize("name", RIGHT)
def test_a_feed_is_read_without_a_loss(open_case: Callable[[str], Case], name: str) -> None:
    case = open_case(name)
    expected, result = case.expected, case.load()
    [(posts,)] = case.rows("select count(distinct post_id) from rows")
    kept, duplicate = expected["kept"], expected["duplicate"]
    assert (result.rows_read, posts, result.accepted - posts, result.rejected, result.before_history) == (
        expected["rows_read"],
        kept,
        duplicate,
        expected["rejected"],
        expected.get("before_history_start", 0),
    )
    months = Counter(dict(case.rows("select month, count(distinct post_id) from rows group by all")))
    assert months == expected["months"]
    held = [month for month, verdict in judge_months(case.workspace, case.mapping).items() if not verdict.passed]
    assert held == expected.get("held", [])


@pytest.mark.parametrize("name", [name for name in RIGHT if "reject_rows" in EXPECTED[name]])
def test_a_bad_line_is_one_reject_that_names_it(open_case: Callable[[str], Case], name: str) -> None:
    case = open_case(name)
    case.load()
    rejects = case.rows("select source_file, source_row, concat(reason, ' ', message) from rows", of="rejects")
    assert sorted([file, row] for file, row, _ in rejects) == sorted(case.expected["reject_rows"])
    for *_, said in rejects:
        assert all(text in said for text in case.expected.get("reject_mentions", []))


@pytest.mark.parametrize("name", [name for name in RIGHT if EXPECTED[name].keys() & {"posts", "with_skills"}])
def test_values_of_posts_are_those_of_the_file(open_case: Callable[[str], Case], name: str) -> None:
    case = open_case(name)
    case.load()
    if "with_skills" in case.expected:
        [(with_skills,)] = case.rows("select count(*) from rows where len(skills) > 0")
        assert with_skills == case.expected["with_skills"]
    for post_id, values in case.expected.get("posts", {}).items():
        for column, value in values.items():
            [(found,)] = case.rows(f"select {column} from rows where post_id = '{post_id}'")
            assert_value(found, value)


def assert_value(found: Any, value: Any) -> None:
    """`value` as expected.json writes it: a range as from and to, a time as the beginning of its text."""
    if isinstance(value, dict):
        assert value["from"] <= float(found) <= value["to"]
    elif isinstance(found, datetime):
        assert str(found).startswith(value)
    else:
        assert (float(found) if isinstance(value, float) else found) == value


@pytest.mark.parametrize("name", [name for name in RIGHT if "by_category" in EXPECTED[name]])
def test_the_values_of_the_file_win_over_names_of_folders(open_case: Callable[[str], Case], name: str) -> None:
    case = open_case(name)
    case.load()
    found = case.rows("select category, count(*) from rows group by all")
    assert dict(found) == case.expected["by_category"]


@pytest.mark.parametrize("name", WRONG)
def test_a_feed_that_cannot_be_right_stops_and_says_why(open_case: Callable[[str], Case], name: str) -> None:
    case = open_case(name)
    with pytest.raises(SourceError) as caught:
        case.load()
    for text in case.expected["error_mentions"]:
        assert text.lower() in str(caught.value).lower()


def test_a_key_that_no_line_has_is_told(open_case: Callable[[str], Case]) -> None:
    case = open_case("06a-key-never")
    case.load()
    assert any("'skills'" in message and "posts.jsonl" in message for message in case.said)


def test_old_rows_are_told_as_such(open_case: Callable[[str], Case]) -> None:
    case = open_case("07-old-rows")
    case.load()
    assert any("40 of 160 rows lie before the history start, 2020-01-01" in message for message in case.said)


@pytest.mark.parametrize("name", [name for name in RIGHT if "no_usd_value" in EXPECTED[name]])
def test_posts_without_a_usd_value_are_kept_and_counted(open_case: Callable[[str], Case], name: str) -> None:
    case = open_case(name)
    case.load()
    counted = usd_values(duckdb.connect(), case.workspace, case.mapping)
    assert counted is not None
    assert (counted.posts, counted.without) == (case.expected["kept"], case.expected["no_usd_value"])
    assert f"{counted.without} of the {counted.posts} kept posts have no USD value" in counted.line


def test_other_currencies_become_usd_by_the_rates_that_a_mapping_gives(
    open_case: Callable[[str], Case], tmp_path: Path
) -> None:
    case = open_case("11a-money-currency-column")
    text = (case.folder / "mapping.yml").read_text(encoding="utf-8")
    budget = "case when currency = 'USD' then money(price) end"
    assert budget in text
    mapping = tmp_path / "mapping.yml"
    mapping.write_text(f"rates: rates.csv\n{text.replace(budget, 'money(price, currency, created)')}")
    shutil.copy(case.folder / "rates.csv", tmp_path)
    case.mapping, case.expected = load_mapping(mapping), case.expected | case.expected["with_rates"]
    result = case.load()
    assert (result.rows_read, result.accepted, result.rejected) == (
        40,
        case.expected["kept"],
        case.expected["rejected"],
    )
    budgets = dict(case.rows("select post_id, budget_usd from rows"))
    for post_id, values in case.expected["posts"].items():
        assert_value(budgets[post_id], values["budget_usd"])
    rejects = case.rows("select source_file, source_row from rows", of="rejects")
    assert sorted([file, row] for file, row in rejects) == case.expected["reject_rows"]
    assert usd_values(duckdb.connect(), case.workspace, case.mapping) == UsdValues(
        case.expected["kept"], case.expected["no_usd_value"]
    )
