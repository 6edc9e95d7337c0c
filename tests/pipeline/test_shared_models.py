"""Models are trained once and used by all feeds; a workspace with labels of its own trains models of its own."""

import json
import shutil
from pathlib import Path

import pytest

from dagster_project.stages import train as training
from dagster_project.stages.train import train_challengers, untrained
from dagster_project.storage.workspace import Workspace
from ml.cards.model_card import ModelCard
from ml.features.keywords import TECHNOLOGIES
from ml.labels.labelled_posts import load_labels
from ml.training.artifact import load_champion
from ml.training.champion import champion_version
from tests.support.champions import hold_a_short_contest

pytestmark = pytest.mark.slow  # trains three times on a fourteenth of the labels: some twenty seconds


@pytest.fixture(autouse=True)
def small_training(monkeypatch: pytest.MonkeyPatch) -> None:
    few = load_labels().iloc[::14].reset_index(drop=True)
    monkeypatch.setattr(training, "load_labels", lambda: few)
    hold_a_short_contest(monkeypatch)


def train(workspace: Workspace) -> dict[str, tuple[ModelCard, Path]]:
    return {card.technology: (card, folder) for card, folder in train_challengers(workspace, 7, lambda _: None)}


def versions(models: Path) -> dict[str, str | None]:
    return {technology: champion_version(models, technology) for technology in TECHNOLOGIES}


def label_a_post(workspace: Workspace) -> None:
    post = {"post_id": "own", "title": "UiPath robot for ledgers", "description": "", "skills": [], "category": "x"}
    labels = {"ai": 0, "cloud": 0, "rpa": 1} | {f"unsure_{technology}": 0 for technology in TECHNOLOGIES}
    workspace.training_labels.mkdir(parents=True)
    path = workspace.training_labels / "2025-11-001-abc.jsonl"
    path.write_text(json.dumps(post | {"stratum": "labelled by user"} | labels) + "\n", encoding="utf-8")


def test_what_one_feed_trains_another_uses_until_it_has_labels_of_its_own(tmp_path: Path) -> None:
    north, south = Workspace(tmp_path / "north"), Workspace(tmp_path / "south")
    assert untrained(north) == list(TECHNOLOGIES)
    train(north)
    shared = versions(south.models)
    assert untrained(south) == [] and not north.own_models.exists() and not south.own_models.exists()

    label_a_post(south)
    assert versions(south.models) == shared, "a label alone changes no model"
    card, folder = train(south)["rpa"]
    assert folder.is_relative_to(south.own_models) and south.models == south.own_models
    assert shared["rpa"] in card.promotion, "the first challenger was compared with the shared model"
    assert versions(south.own_models)["rpa"] == (card.model_version if card.is_champion else shared["rpa"])
    assert load_champion(south.models, "rpa")
    assert versions(north.models) == shared

    for technology in TECHNOLOGIES:
        (tmp_path / "models" / technology / "champion.json").unlink()
    assert untrained(south) == [] and untrained(north) == list(TECHNOLOGIES)


def test_a_workspace_that_has_models_of_its_own_trains_and_keeps_them(champions: Path, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "north")
    shutil.copytree(champions, workspace.own_models)
    assert workspace.models == workspace.own_models
    trained = train(workspace)
    assert all(folder.is_relative_to(workspace.own_models) for _, folder in trained.values())
    assert not workspace.shared_models.exists()
