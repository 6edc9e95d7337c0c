"""What a suite found as Dagster check results, with the failing expectations and sample rows as tables."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from dagster_project.quality.engine.declaration import Severity
from dagster_project.quality.engine.results import Outcome, SuiteResult


def check_results(result: SuiteResult, keys: Sequence[dg.AssetKey]) -> Iterator[dg.AssetCheckResult]:
    """Warnings on the first asset, then the blocking result on each, with tables of what failed and where."""
    # The warnings come first: Dagster ends the step at the first failed blocking check.
    yield dg.AssetCheckResult(
        passed=not result.warnings,
        asset_key=keys[0],
        check_name=f"{result.stage}_warnings",
        severity=dg.AssetCheckSeverity.WARN,
        description=_sentence(result, Severity.WARNING, result.warnings),
        metadata=_metadata(result, result.warnings),
    )
    for key in keys:
        yield dg.AssetCheckResult(
            passed=result.success,
            asset_key=key,
            check_name=f"{result.stage}_suite",
            severity=dg.AssetCheckSeverity.ERROR,
            description=_sentence(result, Severity.CRITICAL, result.critical_failures),
            metadata=_metadata(result, result.critical_failures),
        )


def _sentence(result: SuiteResult, severity: Severity, failed: Sequence[Outcome]) -> str:
    of_severity = [one for one in result.outcomes if one.severity is severity]
    applicable = [one for one in of_severity if one.applicable]
    if not failed:
        skipped = len(of_severity) - len(applicable)
        return f"{len(applicable)} {severity.value} expectations met, {skipped} not applicable"
    return f"{len(failed)} of {len(applicable)} {severity.value} expectations failed: " + ", ".join(
        outcome.id for outcome in failed
    )


def _metadata(result: SuiteResult, failed: Sequence[Outcome]) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "passed": len(result.passed),
        "failed": len(result.critical_failures),
        "warnings": len(result.warnings),
        "not_applicable": len(result.not_applicable),
        "data_docs": dg.MetadataValue.url(result.data_docs.resolve().as_uri()),
    }
    if failed:
        metadata["failing_expectations"] = _table(
            [
                {
                    "expectation": one.id,
                    "table": one.table,
                    "severity": one.severity.value,
                    "observed": one.observed,
                    "reason": one.reason,
                }
                for one in failed
            ]
        )
    offenders = [
        {"expectation": one.id, "row": json.dumps(row, ensure_ascii=False)} for one in failed for row in one.offenders
    ]
    if offenders:
        metadata["sample_offenders"] = _table(offenders)
    if result.not_applicable:
        metadata["not_applicable_expectations"] = _table(
            [{"expectation": one.id, "why": one.not_applicable} for one in result.not_applicable]
        )
    return metadata


def _table(rows: Sequence[Mapping[str, str]]) -> dg.TableMetadataValue:
    return dg.MetadataValue.table([dg.TableRecord(dict(row)) for row in rows])
