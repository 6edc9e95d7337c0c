import json
from pathlib import Path

import pandas as pd
import pytest

from ml.features.keywords import TECHNOLOGIES
from ml.labels.labelled_posts import (
    LABELS_DIR,
    WORKSPACE_SOURCE,
    LabelError,
    agreement,
    data_hash,
    is_held_out,
    load_labels,
    load_posts,
    load_second_pass,
    load_training_labels,
    merge_passes,
    read_both_passes,
    with_workspace_labels,
)
from ml.training.train import train_champion

POST = {"title": "t", "description": "", "skills": [], "category": "Legal", "stratum": "s"}
NO = {"ai": 0, "cloud": 0, "rpa": 0, "unsure_ai": 0, "unsure_cloud": 0, "unsure_rpa": 0}


def write(folder: Path, *rows: dict) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "a.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    return folder


def post(post_id: str, **changes) -> dict:
    return {"post_id": post_id, **POST, **NO, **changes}


def test_the_shipped_labels_are_valid_and_know_both_classes_of_each_technology() -> None:
    labels = load_labels()
    assert labels["post_id"].is_unique
    assert all(labels[technology].nunique() == 2 for technology in ("ai", "cloud", "rpa"))


def test_posts_in_other_languages_are_measured_and_never_learned_from() -> None:
    posts = read_both_passes(LABELS_DIR / "other_languages")
    assert posts["post_id"].str[:2].value_counts().to_dict() == {"de": 200, "es": 200, "fr": 200, "pt": 200}
    assert posts["pass_count"].eq(2).all() and not posts["title"].duplicated().any()
    assert all(posts.groupby(posts["post_id"].str[:2])[technology].sum().min() >= 20 for technology in TECHNOLOGIES)
    assert not set(posts["post_id"]) & set(load_labels()["post_id"])


def test_posts_of_three_writers_are_kept_for_measuring_alone() -> None:
    posts = read_both_passes(LABELS_DIR / "kept_unseen")
    by_writer = posts.groupby(posts["post_id"].str[0])
    assert by_writer.size().to_dict() == {"u": 395, "v": 398, "y": 257}
    positives = by_writer[[*TECHNOLOGIES]].sum()
    assert positives.loc[["u", "v"]].min().min() >= 25 and positives.loc["y"].min() >= 16
    learned = load_labels()
    assert not set(posts["post_id"]) & set(learned["post_id"])
    assert not set(posts["title"].str.lower()) & set(learned["title"].str.lower()), "no title teaches what it tests"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ai": 2}, "ai: 2 must be 0 or 1"),
        ({"title": " "}, "title: empty"),
        ({"skills": "x"}, "skills: 'x' must"),
    ],
)
def test_a_bad_field_is_named_with_file_and_line(tmp_path: Path, changes: dict, message: str) -> None:
    with pytest.raises(LabelError, match=rf"a\.jsonl, line 2, {message}"):
        load_posts(write(tmp_path / "posts", post("p1"), post("p2", **changes)))


def test_a_post_labelled_twice_in_one_pass_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="p1"):
        load_posts(write(tmp_path / "posts", post("p1"), post("p1")))


def test_a_second_label_of_an_unknown_post_is_refused(tmp_path: Path) -> None:
    first = load_posts(write(tmp_path / "posts", post("p1")))
    second = load_second_pass(write(tmp_path / "second", {"post_id": "zz", **NO}))
    with pytest.raises(LabelError, match="zz"):
        merge_passes(first, second)


def test_passes_that_disagree_keep_the_first_label_and_mark_the_post_unsure(tmp_path: Path) -> None:
    first = load_posts(write(tmp_path / "posts", post("p1", ai=1), post("p2")))
    second = load_second_pass(write(tmp_path / "second", {"post_id": "p1", **NO}))
    merged = merge_passes(first, second).set_index("post_id")
    assert merged.loc["p1", ["ai", "unsure_ai", "unsure_rpa", "pass_count"]].tolist() == [1, 1, 0, 2]
    assert merged.loc["p2", ["ai", "unsure_ai", "pass_count"]].tolist() == [0, 0, 1]


def test_kappa_is_one_for_equal_passes_and_near_zero_for_opposite_halves() -> None:
    first = pd.DataFrame([post(f"p{i}", ai=i % 2) for i in range(8)])
    same, half = first.copy(), first.assign(ai=[0, 0, 0, 0, 1, 1, 1, 1])
    assert agreement(first, same).query("technology == 'ai' and posts == 'all'")["kappa"].item() == 1.0
    assert agreement(first, half).query("technology == 'ai' and posts == 'all'")["kappa"].item() == 0.0


def test_a_quarter_is_held_out_and_new_posts_move_nobody() -> None:
    ids = [f"post-{number}" for number in range(2_000)]
    share = sum(map(is_held_out, ids)) / len(ids)
    assert 0.22 < share < 0.28
    assert [is_held_out(i) for i in ids[:50]] == [is_held_out(i) for i in ids][:50]


def test_the_data_hash_ignores_order_and_sees_one_changed_label() -> None:
    frame = pd.DataFrame([post("p1"), post("p2")])
    assert data_hash(frame) == data_hash(frame.iloc[::-1])
    assert data_hash(frame) != data_hash(frame.assign(rpa=[0, 1]))


COUNT = 12


def own_post(number: int) -> dict:
    title = f"UiPath robot for ledger {number}" if number % 2 else f"Bake {number} cakes"
    return post(f"own {number}", title=title, rpa=number % 2, stratum=WORKSPACE_SOURCE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "training_labels", *map(own_post, range(COUNT)))


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
    write(folder, own_post(1) | {"post_id": labels["post_id"].iloc[0]})
    with pytest.raises(LabelError, match="are among the shipped labels"):
        with_workspace_labels(labels, folder)


@pytest.mark.slow
def test_the_model_card_counts_own_labels_and_its_hash_covers_them(
    folder: Path, labels: pd.DataFrame, trained_models: Path, tmp_path: Path
) -> None:
    card = train_champion("rpa", with_workspace_labels(labels, folder), tmp_path / "models", seed=7)
    assert card.labels["sources"] == {WORKSPACE_SOURCE: COUNT, "shipped": len(labels)}
    assert card.labels["train"] == (~labels["is_held_out"]).sum() + COUNT
    (present,) = (json.loads(path.read_text()) for path in trained_models.glob("rpa/*/model_card.json"))
    assert card.data_hash != present["data_hash"]
    assert card.labels["frozen"] == present["labels"]["frozen"]
