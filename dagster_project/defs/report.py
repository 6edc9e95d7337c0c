"""The reports of a requested month: the hiring report and the technology-spread study."""

from collections.abc import Iterator
from dataclasses import replace

import dagster as dg

from dagster_project.defs.resources import WAREHOUSE_POOL, Feed, monthly_freshness, monthly_partitions, patience
from dagster_project.disclosure.rules import disclosure_rules
from dagster_project.publishing.dictionary import read_dictionary
from dagster_project.stages.disclose import disclose_marts
from dagster_project.stages.ingest import held_months
from dagster_project.stages.report import run_context, write_index, write_reports, write_worker_studies
from dagster_project.stages.revise import compare_with_releases, feed_name
from dagster_project.storage.plan import reported_months
from dagster_project.storage.workspace import HIRING_REPORT_FILES, SPREAD_STUDY_FILES

MARTS = sorted(read_dictionary().primary_keys())
REPORTS = {
    "hiring_report": "The monthly hiring report: one self-contained HTML page and its Markdown twin, every sentence "
    "from one mart row.",
    "technology_spread": "The technology-spread study: how AI, cloud and RPA posts divide over the categories, one "
    "study period against another; a page and its annex, each with a Markdown twin.",
    "worker_study": "The worker study: a page and its annex for every wave, in the folder of its field month; nothing "
    "where the feed has no such study.",
}


@dg.multi_asset(
    name="reports",
    specs=[
        dg.AssetSpec(
            ["reports", report],
            deps=[["marts", mart] for mart in MARTS],
            description=description,
            group_name="report",
            owners=["team:research"],
            kinds={"html", "markdown"},
            freshness_policy=monthly_freshness,
        )
        for report, description in REPORTS.items()
    ],
    partitions_def=monthly_partitions,
    backfill_policy=dg.BackfillPolicy.single_run(),
    pool=WAREHOUSE_POOL,
)
def reports(context: dg.AssetExecutionContext, feed: Feed) -> Iterator[dg.MaterializeResult]:
    """Write the monthly pages of every requested month that is not held, and the page of every wave of the study."""
    workspace, mapping = feed.workspace, feed.settings.mapping
    held = held_months(workspace, mapping)
    dictionary = read_dictionary()
    with patience(context):
        marts = disclose_marts(
            workspace, feed_name(mapping), dictionary, disclosure_rules(mapping.confidential), context.log.info
        )
    revisions = compare_with_releases(workspace, feed_name(mapping), dictionary)
    marts |= revisions.frames()
    for month in (months := reported_months(feed.workspace)):
        run = replace(
            run_context(workspace, mapping, month, marts, held),
            compared_release_id=revisions.last_release_id,
            not_compared=revisions.remarks,
        )
        written = write_reports(feed.workspace, run, marts)
    pages = (HIRING_REPORT_FILES[0], SPREAD_STUDY_FILES[0])
    for name, page, report in zip(("hiring_report", "technology_spread"), pages, written, strict=True):
        yield dg.MaterializeResult(
            ["reports", name],
            metadata={
                "report": dg.MetadataValue.url(feed.settings.link(feed.workspace.report(months[-1]) / page)),
                "headlines": dg.MetadataValue.md("\n".join(f"- {line}" for line in report.headlines)),
                "claims": len(report.claims),
                "months": dg.MetadataValue.json(months),
            },
        )
    studies = write_worker_studies(feed.workspace, run_context(workspace, mapping, months[-1], marts, held), marts)
    write_index(workspace, mapping)
    claims = sum(len(report.claims) for report in studies.values())
    yield dg.MaterializeResult(
        ["reports", "worker_study"], metadata={"waves": dg.MetadataValue.json(list(studies)), "claims": claims}
    )
