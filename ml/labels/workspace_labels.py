"""Labels of a workspace's own posts, used in training beside the shipped ones."""

from pathlib import Path

import pandas as pd

from ml.features.keywords import TECHNOLOGIES
from ml.labels.labelled_posts import LabelError, load_posts

WORKSPACE_SOURCE, SHIPPED_SOURCE = "labelled by user", "shipped"


def load_training_labels(folder: Path) -> pd.DataFrame:
    """Accepted training labels of a workspace in the columns of `load_labels`, and `source`; empty without any.

    They are training posts whatever the hash of their id: evaluation stays on the shipped posts. Raises LabelError as
    `load_posts`.
    """
    if not any(folder.glob("*.jsonl")):
        return pd.DataFrame()
    posts = load_posts(folder)
    second = {f"{technology}_second": pd.array([pd.NA] * len(posts), dtype="Int64") for technology in TECHNOLOGIES}
    return posts.assign(**second, pass_count=1, is_held_out=False, is_frozen=False, source=WORKSPACE_SOURCE)


def with_workspace_labels(shipped: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """The shipped labels and the workspace's, told apart by `source`; LabelError where one post is in both."""
    own = load_training_labels(folder)
    labels = shipped.assign(source=SHIPPED_SOURCE)
    if own.empty:
        return labels
    if both := sorted(set(own["post_id"]) & set(labels["post_id"])):
        raise LabelError(f"{folder}: posts {both[:5]} are among the shipped labels; remove their lines")
    return pd.concat([labels, own], ignore_index=True)
