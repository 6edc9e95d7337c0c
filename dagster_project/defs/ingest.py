"""Raw inputs: what the source reader brought into the lake."""

from collections.abc import Iterator

import dagster as dg

from dagster_project.defs.resources import Feed, monthly_freshness, monthly_partitions, patience
from dagster_project.sources.contracts import TABLES
from dagster_project.sources.lake.accounting import source_summary
from dagster_project.stages.ingest import Intake, load_everything, take_in

DESCRIPTIONS = {
    "job_posts": (
        "Job posts as read from the feed's files: accepted rows by month, rejected rows beside them with the reason."
    ),
    "pulse_answers": "Answers of the business pulse survey, a wave a month.",
    "audit_labels": "Posts of a random sample that a reader labelled, with the probability that each was drawn.",
    "contracts": "Contracts by month of their start: state, what was paid, and the post that they came from.",
    "talent_searches": "What clients searched for: a count a month and term, or one row a search.",
    "quoted_constants": "Figures that reports quote from others, with unit, source and as-of date.",
    "study_respondents": "Respondents of the worker study by wave, eligible or not.",
    "study_answers": "Answers of the worker study, one row an answer of a respondent to a question.",
    "study_margins": "What part of each group's population a country, generation or gender is, for the worker study.",
}


@dg.multi_asset(
    name="ingest",
    specs=[
        dg.AssetSpec(
            ["raw", name],
            description=DESCRIPTIONS[name],
            group_name="ingest",
            owners=["team:data-engineering"],
            kinds={"parquet"},
            freshness_policy=monthly_freshness,
        )
        for name in TABLES
    ],
    partitions_def=monthly_partitions,
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def ingest(context: dg.AssetExecutionContext, feed: Feed) -> Iterator[dg.MaterializeResult]:
    """Read new files, hold months over their reject limit, write the run's plan."""
    with patience(context):
        intake = take_in(feed.settings, list(context.partition_keys), context.log.info, context.log.warning)
    for reason in intake.held.values():
        context.log.error(reason)
    summary = source_summary(feed.workspace)
    for name in TABLES:
        yield dg.MaterializeResult(["raw", name], metadata=_metadata(intake, summary[name]))


LAKE_BOOKS = [
    dg.AssetSpec(
        ["lake", "loads"], group_name="ingest", description="Accepted and rejected rows of each load and month."
    ),
    dg.AssetSpec(
        ["lake", "left_out"], group_name="ingest", description="Loads and categories that a month leaves out."
    ),
]
"""Files that the step writes beside its tables and dbt reads."""


class NewFiles(dg.Config):
    """Uris of the files that came; all that is new in the feed is read."""

    uris: list[str]


@dg.op(description="Read what is new in the feed into the lake, where the runs of the months that it touches find it.")
def read_new_files(context: dg.OpExecutionContext, feed: Feed, config: NewFiles) -> None:
    """Read the feed; the files that the sensor saw are told."""
    context.log.info(f"new or changed: {', '.join(config.uris)}")
    with patience(context):
        loaded = load_everything(feed.settings, context.log.info, context.log.warning)
    context.log.info(
        f"{len(loaded.loads)} files read, {loaded.accepted:,} rows accepted, {loaded.rejected:,} rejected; "
        f"months: {', '.join(loaded.touched_months) or 'none'}"
    )


def _metadata(intake: Intake, counts: dict) -> dict[str, dg.MetadataValue]:
    rows = "\n".join(
        f"| {month} | {row['rows_read']:,} | {row['accepted']:,} | {row['rejected']:,} |"
        for month, row in list(counts["by_month"].items())[-24:]
    )
    table = f"| month | read | accepted | rejected |\n|---|---|---|---|\n{rows}"
    return {
        "rows_read": dg.MetadataValue.int(counts["rows_read"]),
        "rows_accepted": dg.MetadataValue.int(counts["accepted"]),
        "rows_rejected": dg.MetadataValue.int(counts["rejected"]),
        "reject_reasons": dg.MetadataValue.json(counts["by_reason"]),
        "months_to_build": dg.MetadataValue.int(len(intake.plan)),
        "months_held": dg.MetadataValue.json(intake.held),
        "last_months": dg.MetadataValue.md(table),
    }
