"""The lake's books: by load and month what staging has to keep of it; rows that people hold count in nothing."""

from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dagster_project.sources.lake import books
from dagster_project.sources.lake.accounting import input_hashes, judge_months
from dagster_project.sources.lake.books import write_loads
from dagster_project.sources.lake.manifests import all_manifests, require_known_part
from dagster_project.sources.lake.publication import write_schema_files
from dagster_project.storage.holds import Hold, HoldError, hold, unhold
from dagster_project.storage.workspace import Workspace
from tests.support.small_feed import Feed


@pytest.fixture
def two_months(feed: Feed) -> Feed:
    """Post 1 was posted in April and again in May; each file has one post of its own."""
    feed.write("april.csv", "1,2025-04-05,Write a text,Writing,10", "2,2025-04-06,Draw a list,Writing,10")
    feed.load()
    feed.write("may.csv", "1,2025-05-05,Write a text,Writing,10", "3,2025-05-06,Mend a page,Writing,10")
    feed.load()
    write_schema_files(feed.workspace)
    return feed


def entries(workspace: Workspace, table: str = "job_posts") -> dict[str, int | None]:
    """Rows to keep by month."""
    rows = pq.read_table(workspace.lake / "loads.parquet").to_pylist()
    months = dict.fromkeys(row["month"] for row in rows if row["table_name"] == table)
    return {
        month: None if None in (kept := _to_keep(rows, table, month)) else sum(map(int, kept))  # type: ignore[arg-type]
        for month in months
    }


def _to_keep(rows: list[dict[str, Any]], table: str, month: str) -> list[int | None]:
    return [row["to_keep"] for row in rows if (row["table_name"], row["month"]) == (table, month)]


def books_of(feed: Feed, **groups: dict[str, Any]) -> None:
    """Loads the tables and writes the books of all their months."""
    feed.map_tables(groups)
    feed.load()
    write_schema_files(feed.workspace)
    months = {month for load in all_manifests(feed.workspace) for month in load.months}
    write_loads(feed.workspace, set(), {month: [] for month in months})


def test_a_post_counts_for_the_load_and_month_of_its_first_posting(two_months: Feed) -> None:
    write_loads(two_months.workspace, set(), {"2025-04": [], "2025-05": ["2025-04"]})
    assert entries(two_months.workspace) == {"2025-04": 2, "2025-05": 1}


