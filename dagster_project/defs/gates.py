"""The gate after each stage: its Great Expectations suite as a blocking check on what the next step reads.

A check stops what lies downstream of its own asset, in later steps only; that is why the stages are steps.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import dagster as dg

from dagster_project.dbt_project import current_manifest
from dagster_project.defs.report.assets import MARTS
from dagster_project.defs.resources import Feed
from dagster_project.planning import read_plan, reported_months
from dagster_project.publishing.dictionary import read_dictionary
from dagster_project.quality.asset_check import SuiteScope, gx_asset_check
from dagster_project.quality.engine import ValidationSource, month_files, open_source
from dagster_project.quality.report_tables import report_tables
from dagster_project.reporting import REPORT_FILES, provided_fields, read_marts
from dagster_project.sources.contracts import TABLES


def _planned_months(feed: Feed) -> list[str]:
    return [state.month for state in read_plan(feed.home)]


@contextmanager
def _raw(feed: Feed, context: dg.AssetCheckExecutionContext) -> Iterator[ValidationSource]:
    months = _planned_months(feed)
    files = {f"raw.{table}": month_files(feed.home.raw(table), months) for table in TABLES}
    with open_source(parquet=files) as source:
        yield source


@contextmanager
def _warehouse(feed: Feed, context: dg.AssetCheckExecutionContext) -> Iterator[ValidationSource]:
    with open_source(warehouse=feed.home.warehouse) as source:
        yield source


@contextmanager
def _predictions(feed: Feed, context: dg.AssetCheckExecutionContext) -> Iterator[ValidationSource]:
    files = month_files(feed.home.lake / "predictions", _planned_months(feed))
    with open_source(warehouse=feed.home.warehouse, parquet={"predictions.post_technologies": files}) as source:
        yield source


@contextmanager
def _report(feed: Feed, context: dg.AssetCheckExecutionContext) -> Iterator[ValidationSource]:
    """The last report of the run beside the marts as the warehouse holds them now."""
    folder = feed.home.report(reported_months(feed.home)[-1])
    claims = json.loads((folder / "claims.json").read_text(encoding="utf-8"))
    pages = {name: (folder / name).read_text(encoding="utf-8") for name in REPORT_FILES[:2]}
    marts = read_marts(feed.home, read_dictionary(current_manifest()), context.log.info)
    frames = report_tables(claims, marts, pages, is_simulated=feed.settings.mapping.is_simulated)
    with open_source(frames=frames) as source:
        yield source


Opener = Callable[[Feed, dg.AssetCheckExecutionContext], AbstractContextManager[ValidationSource]]


def _gate(stage: str, assets: list[list[str]], opener: Opener) -> dg.AssetChecksDefinition:
    return gx_asset_check(
        stage,
        [dg.AssetKey(key) for key in assets],
        datasource_factory=lambda context: opener(context.resources.feed, context),
        scope_factory=_scope,
        required_resource_keys={"feed"},
    )


def _scope(context: dg.AssetCheckExecutionContext) -> SuiteScope:
    feed: Feed = context.resources.feed
    return SuiteScope(_planned_months(feed), provided_fields(feed.settings), feed.home.data_docs)


raw_gate = _gate("raw", [["raw", table] for table in TABLES], _raw)
staging_gate = _gate(
    "staging",
    [
        ["staging", name]
        for name in ("stg_marketplace__candidates", "stg_marketplace__job_posts", "stg_survey__pulse_answers")
    ],
    _warehouse,
)
predictions_gate = _gate("predictions", [["predictions", "post_technologies"]], _predictions)
marts_gate = _gate("marts", [["marts", mart] for mart in MARTS], _warehouse)
report_gate = _gate("report", [["reports", "hiring_report"]], _report)
