"""Train challengers: labels in, stored models and their cards out.

Models are trained once a data folder and used by every feed below it. A workspace that has labels of its own, or models
from before there were shared ones, trains models of its own.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
from filelock import FileLock

from dagster_project.storage import warehouse
from dagster_project.storage.workspace import Workspace
from ml.cards.model_card import ModelCard
from ml.features.keywords import TECHNOLOGIES
from ml.labels.labelled_posts import load_labels, with_workspace_labels
from ml.processes import in_processes
from ml.training.artifact import load_champion
from ml.training.champion import champion_version
from ml.training.train import train_champion
from ml.training.training_set import with_sure_posts

Log = Callable[[str], None]


def untrained(workspace: Workspace) -> list[str]:
    """Technologies for which this workspace finds no model, neither its own nor a shared one."""
    return [technology for technology in TECHNOLOGIES if champion_version(workspace.models, technology) is None]


def train_challengers(
    workspace: Workspace, seed: int, log: Log, *, workers: int = 1, learn_from_feed: bool = False
) -> Iterator[tuple[ModelCard, Path]]:
    """Train a challenger of each technology on the shipped labels and the workspace's own; with learn_from_feed also on
    the candidates that the model in use is sure of. workers: processes, a technology each.

    Yields its card and the folder it is stored in, below which `champion.json` says whether it took over. Two feeds
    that train the shared models at a time wait for each other.
    """
    labels = with_workspace_labels(load_labels(), workspace.training_labels)
    folder = _folder_to_train(workspace, has_own=learn_from_feed or any(workspace.training_labels.glob("*.jsonl")))
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".training.lock"):
        taught = {
            technology: _with_own_posts(workspace, technology, labels, log) if learn_from_feed else labels
            for technology in TECHNOLOGIES
        }
        tasks = [(train_champion, (technology, own, folder, seed)) for technology, own in taught.items()]
        for card in in_processes(tasks, min(workers, len(tasks))):
            log(f"{card.technology}: {card.recipe} {card.model_version}, {card.promotion}")
            yield card, folder / card.technology / card.model_version


def _with_own_posts(workspace: Workspace, technology: str, labels: pd.DataFrame, log: Log) -> pd.DataFrame:
    """The candidates in an order that has nothing to do with their months, so that the first are a sample of all."""
    with warehouse.connect(workspace.warehouse, log=log) as connection:
        feed = connection.execute(
            "select post_id, title, coalesce(description, '') as description, coalesce(skills, []) as skills "
            "from staging.stg_marketplace__candidates where technology = ? order by md5(post_id), post_id",
            [technology],
        ).df()
    taught = with_sure_posts(labels, feed, load_champion(workspace.models, technology))
    log(f"{technology}: of {len(feed)} candidates {len(taught) - len(labels)} that the model is sure of teach")
    return taught


def _folder_to_train(workspace: Workspace, has_own: bool) -> Path:
    """Labels or posts of its own give a workspace models of its own.

    They begin as a copy of the shared ones, so that the first challenger too has a champion to beat.
    """
    if workspace.models == workspace.own_models or not has_own:
        return workspace.models
    if workspace.shared_models.exists():
        copying = workspace.own_models.with_name(".models.copying")
        shutil.rmtree(copying, ignore_errors=True)
        shutil.rmtree(workspace.own_models, ignore_errors=True)
        shutil.copytree(workspace.shared_models, copying, ignore=shutil.ignore_patterns(".*"))
        copying.rename(workspace.own_models)
    return workspace.own_models
