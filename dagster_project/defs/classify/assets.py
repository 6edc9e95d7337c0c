"""Classifiers and what they say of the candidates. Training is a job of its own; the monthly job never trains."""

from collections.abc import Iterator

import dagster as dg

from dagster_project.defs.resources import WAREHOUSE_POOL, Feed
from dagster_project.partitions import monthly_partitions
from dagster_project.planning import read_plan
from dagster_project.predictions import predict_months
from ml.keywords import TECHNOLOGIES
from ml.labels import load_labels
from ml.train import train_champion


@dg.multi_asset(
    name="train_classifiers",
    specs=[
        dg.AssetSpec(
            ["models", f"{technology}_classifier"],
            description=f"Stored classifier of {technology} posts: a challenger takes over only when it is no worse.",
            group_name="models",
            owners=["team:research"],
            kinds={"scikitlearn"},
        )
        for technology in TECHNOLOGIES
    ],
)
def train_classifiers(context: dg.AssetExecutionContext, feed: Feed) -> Iterator[dg.MaterializeResult]:
    """Train a challenger of each technology on the shipped labels."""
    labels = load_labels()
    for technology in TECHNOLOGIES:
        card = train_champion(technology, labels, feed.home.models, feed.settings.seed)
        context.log.info(f"{technology}: {card.recipe} {card.model_version}, {card.promotion}")
        yield dg.MaterializeResult(
            ["models", f"{technology}_classifier"],
            metadata={
                "model_version": card.model_version,
                "recipe": card.recipe,
                "is_champion": card.is_champion,
                "promotion": card.promotion,
                "labels": dg.MetadataValue.json(card.labels),
                "held_out_scores": dg.MetadataValue.json(card.scores),
            },
        )


@dg.asset(
    key=["predictions", "post_technologies"],
    description="Probability and verdict of the stored classifiers for every candidate, model version in every row.",
    deps=[["staging", "stg_marketplace__candidates"], *(["models", f"{t}_classifier"] for t in TECHNOLOGIES)],
    group_name="predictions",
    owners=["team:research"],
    kinds={"scikitlearn", "parquet"},
    partitions_def=monthly_partitions,
    backfill_policy=dg.BackfillPolicy.single_run(),
    pool=WAREHOUSE_POOL,
)
def post_technologies(context: dg.AssetExecutionContext, feed: Feed) -> dg.MaterializeResult:
    """Score the plan's candidates."""
    months = [state.month for state in read_plan(feed.home)]
    counts = predict_months(feed.home, months, workers=feed.settings.workers, say=context.log.info)
    rows = [f"| {name} | {n['candidates']:,} | {n['accepted']:,} |" for name, n in counts.items()]
    table = "| technology | candidates | accepted |\n|---|---|---|\n" + "\n".join(rows)
    return dg.MaterializeResult(metadata={"months": len(months), "counts": dg.MetadataValue.md(table)})
