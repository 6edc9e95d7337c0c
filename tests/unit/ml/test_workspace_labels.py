"""A workspace's own training labels stand beside the shipped ones, in training alone."""

import json
from pathlib import Path

import pandas as pd
import pytest

from ml.features.keywords import TECHNOLOGIES
from ml.labels.labelled_posts import LabelError
from ml.labels.workspace_labels import WORKSPACE_SOURCE, load_training_labels, with_workspace_labels
from ml.training.train import train_champion

COUNT = 12


def own_post(number: int) -> dict[str, object]:
    labels = {"ai": 0, "cloud": 0, "rpa": number % 2}
    title = f"UiPath robot for ledger {number}" if number % 2 else f"Bake {number} cakes"
    text = {"title": title, "description": "", "skills": [], "category": "Admin Support", "stratum": "labelled by user"}
    return {"post_id": f"own {number}"} | text | labels | {f"unsure_{t}": 0 for t in TECHNOLOGIES}


def write(folder: Path, posts: list[dict[str, object]]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "2025-11-001-abc.jsonl").write_text("".join(json.dumps(post) + "\n" for post in posts))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "training_labels", [own_post(number) for number in range(COUNT)])


def test_own_labels_are_training_posts_whatever_the_hash_of_their_id(folder: Path, labels: pd.DataFrame) -> None:
    joined = with_workspace_labels(labels, folder)
    own = joined[joined["source"].eq(WORKSPACE_SOURCE)]
    assert len(own) == COUNT and not own["is_held_out"].any() and not own["is_frozen"].any()
    assert joined["is_held_out"].sum() == labels["is_held_out"].sum()
    assert joined["is_held_out"].dtype == bool and set(joined.columns) == {*labels.columns, "source"}


def test_a_workspace_without_labels_trains_on_the_shipped_ones(tmp_path: Path, labels: pd.DataFrame) -> None:
    assert load_training_labels(tmp_path / "none").empty
    assert len(with_workspace_labels(labels, tmp_path / "none")) == len(labels)


def test_a_post_that_is_among_the_shipped_labels_is_refused(folder: Path, labels: pd.DataFrame) -> None:
    write(folder, [own_post(1) | {"post_id": labels["post_id"].iloc[0]}])
    with pytest.raises(LabelError, match="are among the shipped labels"):
        with_workspace_labels(labels, folder)


def test_the_model_card_counts_own_labels_and_its_hash_covers_them(
    folder: Path, labels: pd.DataFrame, trained_models: Path, tmp_path: Path
) -> None:
    card = train_champion("rpa", with_workspace_labels(labels, folder), tmp_path / "models", seed=7)
    assert card.labels["sources"] == {WORKSPACE_SOURCE: COUNT, "shipped": len(labels)}
    assert card.labels["train"] == (~labels["is_held_out"]).sum() + COUNT
    (present,) = (json.loads(path.read_text()) for path in trained_models.glob("rpa/*/model_card.json"))
    assert card.data_hash != present["data_hash"]
    assert card.labels["frozen"] == present["labels"]["frozen"]
