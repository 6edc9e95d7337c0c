"""The release for BI and the verdict on the run."""

from collections.abc import Iterator

import dagster as dg

from dagster_project.defs.report import REPORTS
from dagster_project.defs.resources import WAREHOUSE_POOL, Feed, monthly_freshness, monthly_partitions, patience
from dagster_project.publishing.dictionary import read_dictionary
from dagster_project.stages.ingest import months_over_limit
from dagster_project.stages.release import publish_latest, release_month, write_run_summary
from dagster_project.stages.revise import feed_name
from dagster_project.storage.holds import months_held_by_hand
from dagster_project.storage.plan import reported_months


@dg.asset(
    key=["releases", "bi_release"],
    description=(
        "Immutable release: read-only DuckDB file, Parquet of the marts, "
        "data dictionary, report; `latest` points at it."
    ),
    deps=[["reports", report] for report in REPORTS],
    group_name="release",
    owners=["team:data-engineering"],
    kinds={"duckdb", "parquet"},
    freshness_policy=monthly_freshness,
    partitions_def=monthly_partitions,
    backfill_policy=dg.BackfillPolicy.single_run(),
    pool=WAREHOUSE_POOL,
)
def bi_release(context: dg.AssetExecutionContext, feed: Feed) -> dg.MaterializeResult:
    """Publish the marts with the report of the last requested month."""
    months = reported_months(feed.workspace)
    dictionary = read_dictionary()
    release = release_month(
        feed.workspace, feed_name(feed.settings.mapping), months[-1], dictionary, context.run.run_id
    )
    with patience(context):
        write_run_summary(feed.settings, months, release, _stage_seconds(context), context.log.info)
    return dg.MaterializeResult(
        metadata={
            "release_id": release.id,
            "month": months[-1],
            "folder": dg.MetadataValue.path(release.path),
            "rows": dg.MetadataValue.json({name: mart.row_count for name, mart in release.marts.items()}),
        }
    )


def _stage_seconds(context: dg.AssetExecutionContext) -> dict[str, float]:
    """Wall seconds of the run's finished steps, in the order they began."""
    steps = [s for s in context.instance.get_run_step_stats(context.run.run_id) if s.start_time and s.end_time]
    return {s.step_key: round(s.end_time - s.start_time, 1) for s in sorted(steps, key=lambda s: s.start_time)}


@dg.asset(
    key=["releases", "postgres_tables"],
    description="The tables of the latest release in Postgres, where HIRING_PULSE_PUBLISH_URL names a database.",
    deps=[bi_release],
    group_name="release",
    owners=["team:data-engineering"],
    kinds={"postgres"},
    partitions_def=monthly_partitions,
    backfill_policy=dg.BackfillPolicy.single_run(),
    output_required=False,
)
def postgres_tables(context: dg.AssetExecutionContext, feed: Feed) -> Iterator[dg.MaterializeResult]:
    """Copy the latest release, or say that no database is set."""
    if feed.settings.publish_url is None:
        context.log.info("HIRING_PULSE_PUBLISH_URL is not set: the release is copied to no database")
        return
    with patience(context):
        outcome = publish_latest(feed.settings)
    yield dg.MaterializeResult(metadata={"outcome": outcome})


@dg.asset(
    key=["releases", "months_held"],
    description=(
        "Fails when a month was held over its reject limit: what could be released is, and the run says what is "
        "missing. A month that people hold fails no run."
    ),
    deps=[bi_release],
    group_name="release",
    owners=["team:data-engineering"],
    partitions_def=monthly_partitions,
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def months_held(context: dg.AssetExecutionContext, feed: Feed) -> dg.MaterializeResult:
    """End the run failed, naming every month over its limit."""
    held = months_over_limit(feed.workspace, feed.settings.mapping)
    if held:
        raise dg.Failure("\n".join(held.values()), metadata={"months": list(held)}, allow_retries=False)
    by_hand = months_held_by_hand(feed.workspace)
    return dg.MaterializeResult(metadata={"months_held": len(by_hand), "held_by_hand": dg.MetadataValue.json(by_hand)})
