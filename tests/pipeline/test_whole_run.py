"""One whole run on the written feed: what it counts, how it judges months, what it shows of awkward text.

All tests of this file read one workspace built once, about a minute.
"""

import csv
import io
import re
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from markdown_it import MarkdownIt

from dagster_project.publishing.catalog import BI_PREFIX
from dagster_project.storage.workspace import SPREAD_ANNEX_FILES, SPREAD_STUDY_FILES
from tests.support.job_runs import REPORT_PAGES, Place, beside_the_written_feed, visible_text
from tests.support.written_feed import (
    AWKWARD_TITLES,
    CHANGED,
    EMPTY_MONTH,
    HALF_MONTH,
    MONTHS,
    REPEATED,
    REPORT_MONTH,
    SCRIPT,
    TENFOLD_MONTH,
)

pytestmark = pytest.mark.slow

COUNT_IN_WORDS = re.compile(
    r"(?<!fewer than )(?<!audit sample of )(?<!months \()(?<![\d,])\d[\d,]* (?:posts|contracts|searches|client groups)"
)
"""A limit (`fewer than 10 posts`), the size of an audit and that of usual months are no counts of the row."""


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def test_read_is_kept_plus_duplicate_plus_rejected_from_file_to_mart(built: Place) -> None:
    source = built.summary(REPORT_MONTH)["source"]
    assert source["rows_read"] == _rows_in_different_files(built)
    assert source["rows_read"] == source["kept"] + source["duplicate"] + source["rejected"]
    assert (source["duplicate"], source["rejected"], source["by_reason"]) == (3, 1, {"negative": 1})
    assert built.query("select count(*) from staging.stg_marketplace__job_posts") == [(source["kept"],)]


def _rows_in_different_files(place: Place) -> int:
    """Data rows of the feed's files; of files with the same bytes one is counted."""
    csv.field_size_limit(2_000_000)  # one title has a megabyte
    contents = {path.read_bytes() for path in (place.feed / "posts").glob("*.csv")}
    return sum(len(list(csv.reader(io.StringIO(content.decode(), newline="")))) - 1 for content in contents)


def test_the_rows_of_each_month_add_up(built: Place) -> None:
    by_month = built.summary(REPORT_MONTH)["by_month"]
    assert by_month["2025-01"] == {"rows_read": 96, "kept": 92, "duplicate": 3, "rejected": 1}
    assert by_month["2024-12"] == {"rows_read": 93, "kept": 93, "duplicate": 0, "rejected": 0}
    for month, rows in by_month.items():
        assert rows["rows_read"] == rows["kept"] + rows["duplicate"] + rows["rejected"], month


def test_a_post_in_three_files_is_one_post(built: Place) -> None:
    query = "select posted_month from staging.stg_marketplace__job_posts where post_id = ?"
    assert built.query(query, REPEATED) == [(date(2025, 1, 1),)]


def test_of_a_post_that_changed_later_the_later_state_counts_in_the_month_of_its_first_posting(built: Place) -> None:
    query = "select posted_month, projected_value_usd from staging.stg_marketplace__job_posts where post_id = ?"
    assert built.query(query, CHANGED) == [(date(2024, 12, 1), Decimal("7777.00"))]


def test_every_mart_counts_every_kept_post_once(built: Place) -> None:
    kept = built.summary(REPORT_MONTH)["source"]["kept"]
    counts = {
        "monthly_collection": "select sum(post_count) from marts.monthly_collection",
        "monthly_technology_posts": "select sum(post_count) from marts.monthly_technology_posts"
        " where technology = 'ai' and population = 'all'",
        "period_projected_values": "select sum(post_count) from marts.period_projected_values"
        " where period_kind = 'month' and technology = 'any' and category_id = 'all'",
        "monthly_category_growth": "select sum(post_count) from marts.monthly_category_growth"
        " where level = 'total' and population = 'all' and comparison = 'month'",
    }
    assert {mart: built.query(sql)[0][0] for mart, sql in counts.items()} == dict.fromkeys(counts, kept)


