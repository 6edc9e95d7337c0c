"""The gate after each stage: its Great Expectations suite as a blocking check on what the next step reads.

A check stops what lies downstream of its own asset, in later steps only; that is why the stages are steps.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import dagster as dg

from dagster_project.defs.report import MARTS, REPORTS
from dagster_project.defs.resources import Feed
from dagster_project.disclosure.rules import disclosure_rules
from dagster_project.publishing.dictionary import read_dictionary
from dagster_project.quality.engine.asset_check import SuiteScope, gx_asset_check
from dagster_project.quality.engine.session import ValidationSource, month_files, open_source
from dagster_project.quality.suites.pages import report_tables
from dagster_project.reports.claims.wording import month_name
from dagster_project.runs.dbt_project import models_in
from dagster_project.sources.contracts import TABLES
from dagster_project.sources.lake.accounting import data_age
from dagster_project.stages.disclose import disclosure_report, present_marts
from dagster_project.stages.ingest import held_months
from dagster_project.stages.report import CLAIM_FILES, PAGES, provided_fields, study_folder
from dagster_project.stages.revise import feed_name, read_compared, read_revisions
from dagster_project.storage.holds import parts_held_by_hand
from dagster_project.storage.plan import read_plan, reported_months
from dagster_project.storage.workspace import WORKER_ANNEX_FILES, WORKER_STUDY_FILES


def _planned_months(feed: Feed) -> list[str]:
    return [state.month for state in read_plan(feed.workspace)]


@contextmanager
def _raw(feed: Feed, context: dg.AssetCheckExecutionContext) -> Iterator[ValidationSource]:
    months = _planned_months(feed)
    files = {f"raw.{table}": month_files(feed.workspace.raw(table), months) for table in TABLES}
    with open_source(parquet=files) as source:
        yield source


@contextmanager
def _warehouse(feed: Feed, context: dg.AssetCheckExecutionContext) -> Iterator[ValidationSource]:
    with open_source(warehouse=feed.workspace.warehouse) as source:
        yield source


@contextmanager
def _predictions(feed: Feed, context: dg.AssetCheckExecutionContext) -> Iterator[ValidationSource]:
    files = month_files(feed.workspace.lake / "predictions", _planned_months(feed))
    with open_source(warehouse=feed.workspace.warehouse, parquet={"predictions.post_technologies": files}) as source:
        yield source


@contextmanager
def _report(feed: Feed, context: dg.AssetCheckExecutionContext) -> Iterator[ValidationSource]:
    """The last reports of the run and what may be released, beside the marts as the warehouse holds them now."""
    month = reported_months(feed.workspace)[-1]
    folder, study = feed.workspace.report(month), study_folder(feed.workspace, month)
    files = {name: folder / name for name in (*CLAIM_FILES, *PAGES)}
    files |= {name: study / name for name in (*WORKER_STUDY_FILES, *WORKER_ANNEX_FILES)} if study else {}
    texts = {name: file.read_text(encoding="utf-8") for name, file in files.items()}
    claims = {_page_of(name): json.loads(text) for name, text in texts.items() if name.endswith(".json")}
    pages = {name: text for name, text in texts.items() if not name.endswith(".json")}
    dictionary = read_dictionary()
    mapping = feed.settings.mapping
    rules = disclosure_rules(mapping.confidential)
    marts = present_marts(feed.workspace, dictionary, rules) | read_revisions(feed.workspace)
    held = held_months(feed.workspace, mapping)
    months = [month_name(name) for name in (month, *held)]
    age = data_age(feed.workspace)
    told = [*held.values(), *parts_held_by_hand(feed.workspace), age.sentence if age else ""]
    quoted = [mapping.title, mapping.name, *months, *told, *read_compared(feed.workspace)]
    frames = report_tables(claims, marts, pages, is_simulated=mapping.is_simulated, quoted=quoted)
    frames["report.disclosure"] = disclosure_report(
        feed.workspace, feed_name(mapping), dictionary, rules, context.log.info
    )
    with open_source(frames=frames) as source:
        yield source


def _page_of(claims_file: str) -> str:
    """`technology_spread_claims.json` -> `technology_spread`; the hiring report's own file is `claims.json`."""
    return claims_file.removesuffix("claims.json").rstrip("_") or Path(PAGES[0]).stem


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
    return SuiteScope(
        _planned_months(feed),
        provided_fields(feed.workspace, feed.settings.mapping),
        feed.workspace.data_docs,
        feed.settings.link,
    )


raw_gate = _gate("raw", [["raw", table] for table in TABLES], _raw)
staging_gate = _gate("staging", [["staging", model] for model in models_in("staging")], _warehouse)
predictions_gate = _gate("predictions", [["predictions", "post_technologies"]], _predictions)
marts_gate = _gate("marts", [["marts", mart] for mart in MARTS], _warehouse)
report_gate = _gate("report", [["reports", report] for report in REPORTS], _report)
