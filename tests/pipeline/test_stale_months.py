"""Months made from other terms, models or another mapping are stale, and a run builds them again."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from job_runs import Place
from written_feed import EMPTY_MONTH, MONTHS, NEXT_MONTH, REPORT_MONTH, write_mapping

from dagster_project.intake import present_states
from dagster_project.planning import (
    STATE_COLUMNS,
    MonthState,
    built_states,
    months_to_build,
    stale_months,
    terms_hash,
)
from dagster_project.status import month_statuses
from ml.keywords import TERMS_FILE

JANUARY = MonthState("2025-01", "input", "mapping", "terms", "ai-1", "cloud-1", "rpa-1")
FEBRUARY = replace(JANUARY, month="2025-02")
PRESENT = {"2025-01": JANUARY, "2025-02": FEBRUARY}
MONTHS_WITH_POSTS = sorted({*MONTHS, NEXT_MONTH} - {EMPTY_MONTH})


@pytest.mark.parametrize("column", STATE_COLUMNS)
def test_a_month_made_from_something_else_is_stale_and_says_from_what(column: str) -> None:
    built = PRESENT | {"2025-01": replace(JANUARY, **{column: "former"})}
    assert stale_months(PRESENT, built) == {"2025-01": [column]}


def test_a_month_never_built_is_stale_and_a_built_one_is_not() -> None:
    assert stale_months(PRESENT, {"2025-02": FEBRUARY}) == {"2025-01": ["never built"]}


def test_the_plan_holds_requested_and_stale_months_without_those_held() -> None:
    built = PRESENT | {"2025-01": replace(JANUARY, terms_hash="former")}
    plan = months_to_build(["2025-02", "2025-03"], PRESENT, built, held=[])
    assert [(state.month, state.is_requested) for state in plan] == [("2025-01", False), ("2025-02", True)]
    assert months_to_build(["2025-02"], PRESENT, built, held=["2025-01", "2025-02"]) == []


def test_the_order_of_the_terms_is_no_change_and_a_new_term_is_one(tmp_path: Path) -> None:
    lines = TERMS_FILE.read_text(encoding="utf-8").splitlines()
    turned, longer = tmp_path / "turned.csv", tmp_path / "longer.csv"
    turned.write_text("\n".join(reversed(lines)) + "\n", encoding="utf-8")
    longer.write_text("\n".join([*lines, "ai,include,a term more,"]) + "\n", encoding="utf-8")
    assert terms_hash(turned) == terms_hash()
    assert terms_hash(longer) != terms_hash()


@pytest.mark.slow
def test_after_a_run_no_month_is_stale(built: Place) -> None:
    """Reads the shared home."""
    with built.configured() as settings:
        states = {row.month: row.state for row in month_statuses(settings)}
    assert states == dict.fromkeys(MONTHS_WITH_POSTS, "built") | {EMPTY_MONTH: "missing"}


@pytest.mark.slow
def test_another_champion_makes_every_month_stale(place: Place) -> None:
    """Reads a copy of the shared home."""
    champion = place.home.models / "rpa" / "champion.json"
    champion.write_text(json.dumps({"model_version": "another", "reason": "test"}), encoding="utf-8")
    with place.configured() as settings:
        present = present_states(place.home, settings.mapping.mapping_hash)
        stale = stale_months(present, built_states(place.home.warehouse))
        statuses = month_statuses(settings)
    assert stale == {month: ["rpa_model_version"] for month in MONTHS_WITH_POSTS}
    assert {row.reason for row in statuses if row.state == "stale"} == {
        "differs: rpa_model_version; the next run builds it"
    }


@pytest.mark.slow
def test_a_changed_mapping_rebuilds_every_month_in_one_run(place: Place) -> None:
    """The mapping doubles the budgets; one run of a single month, about a minute."""
    fixed = "select sum(projected_value_usd) from staging.stg_marketplace__job_posts where contract_type = 'fixed'"
    ((before,),) = place.query(fixed)
    read, releases = place.summary(REPORT_MONTH)["source"]["rows_read"], place.releases()
    write_mapping(place.mapping_file, columns={"budget_usd": "money(price)::decimal(18, 2) * 2"})
    run = place.run(REPORT_MONTH)
    assert run.succeeded, run.failures
    assert place.summary(REPORT_MONTH)["months_built"] == MONTHS_WITH_POSTS
    assert place.query(fixed) == [(before * 2,)]
    assert place.query("select count(distinct mapping_hash) from marts.monthly_collection") == [(1,)]
    assert place.summary(REPORT_MONTH)["source"]["rows_read"] == read
    assert len(place.releases()) == len(releases) + 1
