"""Train challengers: labels in, stored models and their cards out.

Models are trained once a data folder and used by every feed below it. A workspace that has labels of its own, or models
from before there were shared ones, trains models of its own.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock

from dagster_project.storage.workspace import Workspace
from ml.cards.model_card import ModelCard
from ml.features.keywords import TECHNOLOGIES
from ml.labels.labelled_posts import load_labels
from ml.labels.workspace_labels import with_workspace_labels
from ml.training.artifact import champion_version
from ml.training.train import train_champion

Log = Callable[[str], None]


def untrained(workspace: Workspace) -> list[str]:
    """Technologies for which this workspace finds no model, neither its own nor a shared one."""
    return [technology for technology in TECHNOLOGIES if champion_version(workspace.models, technology) is None]


def train_challengers(workspace: Workspace, seed: int, log: Log) -> Iterator[tuple[ModelCard, Path]]:
    """Train a challenger of each technology on the shipped labels and the workspace's own.

    Yields its card and the folder it is stored in, below which `champion.json` says whether it took over. Two feeds
    that train the shared models at a time wait for each other.
    """
    labels = with_workspace_labels(load_labels(), workspace.training_labels)
    folder = _folder_to_train(workspace)
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".training.lock"):
        for technology in TECHNOLOGIES:
            card = train_champion(technology, labels, folder, seed)
            log(f"{technology}: {card.recipe} {card.model_version}, {card.promotion}")
            yield card, folder / technology / card.model_version


def _folder_to_train(workspace: Workspace) -> Path:
    """Labels of its own give a workspace models of its own.

    They begin as a copy of the shared ones, so that the first challenger too has a champion to beat.
    """
    has_labels = any(workspace.training_labels.glob("*.jsonl"))
    if workspace.models == workspace.own_models or not has_labels:
        return workspace.models
    if workspace.shared_models.exists():
        copying = workspace.own_models.with_name(".models.copying")
        shutil.rmtree(copying, ignore_errors=True)
        shutil.rmtree(workspace.own_models, ignore_errors=True)
        shutil.copytree(workspace.shared_models, copying, ignore=shutil.ignore_patterns(".*"))
        copying.rename(workspace.own_models)
    return workspace.own_models
