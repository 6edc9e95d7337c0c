"""Every expectation has been seen to pass on good tables and to fail on spoiled ones."""

import pytest

from dagster_project.quality.declaration import Severity
from dagster_project.quality.suites import STAGES, suite_of
from tests.support.good_tables import PROVIDED
from tests.support.mutations import MUTATIONS

pytestmark = pytest.mark.usefixtures("without_site")

CASES = [(stage, id) for stage, mutations in MUTATIONS.items() for id in mutations]


@pytest.mark.parametrize("stage", STAGES)
def test_every_expectation_is_met_on_good_tables(check, stage):
    result = check(stage)
    assert {outcome.id: outcome.observed for outcome in result.outcomes if not outcome.success} == {}
    assert [outcome.id for outcome in result.outcomes] == [declared.id for declared in suite_of(stage)]


@pytest.mark.parametrize("stage", STAGES)
def test_every_expectation_has_a_mutation(stage):
    assert sorted(declared.id for declared in suite_of(stage)) == sorted(MUTATIONS[stage])


@pytest.mark.parametrize(("stage", "id"), CASES, ids=[id for _, id in CASES])
def test_an_expectation_fails_on_spoiled_tables(check_spoiled, stage, id):
    declared = [one for one in suite_of(stage) if one.id == id]
    (outcome,) = check_spoiled(stage, MUTATIONS[stage][id], suite=declared).outcomes
    assert outcome.failed
    assert "could not be checked" not in outcome.observed
    is_about_rows = declared[0].type != "expect_table_row_count_to_be_between"
    assert bool(outcome.offenders) is is_about_rows
    assert len(outcome.offenders) <= 5


@pytest.mark.parametrize("stage", STAGES)
def test_a_suite_declares_ids_once_reasons_and_a_volume_rule_for_each_table(stage):
    suite = suite_of(stage)
    assert len({declared.id for declared in suite}) == len(suite)
    assert all(declared.reason.endswith(".") for declared in suite)
    counted = {one.table for one in suite if one.type == "expect_table_row_count_to_be_between"}
    assert counted == {declared.table for declared in suite if not declared.judges_empty_table}


def test_volume_of_a_table_that_must_not_be_empty_is_critical():
    for stage in STAGES:
        for declared in suite_of(stage):
            if declared.type == "expect_table_row_count_to_be_between" and not declared.table.may_be_empty:
                assert declared.severity is Severity.CRITICAL, declared.id


@pytest.mark.parametrize("stage", ["raw", "staging", "predictions"])
def test_suites_before_the_marts_do_not_see_other_months(check, stage):
    spoil = {
        "raw": "update raw.job_posts set source_row = null where month = '2025-07'",
        "staging": (
            "update staging.stg_marketplace__job_posts set contract_type = 'barter' where posted_month = '2025-07-01'"
        ),
        "predictions": "update predictions.post_technologies set probability = 17 where month = '2025-07'",
    }[stage]
    assert check(stage, spoil).critical_failures == []


def test_the_mart_suite_sees_every_month(check):
    result = check(
        "marts",
        "update marts.monthly_collection set rpa_model_version = null where posted_month = '2025-06-01'",
    )
    assert [outcome.id for outcome in result.critical_failures] == ["months_name_the_models_that_judged_them"]


@pytest.mark.parametrize("stage", ["raw", "staging", "marts"])
def test_an_input_that_is_not_provided_is_not_applicable_and_not_passed(check, stage):
    result = check(stage, provided={"job_posts": PROVIDED["job_posts"]})
    about_pulse = [outcome for outcome in result.outcomes if "pulse" in outcome.table]
    assert about_pulse
    assert all(not one.applicable and not one.success and not one.failed for one in about_pulse)
    assert not {one.id for one in about_pulse} & {one.id for one in result.passed}


def test_a_field_that_is_not_provided_makes_only_its_own_expectations_not_applicable(check):
    without = PROVIDED | {"job_posts": PROVIDED["job_posts"] - {"category"}}
    result = check("raw", "update raw.job_posts set category = null", provided=without)
    (skipped,) = result.not_applicable
    assert skipped.id == "raw_job_posts_mostly_have_category"
    assert skipped.not_applicable == "not provided by the source: job_posts.category"
    assert result.success


def test_a_survey_without_a_wave_this_month_warns_and_checks_nothing_else(check):
    result = check("raw", "delete from raw.pulse_answers")
    assert [outcome.id for outcome in result.warnings] == ["raw_pulse_answers_arrived"]
    assert all(one.not_applicable.startswith("the table has no rows") for one in result.not_applicable)
    assert result.success


def test_missing_predictions_block_although_the_table_may_be_empty(check):
    result = check("predictions", "delete from predictions.post_technologies")
    assert [outcome.id for outcome in result.critical_failures] == ["predictions_cover_the_candidates"]


def test_no_candidates_and_no_predictions_warn_and_let_the_run_go_on(check):
    empty = "delete from staging.stg_marketplace__candidates; delete from predictions.post_technologies"
    result = check("predictions", empty)
    assert [outcome.id for outcome in result.warnings] == ["predictions_arrived"]
    assert result.success


def test_a_month_of_a_few_posts_is_no_fault(check):
    spoil = """
        delete from raw.job_posts where post_id <> 'post-7000';
        update raw.job_posts set budget_usd = null;
        delete from staging.stg_marketplace__job_posts where post_id <> 'post-7000';
        update staging.stg_marketplace__job_posts set projected_value_usd = null;
    """
    assert check("raw", spoil).success
    assert check("staging").success
