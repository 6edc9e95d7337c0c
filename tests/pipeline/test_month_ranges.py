"""A range of months in one run after a change of the mapping, one of them over its reject limit. About a minute."""

import re
from datetime import date

import pytest

from dagster_project.runs.job import run_main_job
from dagster_project.runs.status import month_statuses
from dagster_project.storage.holds import Hold, hold, unhold
from tests.support.job_runs import REPORT_PAGES, Place, visible_text
from tests.support.written_feed import (
    EMPTY_MONTH,
    MONTHS,
    NEXT_MONTH,
    REPORT_MONTH,
    month_posts,
    write_mapping,
    write_posts,
)

pytestmark = pytest.mark.slow
HELD_BY_HAND = "2024-10"
BY_HAND = "held by hand since 2025-03-01: prices of 9 October"

MONTH_ROWS = (
    "select * from marts.monthly_technology_posts where posted_month = ? order by technology, population",
    "select * from marts.monthly_collection where posted_month = ?",
    "select * from marts.monthly_source_rows where posted_month = ? order by table_name",
)


def _add_files(place: Place) -> None:
    """A whole next month, and late rows of the report's month of which most have a negative budget."""
    write_posts(place.feed / "posts" / "next_month.csv", month_posts(NEXT_MONTH))
    late = month_posts(REPORT_MONTH, per_day=2, prefix="late ")
    negative = [post | {"kind": "fixed", "price": "$-20"} for post in late[:40]]
    write_posts(place.feed / "posts" / "late_rows.csv", [*negative, *late[40:]])


FIXED_BUDGETS = (
    "select sum(projected_value_usd) from staging.stg_marketplace__job_posts"
    f" where contract_type = 'fixed' and posted_month < '{NEXT_MONTH}-01' and (posted_month = ?) = ?"
)


def test_good_months_are_released_and_a_month_over_its_limit_is_named_and_keeps_its_state(
    place: Place,
) -> None:
    """The mapping doubles the budgets: every month that is not held is built anew, whichever were asked for."""
    hold(place.workspace, [Hold(HELD_BY_HAND, "prices of 9 October <b>are</b> not ours", date(2025, 3, 1))])
    held_day = date.fromisoformat(f"{REPORT_MONTH}-01")
    budgets = {is_held: place.query(FIXED_BUDGETS, held_day, is_held)[0][0] for is_held in (True, False)}
    by_hand_day = date.fromisoformat(f"{HELD_BY_HAND}-01")
    kept_by_hand = place.query(FIXED_BUDGETS, by_hand_day, True)[0][0]
    write_mapping(place.mapping_file, columns={"budget_usd": "money(price)::decimal(18, 2) * 2"})
    before = [place.query(sql, held_day) for sql in MONTH_ROWS[::2]]
    former_report = (place.workspace.report(REPORT_MONTH) / "hiring_report.html").read_bytes()
    _add_files(place)
    run = place.run(REPORT_MONTH, NEXT_MONTH, checks="none")

    assert run.ended("failure") == {"releases__months_held"}
    assert f"{REPORT_MONTH}: 40 of" in run.failures
    assert "over the limit of 5.0%" in run.failures
    assert [place.query(sql, held_day) for sql in MONTH_ROWS[::2]] == before
    assert (place.workspace.report(REPORT_MONTH) / "hiring_report.html").read_bytes() == former_report
    assert place.latest().startswith(f"{NEXT_MONTH}-")
    summary = place.summary(NEXT_MONTH)
    assert list(summary["months_held"]) == [HELD_BY_HAND, REPORT_MONTH]
    assert summary["months_held"][HELD_BY_HAND] == f"{HELD_BY_HAND}: {BY_HAND} <b>are</b> not ours"
    assert summary["months_built"] == sorted({*MONTHS, NEXT_MONTH} - {EMPTY_MONTH, HELD_BY_HAND, REPORT_MONTH})
    assert place.query(FIXED_BUDGETS, held_day, True) == [(budgets[True],)]
    assert place.query(FIXED_BUDGETS, held_day, False) == [(budgets[False] * 2 - kept_by_hand,)]
    assert place.query("select count(distinct mapping_hash) from marts.monthly_collection") == [(2,)]
    assert summary["by_month"][NEXT_MONTH] == {"rows_read": 94, "kept": 93, "duplicate": 1, "rejected": 0}
    page = (place.workspace.report(NEXT_MONTH) / "technical_annex.html").read_text(encoding="utf-8")
    assert "40 of" in page, "the report does not say that a month was held"
    for name in REPORT_PAGES:
        page = place.workspace.report(NEXT_MONTH) / name
        assert BY_HAND.lower() in visible_text(page) and "<b>are" not in page.read_text(encoding="utf-8"), name
    _assert_status_tells_what_people_hold(place)


def _assert_status_tells_what_people_hold(place: Place) -> None:
    """The held month keeps what it was built from, so that it is stale as soon as nobody holds it."""
    with place.configured() as settings:
        held = {row.month: row.reason for row in month_statuses(settings) if row.state == "held"}
        assert held[HELD_BY_HAND].startswith(f"{HELD_BY_HAND}: {BY_HAND}")
        unhold(settings.workspace, [HELD_BY_HAND])
        assert [row.month for row in month_statuses(settings) if row.state == "stale"] == [HELD_BY_HAND]


def test_a_run_whose_only_month_is_held_says_so_stops_before_dbt_and_leaves_the_release(
    place: Place, capfd: pytest.CaptureFixture[str]
) -> None:
    before = place.latest()
    _add_files(place)
    with place.configured() as settings:
        exit_code = run_main_job(settings, REPORT_MONTH, REPORT_MONTH)
    printed = capfd.readouterr().out
    assert exit_code == 1
    assert f"\ningest: {REPORT_MONTH}: 40 of" in printed and "over the limit of 5.0%" in printed
    assert printed.splitlines()[-1] == f"all that was printed: {place.workspace.run_log}"
    assert re.search(r"ingest +failed", printed) and "staging" not in printed
    assert place.latest() == before


def test_a_month_that_the_feed_does_not_have_is_named_with_the_months_it_has(place: Place) -> None:
    run = place.run("2026-06")
    assert run.steps == {"ingest": "failure"}
    assert "2026-06" in run.failures
    assert "2024-01 to 2025-03" in run.failures


def test_a_wrong_expression_stops_the_run_and_names_file_field_and_mapping(place: Place) -> None:
    before = place.latest()
    write_mapping(place.mapping_file, columns={"budget_usd": "money(prize)"})
    run = place.run(REPORT_MONTH)
    assert run.steps == {"ingest": "failure"}
    assert "all.csv" in run.failures
    assert "budget_usd" in run.failures
    assert "'price'" in run.failures, "the nearest column that exists is not named"
    assert place.latest() == before