def test_only_months_that_are_built_are_counted_beside_a_held_month_of_an_earlier_version(
    two_months: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = two_months.workspace
    write_loads(workspace, set(), {"2025-04": [], "2025-05": []})
    target = workspace.lake / "loads.parquet"
    rows = pq.read_table(target).to_pylist()
    rows = [row | ({"to_keep": None} if row["month"] == "2025-04" else {}) for row in rows]
    pq.write_table(pa.Table.from_pylist(rows, pq.read_schema(target)), target)
    counted: list[list[str]] = []
    real = books.rows_to_keep

    def count(*place: Any) -> dict[books.Place, int]:
        counted.append(sorted(place[-1]))
        return real(*place)

    monkeypatch.setattr(books, "rows_to_keep", count)
    write_loads(workspace, {"2025-04"}, {"2025-05": []})
    assert counted == [["2025-05"]]
    assert entries(workspace)["2025-04"] is None


def test_of_a_contract_the_month_of_its_last_state_keeps_a_row(feed: Feed) -> None:
    header = "id,start,seen,state"
    feed.write("a.csv", "1,2025-03-05,2025-03-06,open", "2,2025-03-09,2025-03-10,open", header=header)
    feed.write("b.csv", "1,2025-04-01,2025-05-01,closed", "2,2025-03-09,2025-03-09,open", header=header)
    columns = {"contract_id": "id", "started_on": "start", "observed_at": "seen", "state": "state"}
    books_of(feed, contracts={"files": ["*.csv"], "format": "csv", "columns": columns})
    assert entries(feed.workspace, "contracts") == {"2025-03": 1, "2025-04": 1}


def test_of_a_question_with_several_answers_each_is_kept_and_of_one_with_one_the_last(feed: Feed) -> None:
    questions = feed.seeds / "study_questions.csv"
    questions.write_text("question_id,wording_version\nai_use_past_year,v1\ncareer_outcomes,v1\n")
    feed.write(
        "answers.csv",
        "1,2025-05-01,ai_use_past_year,v1,Yes",
        "1,2025-05-01,ai_use_past_year,v1,No",
        "1,2025-05-01,career_outcomes,v1,Yes",
        "1,2025-05-01,career_outcomes,v1,No",
        "1,2025-05-01,career_outcomes,v1,No",
        "1,2025-05-01,career_outcomes,v1,Both",
        header="respondent_id,wave_month,question_id,wording_version,answer",
    )
    columns = {name: name for name in ("respondent_id", "wave_month", "question_id", "wording_version", "answer")}
    books_of(feed, study_answers={"files": ["*.csv"], "format": "csv", "columns": columns})
    assert entries(feed.workspace, "study_answers") == {"2025-05": 4}


def test_searches_are_kept_by_term_and_labels_by_post_and_technology(feed: Feed) -> None:
    feed.write("searches.csv", "2025-05-01,seo,5", "2025-05-01,seo,6", "2025-05-01,SEO,2", header="month,term,n")
    feed.write(
        "labels.csv",
        "1,2025-05-01,ai,true,1,",
        "1,2025-05-01,ai,false,1,2025-05-20",
        "1,2025-05-01,rpa,true,1,",
        header="post_id,posted_month,technology,is_positive,inclusion_probability,labelled_on",
    )
    names = ("post_id", "posted_month", "technology", "is_positive", "inclusion_probability", "labelled_on")
    searches = {"search_month": "month", "term": "term", "search_count": "n"}
    books_of(
        feed,
        talent_searches={"files": ["searches.csv"], "format": "csv", "columns": searches},
        audit_labels={"files": ["labels.csv"], "format": "csv", "columns": {name: name for name in names}},
    )
    assert entries(feed.workspace, "talent_searches") == {"2025-05": 2}
    assert entries(feed.workspace, "audit_labels") == {"2025-05": 2}


DAY = date(2025, 11, 30)
BAD = Hold("2025-05", "spam", DAY, file="bad.csv")


@pytest.fixture
def two_files(feed: Feed) -> Feed:
    """May in two files; every row of the second but one is a reject."""
    feed.write("good.csv", *(f"{n},2025-05-05,Write a text,Writing,10" for n in range(20)))
    feed.write("bad.csv", "50,2025-05-06,Spam,Writing,1", *(f"{n},2025-05-07,,Writing,1" for n in range(60, 90)))
    feed.load()
    return feed


def test_without_a_held_file_its_month_is_judged_and_hashed_without_it(two_files: Feed) -> None:
    workspace, mapping = two_files.workspace, two_files.mapping
    require_known_part(workspace, BAD)
    assert not judge_months(workspace, mapping)["2025-05"].passed
    full = input_hashes(workspace).get("2025-05")
    hold(workspace, [BAD])
    verdict = judge_months(workspace, mapping)["2025-05"]
    assert verdict.passed and verdict.rows_read == 20
    assert input_hashes(workspace).get("2025-05") != full
    unhold(workspace, ["2025-05"], file="bad.csv")
    assert input_hashes(workspace).get("2025-05") == full


def test_a_part_that_is_not_there_cannot_be_held(two_files: Feed) -> None:
    workspace = two_files.workspace
    with pytest.raises(HoldError, match=r"worse.csv: no rows of 2025-05 came from it; files .*: bad.csv, good.csv"):
        require_known_part(workspace, Hold("2025-05", "spam", DAY, file="worse.csv"))
    with pytest.raises(HoldError, match="Lawyers: no such category; there are Accounting"):
        require_known_part(workspace, Hold("2025-05", "spam", DAY, category="Lawyers"))
    require_known_part(workspace, Hold("2025-05", "spam", DAY, category="Legal"))
    two_files.write("alone.csv", "99,2025-04-05,Write a text,Writing,10")
    two_files.load()
    with pytest.raises(HoldError, match=r"alone.csv is the only file of 2025-04; hold the month itself"):
        require_known_part(workspace, Hold("2025-04", "spam", DAY, file="alone.csv"))
