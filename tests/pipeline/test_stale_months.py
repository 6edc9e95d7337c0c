"""Months made from other terms, models or another mapping are stale, and a run builds them again."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from dagster_project.runs.status import month_statuses
from dagster_project.stages.ingest import present_states
from dagster_project.storage.plan import (
    STATE_COLUMNS,
    MonthState,
    built_states,
    months_to_build,
    rules_hash,
    stale_months,
)
from dagster_project.storage.workspace import DBT_DIRECTORY
from tests.support.job_runs import Place
from tests.support.written_feed import EMPTY_MONTH, MONTHS, NEXT_MONTH

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
    built = PRESENT | {"2025-01": replace(JANUARY, rules_hash="former")}
    plan = months_to_build(["2025-02", "2025-03"], PRESENT, built, held=[])
    assert [(state.month, state.is_requested) for state in plan] == [("2025-01", False), ("2025-02", True)]
    assert months_to_build(["2025-02"], PRESENT, built, held=["2025-01", "2025-02"]) == []


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("seeds/skills.csv", "one,more,line,"),
        ("seeds/technology_terms.csv", "rpa,include,one more term,software"),
        ("macros/projected_value.sql", "{#- one more line -#}"),
    ],
)
def test_a_changed_vocabulary_or_formula_changes_the_rules(tmp_path: Path, rule: str, line: str) -> None:
    copy = tmp_path / "dbt"
    shutil.copytree(DBT_DIRECTORY, copy, ignore=shutil.ignore_patterns("target", "logs"))
    assert rules_hash(copy) == rules_hash()
    with (copy / rule).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    assert rules_hash(copy) != rules_hash()


def test_a_changed_mart_makes_no_month_stale(tmp_path: Path) -> None:
    copy = tmp_path / "dbt"
    shutil.copytree(DBT_DIRECTORY, copy, ignore=shutil.ignore_patterns("target", "logs"))
    (copy / "models" / "marts" / "shares" / "period_projected_values.sql").write_text("select 1", encoding="utf-8")
    assert rules_hash(copy) == rules_hash()


@pytest.mark.slow
def test_after_a_run_no_month_is_stale(built: Place) -> None:
    """Reads the shared workspace."""
    with built.configured() as settings:
        states = {row.month: row.state for row in month_statuses(settings)}
    assert states == dict.fromkeys(MONTHS_WITH_POSTS, "built") | {EMPTY_MONTH: "missing"}


@pytest.mark.slow
def test_another_champion_makes_every_month_stale(place: Place) -> None:
    """Reads a copy of the shared workspace."""
    champion = place.workspace.models / "rpa" / "champion.json"
    champion.write_text(json.dumps({"model_version": "another", "reason": "test"}), encoding="utf-8")
    with place.configured() as settings:
        present = present_states(place.workspace, settings.mapping.mapping_hash)
        stale = stale_months(present, built_states(place.workspace.warehouse))
        statuses = month_statuses(settings)
    assert stale == {month: ["rpa_model_version"] for month in MONTHS_WITH_POSTS}
    assert {row.reason for row in statuses if row.state == "stale"} == {
        "rpa model changed since it was built; the next run builds it"
    }
