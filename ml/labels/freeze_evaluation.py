"""Freeze the posts held out today as the evaluation set, once: `python -m ml.labels.freeze_evaluation`."""

import json
from pathlib import Path

from ml.labels.frozen_set import FILE, FrozenSet, FrozenSetError, post_hashes
from ml.labels.labelled_posts import FROZEN_FIELDS, LABELS_DIR, is_held_out, read_both_passes


def freeze(directory: Path) -> FrozenSet:
    """Write the frozen set of a labels folder; FrozenSetError where there is one, because it never changes."""
    path = directory / FILE
    if path.exists():
        raise FrozenSetError(f"{path}: the evaluation set is frozen already and never changes")
    labels = read_both_passes(directory)
    held_out = labels.loc[labels["post_id"].map(is_held_out), FROZEN_FIELDS]
    frozen = FrozenSet(path, post_hashes(held_out), sorted(held_out["guide_version"].unique()))
    content = {"sha256": frozen.sha256, "guide_versions": frozen.guide_versions, "posts": frozen.posts}
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return frozen


if __name__ == "__main__":
    print(f"{len(freeze(LABELS_DIR).posts)} posts frozen in {LABELS_DIR / FILE}")