@pytest.mark.parametrize(
    ("month", "status", "reason"),
    [
        (EMPTY_MONTH, "empty", "no posts were collected"),
        (HALF_MONTH, "partial", "posts on 15 of 31 days"),
        (TENFOLD_MONTH, "unusual_volume", "times the median of the neighbouring months"),
    ],
)
def test_an_incomplete_month_is_named_and_growth_from_it_and_to_it_is_withheld(
    built: Place, month: str, status: str, reason: str
) -> None:
    collection = "select status, status_reason from marts.monthly_collection where posted_month = ?"
    ((found, found_reason),) = built.query(collection, _first_day(month))
    assert found == status
    assert reason in found_reason
    growth = built.query(
        "select is_withheld, withheld_reason, growth_pct from marts.monthly_category_growth"
        " where posted_month = $1 or base_month = $1",
        _first_day(month),
    )
    assert growth
    for is_withheld, withheld_reason, growth_pct in growth:
        assert is_withheld
        assert growth_pct is None
        assert withheld_reason


def test_the_reason_why_growth_is_withheld_names_the_incomplete_month(built: Place) -> None:
    query = "select withheld_reason from marts.monthly_category_growth where base_month = ? and level = 'total'"
    reasons = {reason for (reason,) in built.query(query, _first_day(HALF_MONTH))}
    assert reasons
    assert all(HALF_MONTH in reason and "15 of 31 days" in reason for reason in reasons)


def test_growth_between_complete_months_is_not_withheld(built: Place) -> None:
    query = (
        "select comparison, is_withheld from marts.monthly_category_growth"
        " where posted_month = ? and level = 'total' and population = 'all' order by comparison"
    )
    assert built.query(query, _first_day(REPORT_MONTH)) == [("month", False), ("year", False)]


def test_a_period_with_an_incomplete_month_is_not_called_complete(built: Place) -> None:
    query = """
        select distinct period_id, is_complete_period
        from marts.period_projected_values
        where period_id in ('2024', ?)
    """
    assert dict(built.query(query, REPORT_MONTH)) == {"2024": False, REPORT_MONTH: True}


def test_months_of_the_feed_all_carry_the_same_models_and_hashes(built: Place) -> None:
    query = (
        "select count(*), count(distinct (mapping_hash, rules_hash, ai_model_version, cloud_model_version,"
        " rpa_model_version)) from marts.monthly_collection where post_count > 0"
    )
    months_with_posts = len(MONTHS) - 1 + 1  # without the empty month, with the one of the lone post
    assert built.query(query) == [(months_with_posts, 1)]


def test_awkward_titles_are_kept_as_they_came(built: Place) -> None:
    files = f"{built.workspace.raw('job_posts')}/*/*.parquet"
    titles = dict(duckdb.execute("select post_id, title from read_parquet(?)", [files]).fetchall())
    assert {name: titles[name] for name in AWKWARD_TITLES} == AWKWARD_TITLES
    candidates = "select count(*) from staging.stg_marketplace__candidates where post_id = 'megabyte'"
    assert built.query(candidates)[0][0] > 0


