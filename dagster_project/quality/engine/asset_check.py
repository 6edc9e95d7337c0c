"""A stage's suite as a Dagster gate and its findings as check results. The only module here that imports dagster."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg

from dagster_project.quality.declaration import Outcome, Severity, SuiteResult
from dagster_project.quality.engine.runner import run_suite
from dagster_project.quality.engine.session import ValidationSource

FAILING_EXPECTATIONS, DATA_DOCS = "failing_expectations", "data_docs"
"""Metadata of a check's result."""


def check_results(
    result: SuiteResult, keys: Sequence[dg.AssetKey], link: Callable[[Path], str] = Path.as_uri
) -> Iterator[dg.AssetCheckResult]:
    """Warnings on the first asset, then the blocking result on each, with tables of what failed and where."""
    # The warnings come first: Dagster ends the step at the first failed blocking check.
    yield dg.AssetCheckResult(
        passed=not result.warnings,
        asset_key=keys[0],
        check_name=f"{result.stage}_warnings",
        severity=dg.AssetCheckSeverity.WARN,
        description=_sentence(result, Severity.WARNING, result.warnings),
        metadata=_metadata(result, result.warnings, link),
    )
    for key in keys:
        yield dg.AssetCheckResult(
            passed=result.success,
            asset_key=key,
            check_name=f"{result.stage}_suite",
            severity=dg.AssetCheckSeverity.ERROR,
            description=_sentence(result, Severity.CRITICAL, result.critical_failures),
            metadata=_metadata(result, result.critical_failures, link),
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


def _metadata(result: SuiteResult, failed: Sequence[Outcome], link: Callable[[Path], str]) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "passed": len(result.passed),
        "failed": len(result.critical_failures),
        "warnings": len(result.warnings),
        "not_applicable": len(result.not_applicable),
        DATA_DOCS: dg.MetadataValue.url(link(result.data_docs.resolve())),
    }
    if failed:
        metadata[FAILING_EXPECTATIONS] = _table(
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


@dataclass(frozen=True)
class SuiteScope:
    """What a run asks of a suite: months (YYYY-MM), fields that the source provides, where Data Docs go and how their
    page is linked."""

    months: Sequence[str]
    provided: Mapping[str, set[str]]
    data_docs_dir: Path
    link: Callable[[Path], str] = Path.as_uri


SourceFactory = Callable[[dg.AssetCheckExecutionContext], AbstractContextManager[ValidationSource]]
ScopeFactory = Callable[[dg.AssetCheckExecutionContext], SuiteScope]


def gx_asset_check(
    stage: str,
    asset_keys: Sequence[dg.AssetKey],
    *,
    datasource_factory: SourceFactory,
    scope_factory: ScopeFactory,
    required_resource_keys: set[str] | None = None,
) -> dg.AssetChecksDefinition:
    """One step that runs the stage's suite once and gates every given asset.

    Args:
        stage: a key of `suites.STAGES`.
        asset_keys: assets whose downstream must wait; name each asset that a later step depends on, because a
            check blocks only what is downstream of its own asset. The first one carries the warnings.
        datasource_factory: opens the tables when the step runs, usually `engine.open_source(...)`.
        scope_factory: months, provided fields and Data Docs folder, read when the step runs.
        required_resource_keys: resources that the two factories read from `context.resources`.

    Yields in the step: `<stage>_suite` for each asset, blocking, failed by any critical expectation; and
    `<stage>_warnings`, not blocking, failed with severity WARN by any warning. In a partitioned run
    `context.partition_keys` names the run's partitions.
    """
    keys = [dg.AssetKey.from_coercible(key) for key in asset_keys]

    @dg.multi_asset_check(
        name=f"{stage}_gate",
        specs=_specs(stage, keys),
        description=f"Great Expectations suite of the {stage} stage.",
        compute_kind="great_expectations",
        required_resource_keys=required_resource_keys,
    )
    def gate(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        scope = scope_factory(context)
        with datasource_factory(context) as source:
            result = run_suite(
                stage,
                source,
                months=scope.months,
                provided=scope.provided,
                data_docs_dir=scope.data_docs_dir,
            )
        yield from check_results(result, keys, scope.link)

    return gate


def _specs(stage: str, keys: Sequence[dg.AssetKey]) -> list[dg.AssetCheckSpec]:
    blocking = [
        dg.AssetCheckSpec(
            f"{stage}_suite",
            asset=key,
            blocking=True,
            description=f"Critical expectations of the {stage} stage; a failure stops everything downstream.",
        )
        for key in keys
    ]
    warnings = dg.AssetCheckSpec(
        f"{stage}_warnings",
        asset=keys[0],
        description=f"Expectations of the {stage} stage that are worth a look and let the run go on.",
    )
    return [*blocking, warnings]
