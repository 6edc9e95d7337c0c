"""Classifiers and what they say of the candidates. Training is a job of its own; the monthly job never trains."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import Field

from dagster_project.defs.resources import WAREHOUSE_POOL, Feed, monthly_partitions, patience
from dagster_project.stages.classify import predict_months
from dagster_project.stages.train import train_challengers
from dagster_project.storage.plan import read_plan
from ml.cards.model_card import ModelCard
from ml.features.keywords import TECHNOLOGIES


class Teaching(dg.Config):
    """What the challengers learn from beside labels."""

    learn_from_feed: bool = Field(
        default=False, description="Whether candidates that the model in use is sure of teach too."
    )


@dg.multi_asset(
    name="train_classifiers",
    specs=[
        dg.AssetSpec(
            ["models", f"{technology}_classifier"],
            description=f"Stored classifier of {technology} posts: a challenger takes over only when it is no worse.",
            group_name="train",
            owners=["team:research"],
            kinds={"scikitlearn"},
        )
        for technology in TECHNOLOGIES
    ],
    check_specs=[
        dg.AssetCheckSpec(
            "promotion_gate",
            asset=["models", f"{technology}_classifier"],
            description="The challenger was no worse than the model in use on posts held out.",
        )
        for technology in TECHNOLOGIES
    ],
)
def train_classifiers(
    context: dg.AssetExecutionContext, feed: Feed, config: Teaching
) -> Iterator[dg.MaterializeResult]:
    """Train a challenger of each technology on the shipped labels and the workspace's own."""
    settings = feed.settings
    for card, folder in train_challengers(
        feed.workspace,
        settings.seed,
        context.log.info,
        workers=settings.workers,
        learn_from_feed=config.learn_from_feed,
    ):
        key = ["models", f"{card.technology}_classifier"]
        yield dg.MaterializeResult(key, metadata=_training_metadata(card, folder), check_results=[_gate(card)])


def _training_metadata(card: ModelCard, folder: Path) -> dict[str, Any]:
    return {
        "model_version": card.model_version,
        "recipe": card.recipe,
        "is_champion": card.is_champion,
        "promotion": card.promotion,
        "decision": dg.MetadataValue.json(card.decision),
        "labels": dg.MetadataValue.json(card.labels),
        "frozen_scores": dg.MetadataValue.json(card.scores),
        "model_card": dg.MetadataValue.path(folder / "model_card.html"),
    }


def _gate(card: ModelCard) -> dg.AssetCheckResult:
    """A refused challenger is no failure of the run: the model in use stays."""
    return dg.AssetCheckResult(
        asset_key=["models", f"{card.technology}_classifier"],
        check_name="promotion_gate",
        passed=card.is_champion,
        severity=dg.AssetCheckSeverity.WARN,
        description=card.promotion,
        metadata={"model_version": card.model_version, "decision": dg.MetadataValue.json(card.decision)},
    )


@dg.asset(
    key=["predictions", "post_technologies"],
    description="Probability and verdict of the stored classifiers for every candidate, model version in every row.",
    deps=[["staging", "stg_marketplace__candidates"], *(["models", f"{t}_classifier"] for t in TECHNOLOGIES)],
    group_name="classify",
    owners=["team:research"],
    kinds={"scikitlearn", "parquet"},
    partitions_def=monthly_partitions,
    backfill_policy=dg.BackfillPolicy.single_run(),
    pool=WAREHOUSE_POOL,
)
def post_technologies(context: dg.AssetExecutionContext, feed: Feed) -> dg.MaterializeResult:
    """Score the plan's candidates."""
    months = [state.month for state in read_plan(feed.workspace)]
    with patience(context):
        counts = predict_months(feed.workspace, months, workers=feed.settings.workers, log=context.log.info)
    rows = [f"| {name} | {n['candidates']:,} | {n['accepted']:,} |" for name, n in counts.items()]
    table = "| technology | candidates | accepted |\n|---|---|---|\n" + "\n".join(rows)
    return dg.MaterializeResult(metadata={"months": len(months), "counts": dg.MetadataValue.md(table)})
