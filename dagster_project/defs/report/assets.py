"""The monthly hiring report, one page a requested month."""

import dagster as dg

from dagster_project.dbt_project import current_manifest
from dagster_project.defs.resources import WAREHOUSE_POOL, Feed
from dagster_project.intake import held_months
from dagster_project.partitions import monthly_partitions
from dagster_project.planning import reported_months
from dagster_project.publishing.dictionary import read_dictionary
from dagster_project.reporting import read_marts, run_context, write_report

MARTS = sorted(read_dictionary(current_manifest()).primary_keys())


@dg.asset(
    key=["reports", "hiring_report"],
    description=(
        "The monthly hiring report: one self-contained HTML page and its Markdown twin, "
        "every sentence from one mart row."
    ),
    deps=[["marts", mart] for mart in MARTS],
    group_name="reports",
    owners=["team:research"],
    kinds={"html", "markdown"},
    partitions_def=monthly_partitions,
    backfill_policy=dg.BackfillPolicy.single_run(),
    pool=WAREHOUSE_POOL,
)
def hiring_report(context: dg.AssetExecutionContext, feed: Feed) -> dg.MaterializeResult:
    """Write the report of every requested month that is not held."""
    settings = feed.settings
    held = held_months(settings)
    marts = read_marts(feed.home, read_dictionary(current_manifest()), context.log.info)
    for month in (months := reported_months(feed.home)):
        report = write_report(feed.home, run_context(settings, month, marts, held), marts)
    page = feed.home.report(months[-1]) / "hiring_report.html"
    return dg.MaterializeResult(
        metadata={
            "report": dg.MetadataValue.url(page.as_uri()),
            "headlines": dg.MetadataValue.md("\n".join(f"- {line}" for line in report.headlines)),
            "claims": len(report.claims),
            "months": dg.MetadataValue.json(months),
        }
    )
