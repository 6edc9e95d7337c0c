"""The frozen evaluation set: posts on which models are compared, with a hash of each so that it can never change
unnoticed.

`ml/labels/frozen_evaluation.json` holds the ids with the sha256 of each post's content, labels and guide version, and
one sha256 over all. Labels made later join the training or the held-out posts, never this set.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

FILE = "frozen_evaluation.json"
_SHOWN = 5


class FrozenSetError(ValueError):
    """The frozen evaluation set is absent or not what it was; the message names the file, the posts and what to do."""


@dataclass(frozen=True)
class FrozenSet:
    """post_id -> hash of the post as it was frozen; guide_versions: those by which the posts were labelled."""

    path: Path
    posts: dict[str, str]
    guide_versions: list[str]

    @property
    def sha256(self) -> str:
        """One hash over all posts."""
        return hashlib.sha256(json.dumps(self.posts, sort_keys=True).encode()).hexdigest()

    def write(self) -> None:
        """What `read` reads."""
        content = {"sha256": self.sha256, "guide_versions": self.guide_versions, "posts": self.posts}
        self.path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")

    def verify(self, labels: pd.DataFrame) -> None:
        """Raise FrozenSetError naming every post that is missing or differs; labels: frame of the hashed fields."""
        present = post_hashes(labels[labels["post_id"].isin(self.posts)])
        missing = sorted(self.posts.keys() - present.keys())
        changed = sorted(post for post, digest in present.items() if digest != self.posts[post])
        if missing or changed:
            found = [
                f"{len(ids)} {what} ({_some(ids)})" for what, ids in (("missing", missing), ("changed", changed)) if ids
            ]
            raise FrozenSetError(
                f"{self.path}: of the frozen evaluation posts, {' and '.join(found)}. Put their text, labels and "
                "second pass back as they were: models are comparable only on the same posts"
            )


def read(path: Path) -> FrozenSet:
    """Read the set; FrozenSetError where it is absent, unreadable or its own hash does not fit."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        frozen = FrozenSet(path, dict(stored["posts"]), list(stored["guide_versions"]))
        is_whole = stored["sha256"] == frozen.sha256
    except FileNotFoundError as error:
        raise FrozenSetError(
            f"{path}: no frozen evaluation set; write one by python -m ml.labels.labelled_posts"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise FrozenSetError(f"{path}: unreadable ({error!r}); take the file from the version control") from error
    if not is_whole:
        raise FrozenSetError(
            f"{path}: the list itself was changed, its sha256 differs; take it from the version control"
        )
    return frozen


def post_hashes(labels: pd.DataFrame) -> dict[str, str]:
    """post_id -> sha256 over all columns of its row."""
    rows = labels.assign(skills=labels["skills"].map(list)).to_dict("records")
    return {row["post_id"]: _digest(row) for row in rows}


def _digest(row: dict[Any, Any]) -> str:
    return hashlib.sha256(json.dumps(row, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _some(ids: list[str]) -> str:
    more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    return ", ".join(ids[:_SHOWN]) + more