class _Elements(HTMLParser):
    """Scripts, event handlers and links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts = 0
        self.handlers: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self.links += [value or "" for name, value in attrs if name == "href"]


def _elements(html: str) -> _Elements:
    parser = _Elements()
    parser.feed(html)
    return parser


@pytest.mark.parametrize("name", ["hiring_report.html", "technical_annex.html"])
def test_the_page_shows_html_and_formulas_of_posts_as_text(built: Place, name: str) -> None:
    page = (built.workspace.report(REPORT_MONTH) / name).read_text(encoding="utf-8")
    shown = built.query("select count(*) from marts.monthly_ai_skills where contains(skill, ?)", SCRIPT)
    assert shown[0][0] > 0, "the feed no longer has a skill with HTML: the test would check nothing"
    elements = _elements(page)
    assert (elements.scripts, elements.handlers) == (0, [])
    assert SCRIPT not in page
    assert not [link for link in elements.links if "example.invalid" in link]
    assert "\0" not in page


@pytest.mark.parametrize("name", ["hiring_report.md", "technical_annex.md"])
def test_the_markdown_twin_has_no_html_of_posts_when_it_is_rendered(built: Place, name: str) -> None:
    text = (built.workspace.report(REPORT_MONTH) / name).read_text(encoding="utf-8")
    rendered = _elements(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))
    assert (rendered.scripts, rendered.handlers) == (0, [])


def test_the_spread_study_is_written_and_released_with_the_data_behind_its_charts(built: Place) -> None:
    written, released = built.workspace.report(REPORT_MONTH), built.workspace.releases / "latest" / "report"
    for name in (*SPREAD_STUDY_FILES, *SPREAD_ANNEX_FILES):
        assert (released / name).read_bytes() == (written / name).read_bytes()
    figures = {path.name for path in (written / "figures").glob("*.csv") if not path.name.startswith("worker-study")}
    assert figures
    assert figures <= {path.name for path in (released / "figures").glob("*.csv")}
    periods = built.query("select distinct period_kind from marts.period_technology_concentration order by 1")
    assert [kind for (kind,) in periods] == ["study", "year"]


def test_the_released_dictionary_starts_no_formula(built: Place) -> None:
    lines = (built.workspace.releases / "latest" / "data_dictionary.csv").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines for cell in line.split(",") if cell.lstrip('"').startswith(("=", "+", "@"))] == []


def test_the_release_is_whole_and_says_what_the_warehouse_says(built: Place) -> None:
    release = built.workspace.releases / "latest"
    for mart in (name for name in built.mart_hashes() if not name.startswith(BI_PREFIX)):
        with duckdb.connect(str(release / "hiring_pulse.duckdb"), read_only=True) as connection:
            released = connection.execute(f"select count(*) from {mart}").fetchall()
        assert released == built.query(f"select count(*) from marts.{mart}")
        assert (
            duckdb.execute("select count(*) from read_parquet(?)", [f"{release}/marts/{mart}.parquet"]).fetchall()
            == released
        )


def test_no_word_of_a_suppressed_row_tells_the_count_that_is_hidden(built: Place) -> None:
    assert count_in_words(built.workspace.releases / "latest" / "marts") == []


def count_in_words(marts: Path) -> list[tuple[str, str]]:
    """(mart, text) of suppressed rows whose reasons say how many posts, contracts, searches or groups there were.

    How many contracts an audit reaches is hidden in no column, so no reason of any row may say it.
    """
    told = []
    for file in sorted(marts.glob("*.parquet")):
        rows = pd.read_parquet(file)
        for column in rows.columns.intersection(["withheld_reason", "no_verdict_reason", "correction"]):
            is_confidential = rows["is_suppressed"] | rows[column].str.contains("contracts", na=False)
            texts = rows.loc[is_confidential, column].dropna().unique()
            told += [(file.stem, text) for text in texts if COUNT_IN_WORDS.search(text)]
    return told


def test_the_report_of_a_feed_of_ones_own_does_not_call_itself_simulated(built: Place) -> None:
    for name in REPORT_PAGES:
        assert "simulated" not in visible_text(built.workspace.report(REPORT_MONTH) / name), name


def test_a_feed_of_ones_own_shows_no_row_of_the_simulated_one_beside_it(built: Place) -> None:
    simulated = beside_the_written_feed(built.root)
    files = f"{simulated.workspace.raw('job_posts')}/*/*.parquet"
    simulated_ids = {i for (i,) in duckdb.execute("select post_id from read_parquet(?)", [files]).fetchall()}
    own_ids = {i for (i,) in built.query("select post_id from staging.stg_marketplace__job_posts")}
    assert simulated_ids and own_ids
    assert simulated_ids & own_ids == set()
    assert built.summary(REPORT_MONTH)["source"]["kept"] == len(own_ids)
    assert not built.summary(REPORT_MONTH)["is_simulated"]


def test_dbt_runs_its_tests_beside_its_models(built: Place) -> None:
    assert built.dbt_tests() > 200
