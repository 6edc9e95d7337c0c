"""Every gate is shown to stop the run: what it looks at is spoiled, nothing after it runs, the last release stays.

Raw and staging are spoiled through the feed, by files that the reader accepts; later stages between their step and
their gate. Each test runs the steps around its gate on a copy of a built workspace.
"""

from collections.abc import Callable
from typing import Any

import dagster as dg
import duckdb
import pyarrow.parquet as pq
import pytest

from tests.support.job_runs import JobRun, Place
from tests.support.written_feed import REPORT_MONTH, month_posts, write_posts

pytestmark = pytest.mark.slow

STEPS = [
    "ingest",
    "raw_gate",
    "dbt_staging",
    "staging_gate",
    "predictions__post_technologies",
    "predictions_gate",
    "dbt_intermediate",
    "estimate",
    "dbt_marts",
    "marts_gate",
    "reports",
    "report_gate",
    "releases__bi_release",
    "releases__postgres_tables",
    "releases__months_held",
]


def _assert_stopped_at(gate: str, run: JobRun, place: Place, before: str) -> None:
    """The gate failed with its own suite, no later step has an event, and the release is the one from before."""
    assert not run.succeeded
    assert run.failed_checks == {gate.replace("_gate", "_suite")}
    later = set(STEPS[STEPS.index(gate) + 1 :])
    assert set(run.steps) & later == set()
    assert {step for step in run.steps if step != gate} <= run.ended("success"), run.failures
    assert place.latest() == before
    assert place.releases() == [before]


def _downstream_of(*groups: str) -> dg.AssetSelection:
    return dg.AssetSelection.groups(*groups)


def _add_priced_posts(place: Place, price: str, count: int) -> None:
    posts = month_posts(REPORT_MONTH, per_day=20, prefix="priced ")[:count]
    write_posts(place.feed / "posts" / "priced.csv", [post | {"kind": "fixed", "price": price} for post in posts])


def test_budgets_in_cents_stop_at_the_raw_gate_whose_event_shows_the_expectation_and_offenders(place: Place) -> None:
    before = place.latest()
    _add_priced_posts(place, "$1500000", 400)
    run = place.run(REPORT_MONTH, checks="gates")
    assert set(run.steps) == {"ingest", "raw_gate"}
    _assert_stopped_at("raw_gate", run, place, before)
    shown = _shown_by_failed_checks(place)
    assert "raw_job_posts_budgets_have_the_scale_of_dollars" in shown
    assert "1500000" in shown


def _shown_by_failed_checks(place: Place) -> str:
    with place.configured(), dg.DagsterInstance.get() as instance:
        (run,) = instance.get_runs(limit=1)
        entries = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    checks = [entry.dagster_event.asset_check_evaluation_data for entry in entries if entry.dagster_event]
    return "".join(str(check.metadata) for check in checks if not check.passed)


def test_a_few_absurd_values_stop_at_the_staging_gate(place: Place) -> None:
    before = place.latest()
    _add_priced_posts(place, "$90000000", 5)
    run = place.run(REPORT_MONTH, checks="gates")
    assert set(run.steps) == {"ingest", "raw_gate", "dbt_staging", "staging_gate"}
    _assert_stopped_at("staging_gate", run, place, before)


def test_a_probability_above_one_stops_at_the_predictions_gate(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from dagster_project.defs import classify

    before = place.latest()
    file = place.workspace.predictions("ai", REPORT_MONTH)
    real = classify.predict_months

    def predict_and_spoil(*arguments: Any, **options: Any) -> Any:
        counts = real(*arguments, **options)
        spoiled = "select * replace (1.5 as probability) from read_parquet(?)"
        pq.write_table(duckdb.execute(spoiled, [str(file)]).to_arrow_table(), file)
        return counts

    monkeypatch.setattr(classify, "predict_months", predict_and_spoil)
    selection = _downstream_of("classify", "intermediate", "estimate", "marts", "report", "release")
    run = place.run(REPORT_MONTH, select=selection)
    assert set(run.steps) == {"predictions__post_technologies", "predictions_gate"}
    _assert_stopped_at("predictions_gate", run, place, before)


def test_a_post_that_staging_lost_is_no_duplicate_and_stops_the_marts(place: Place) -> None:
    before = place.latest()
    place.change("delete from staging.stg_marketplace__job_posts where strftime(posted_date, '%d') = '07'")
    run = place.run(REPORT_MONTH, select=_downstream_of("marts", "report", "release"))
    assert set(run.steps) == run.ended("failure") == {"dbt_marts"} and place.latest() == before
    assert "expression_holds_monthly_source_rows" in run.failures


def test_a_share_outside_its_interval_stops_at_the_marts_gate(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from dagster_project.defs import checks

    before = place.latest()
    spoil = "update marts.monthly_technology_posts set penetration_share_low = 0.9, penetration_share = 0.1"
    monkeypatch.setattr(checks, "open_source", _after(lambda: place.change(spoil), checks.open_source))
    run = place.run(REPORT_MONTH, select=_downstream_of("marts", "report", "release"))
    assert set(run.steps) == {"dbt_marts", "marts_gate"}
    _assert_stopped_at("marts_gate", run, place, before)


def test_a_number_that_is_not_its_mart_row_and_one_written_into_the_page_stop_at_the_report_gate(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one run: the gate's event names either fault, and each of the expectations blocks."""
    from dagster_project.defs import checks

    def write_a_number() -> None:
        page = place.workspace.report(REPORT_MONTH) / "hiring_report.html"
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace("</main>", "<p>Workers gain 40%.</p></main>"), encoding="utf-8")

    before = place.latest()
    spoil = (
        "update marts.monthly_technology_posts set penetration_share = penetration_share / 2"
        " where technology = 'rpa' and population = 'us'"
    )
    monkeypatch.setattr(checks, "present_marts", _after(lambda: place.change(spoil), checks.present_marts))
    monkeypatch.setattr(checks, "study_folder", _after(write_a_number, checks.study_folder))
    run = place.run(REPORT_MONTH, select=_downstream_of("report", "release"))
    assert set(run.steps) == {"reports", "report_gate"}
    _assert_stopped_at("report_gate", run, place, before)
    shown = _shown_by_failed_checks(place)
    assert "report_claims_equal_their_mart_row" in shown and "Workers gain 40%." in shown


def _after(spoil: Callable[[], None], real: Callable[..., Any]) -> Callable[..., Any]:
    def spoiled(*arguments: Any, **options: Any) -> Any:
        spoil()
        return real(*arguments, **options)

    return spoiled


def test_the_steps_named_here_are_those_of_the_main_job() -> None:
    from dagster_project.definitions import defs

    assert set(STEPS) == set(defs().resolve_job_def("monthly_hiring_report").graph.node_dict)
