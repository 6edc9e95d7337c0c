import json
from pathlib import Path

import pandas as pd
import pytest

from ml.labels.frozen_set import FILE, FrozenSetError, read
from ml.labels.labelled_posts import (
    FROZEN_FIELDS,
    GUIDE_VERSION,
    LABELS_DIR,
    freeze,
    is_held_out,
    load_labels,
    read_both_passes,
)

NO = {"ai": 0, "cloud": 0, "rpa": 0, "unsure_ai": 0, "unsure_cloud": 0, "unsure_rpa": 0}
POST = {"title": "t", "description": "", "skills": [], "category": "Legal", "stratum": "s", **NO}
HELD_OUT = [f"post-{number}" for number in range(40) if is_held_out(f"post-{number}")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Forty posts of which those held out are frozen."""
    write_posts(tmp_path, {})
    freeze(tmp_path)
    return tmp_path


def write_posts(folder: Path, changes: dict[str, dict], *, count: int = 40) -> None:
    (folder / "posts").mkdir(exist_ok=True)
    ids = [f"post-{number}" for number in range(count)]
    rows = [{"post_id": post_id, **POST, **changes.get(post_id, {})} for post_id in ids]
    (folder / "posts" / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))


def test_the_shipped_frozen_posts_are_held_out_and_none_is_trained_on() -> None:
    labels = load_labels()
    assert labels["is_frozen"].sum() == 612
    assert labels.loc[labels["is_frozen"], "is_held_out"].all()
    assert set(labels.loc[labels["is_frozen"], "guide_version"]) == {GUIDE_VERSION}


def test_the_guide_says_the_version_that_labels_are_given() -> None:
    assert (LABELS_DIR / "GUIDE.md").read_text().startswith(f"# Labelling guide, version {GUIDE_VERSION}\n")


def test_new_posts_join_training_and_held_out_posts_and_never_the_frozen_set(folder: Path) -> None:
    write_posts(folder, {}, count=400)
    labels = load_labels(folder)
    assert sorted(labels.loc[labels["is_frozen"], "post_id"]) == sorted(HELD_OUT)
    assert labels["is_held_out"].sum() > len(HELD_OUT)


@pytest.mark.parametrize(
    "change", [{"ai": 1}, {"description": "more"}, {"unsure_rpa": 1}, {"skills": ["x"]}, {"guide_version": "3"}]
)
def test_a_changed_frozen_post_is_named(folder: Path, change: dict) -> None:
    write_posts(folder, {HELD_OUT[1]: change})
    with pytest.raises(FrozenSetError, match=rf"1 changed \({HELD_OUT[1]}\)"):
        load_labels(folder)


def test_a_missing_frozen_post_is_named(folder: Path) -> None:
    write_posts(folder, {}, count=int(HELD_OUT[-1].split("-")[1]))
    with pytest.raises(FrozenSetError, match=rf"1 missing \({HELD_OUT[-1]}\)"):
        load_labels(folder)


def test_a_second_pass_that_changes_a_frozen_label_is_named(folder: Path) -> None:
    (folder / "second_pass").mkdir()
    (folder / "second_pass" / "1.jsonl").write_text(json.dumps({"post_id": HELD_OUT[0], **NO, "ai": 1}))
    with pytest.raises(FrozenSetError, match=rf"1 changed \({HELD_OUT[0]}\)"):
        load_labels(folder)


def test_a_changed_list_is_refused_although_its_posts_fit(folder: Path) -> None:
    stored = json.loads((folder / FILE).read_text())
    stored["posts"].pop(HELD_OUT[0])
    (folder / FILE).write_text(json.dumps(stored))
    with pytest.raises(FrozenSetError, match="the list itself was changed"):
        load_labels(folder)


def test_a_frozen_set_is_never_frozen_again_and_a_missing_one_says_how(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(FrozenSetError, match="never changes"):
        freeze(folder)
    (folder / FILE).unlink()
    with pytest.raises(FrozenSetError, match=r"python -m ml\.labels\.labelled_posts"):
        load_labels(folder)


def test_the_order_of_rows_does_not_matter(folder: Path) -> None:
    labels: pd.DataFrame = read_both_passes(folder)[FROZEN_FIELDS]
    read(folder / FILE).verify(labels.iloc[::-1])
