"""The gate in real Dagster runs: what comes after a failed blocking suite does not run."""

import subprocess
import sys

import dagster as dg
import duckdb
import pytest

from dagster_project.quality.engine.asset_check import SuiteScope, gx_asset_check
from dagster_project.quality.engine.session import open_source
from dagster_project.quality.suites import STAGES
from tests.support.good_tables import PROVIDED, RUN_MONTHS

GATED = [dg.AssetKey(["stage", "first"]), dg.AssetKey(["stage", "second"])]


@pytest.fixture
def run_behind_gate(warehouse, tmp_path):
    """Materialise two gated assets and one behind each; gives the result, what ran behind and the checks."""

    def run(stage, spoil="select 1"):
        behind = []

        @dg.multi_asset(specs=[dg.AssetSpec(key) for key in GATED])
        def gated():
            with duckdb.connect(str(warehouse)) as connection:
                connection.execute(spoil)

        @dg.asset(deps=[GATED[0]])
        def behind_first():
            behind.append("first")

        @dg.asset(deps=[GATED[1]])
        def behind_second():
            behind.append("second")

        gate = gx_asset_check(
            stage,
            GATED,
            datasource_factory=lambda context: open_source(warehouse=warehouse),
            scope_factory=lambda context: SuiteScope(RUN_MONTHS, PROVIDED, tmp_path / "data_docs"),
        )
        result = dg.materialize([gated, behind_first, behind_second, gate], raise_on_error=False)
        evaluations = {(one.asset_key, one.check_name): one for one in result.get_asset_check_evaluations()}
        return result, behind, evaluations

    return run


BREAKS_GATE = {
    "raw": "delete from raw.job_posts",
    "staging": "delete from staging.stg_marketplace__job_posts",
    "predictions": "update predictions.post_technologies set probability = 17",
    "marts": "delete from marts.monthly_collection",
    "report": "update report.claims set mart_value = 0.06",
}


@pytest.mark.parametrize("stage", STAGES)
def test_nothing_runs_behind_a_failed_gate(run_behind_gate, stage):
    result, behind, evaluations = run_behind_gate(stage, BREAKS_GATE[stage])
    assert not result.success
    assert behind == []
    for key in GATED:
        blocking = evaluations[key, f"{stage}_suite"]
        assert not blocking.passed
        assert blocking.severity is dg.AssetCheckSeverity.ERROR


def test_everything_runs_behind_a_passed_gate(run_behind_gate):
    result, behind, evaluations = run_behind_gate("report")
    assert result.success
    assert sorted(behind) == ["first", "second"]
    assert all(one.passed for one in evaluations.values())


def test_a_warning_is_not_green_and_does_not_stop_the_run(run_behind_gate):
    result, behind, evaluations = run_behind_gate(
        "marts",
        "update marts.monthly_collection set status = 'partial', status_reason = 'posts on 6 of 31 days'",
    )
    assert result.success
    assert sorted(behind) == ["first", "second"]
    warning = evaluations[GATED[0], "marts_warnings"]
    assert not warning.passed
    assert warning.severity is dg.AssetCheckSeverity.WARN
    assert "months_are_collected_completely" in warning.description
    assert "posts on 6 of 31 days" in warning.metadata["sample_offenders"].records[0].data["row"]


def test_a_failed_gate_shows_expectations_offenders_counts_and_data_docs(run_behind_gate):
    _, _, evaluations = run_behind_gate("report", BREAKS_GATE["report"])
    metadata = evaluations[GATED[0], "report_suite"].metadata
    (failing,) = metadata["failing_expectations"].records
    assert failing.data["expectation"] == "report_claims_equal_their_mart_row"
    assert failing.data["reason"].startswith("A printed value that differs")
    (offender,) = metadata["sample_offenders"].records
    assert '"mart_value": "0.06"' in offender.data["row"]
    assert (metadata["failed"].value, metadata["passed"].value) == (1, 9)
    assert metadata["data_docs"].value.endswith("/data_docs/index.html")


def test_the_suite_check_blocks_and_the_warning_check_does_not():
    gate = gx_asset_check("raw", GATED, datasource_factory=open, scope_factory=open)
    blocking = {(spec.asset_key, spec.name): spec.blocking for spec in gate.check_specs}
    assert blocking == {
        (GATED[0], "raw_suite"): True,
        (GATED[1], "raw_suite"): True,
        (GATED[0], "raw_warnings"): False,
    }


def test_defining_a_gate_does_not_pay_for_importing_great_expectations():
    code = "import sys, dagster_project.quality.engine.asset_check; print('great_expectations' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_gate_over_a_range_of_partitions_sees_the_months_of_the_run(warehouse, tmp_path):
    monthly = dg.MonthlyPartitionsDefinition(start_date="2025-01", fmt="%Y-%m")
    seen = []

    def scope(context):
        seen.extend(context.partition_keys)
        return SuiteScope(context.partition_keys, PROVIDED, tmp_path / "data_docs")

    @dg.asset(key=GATED[0], partitions_def=monthly, backfill_policy=dg.BackfillPolicy.single_run())
    def gated() -> None:
        pass

    gate = gx_asset_check(
        "report",
        GATED[:1],
        datasource_factory=lambda context: open_source(warehouse=warehouse),
        scope_factory=scope,
    )
    tags = {"dagster/asset_partition_range_start": "2025-10", "dagster/asset_partition_range_end": "2025-11"}
    assert dg.materialize([gated, gate], tags=tags).success
    assert seen == RUN_MONTHS
