"""Posts to label next. A job of its own: the monthly job asks nobody to label."""

import dagster as dg
from pydantic import Field

from dagster_project.defs.resources import WAREHOUSE_POOL, Feed, monthly_partitions
from dagster_project.stages.label import make_queue
from ml.labelling.design import DEFAULT_AUDIT_POSTS, DEFAULT_TRAINING_POSTS


class QueueSize(dg.Config):
    """How many posts of a month are asked for."""

    audit_posts: int = Field(DEFAULT_AUDIT_POSTS, gt=0, description="Expected size of the month's random sample.")
    training_posts: int = Field(DEFAULT_TRAINING_POSTS, ge=0, description="Posts that a model is least sure of.")


@dg.asset(
    key=["labelling", "labelling_queue"],
    description=(
        "Posts of a month to label next, for readers who see neither score nor purpose: a random sample with known "
        "inclusion probabilities for the audit, and the posts that a model is least sure of for training."
    ),
    deps=[["staging", "stg_marketplace__job_posts"], ["predictions", "post_technologies"]],
    group_name="label",
    owners=["team:research"],
    kinds={"csv", "parquet"},
    partitions_def=monthly_partitions,
    backfill_policy=dg.BackfillPolicy.single_run(),
    pool=WAREHOUSE_POOL,
)
def labelling_queue(context: dg.AssetExecutionContext, feed: Feed, config: QueueSize) -> dg.MaterializeResult:
    """Write a queue for every month of the run."""
    metadata: dict[str, dg.MetadataValue] = {}
    for month in context.partition_keys:
        made = make_queue(
            feed.workspace,
            month,
            audit_posts=config.audit_posts,
            training_posts=config.training_posts,
            seed=feed.settings.seed,
            log=context.log.info,
        )
        context.log.info(f"{month}: {made.asked} posts to label in {made.folder}")
        for warning in made.warnings:
            context.log.warning(warning)
        metadata[f"{month} folder"] = dg.MetadataValue.path(made.folder)
        metadata[f"{month} posts"] = dg.MetadataValue.json(made.asked | {"labelled before": made.labelled_before})
        metadata[f"{month} strata"] = dg.MetadataValue.json(made.strata.to_dict("records"))
    return dg.MaterializeResult(metadata=metadata)
